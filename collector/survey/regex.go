package survey

import (
	"fmt"
	"regexp"
	"regexp/syntax"
	"slices"
	"strconv"
	"strings"
)

// The regular expressions that a definition may hold are those that JavaScript (where they run) and
// RE2 read alike, and that JavaScript is done with soon on whatever URL a visitor was led to: it
// backtracks, and (a+)+$ takes it longer than anyone lives. Go's own parser cannot tell the second: it
// makes [ab] of a|b, where JavaScript tries one after the other.

const (
	longestText = 2000 // characters that are matched: what is longer is cut on the page
	// mostSteps of backtracking are some 20 ms of V8: two repetitions that can take each other's
	// characters, or one in an expression that may begin anywhere. A third is a thousand times more.
	mostSteps = 25e6
)

// checkRegex says what is wrong with an expression, or "".
func checkRegex(expression string) string {
	p := regexParser{rest: []rune(expression)}
	root := p.alternatives()
	if p.wrong == "" && len(p.rest) > 0 { // a ) without its (
		p.wrong = "is not a regular expression: unexpected )"
	}
	if p.wrong != "" {
		return p.wrong
	}
	if _, err := syntax.Parse(expression, syntax.Perl); err != nil {
		return fmt.Sprintf("is not a regular expression: %s", strings.TrimPrefix(err.Error(), "error parsing regexp: "))
	}
	steps, _ := root.cost(charSet{})
	if !root.anchored() {
		steps *= longestText
	}
	if !(steps <= mostSteps) { // NaN too
		return "can take a browser too long on a crafted text: begin it with ^, or write fewer repetitions (* + ? {}) that could take each other's characters"
	}
	return ""
}

// charSet holds ASCII by itself, and all else as one.
type charSet [129]bool

func (s *charSet) add(from, to rune) {
	for r := from; r <= min(to, 128); r++ {
		s[r] = true
	}
	if to >= 128 {
		s[128] = true
	}
}

func (s charSet) or(other charSet) charSet {
	for i := range s {
		s[i] = s[i] || other[i]
	}
	return s
}

func (s charSet) meets(other charSet) bool {
	for i := range s {
		if s[i] && other[i] {
			return true
		}
	}
	return false
}

// regexNode is one of: a character (set), an assertion, a sequence, alternatives, a repetition of its one part.
type regexNode struct {
	kind     byte // 'c', '^', '$', 'b', 's' sequence, '|', '*'
	set      charSet
	parts    []regexNode
	min, max int // max < 0: without end

	literal bool // one character: V8 compares four at once
}

// first is what a match of n can begin with, and whether it can be empty.
func (n regexNode) first() (set charSet, empty bool) {
	switch n.kind {
	case 'c':
		return n.set, false
	case 's':
		return firstOf(n.parts, charSet{})
	case '|':
		for _, part := range n.parts {
			s, e := part.first()
			set, empty = set.or(s), empty || e
		}
		return set, empty
	case '*':
		set, empty = n.parts[0].first()
		return set, empty || n.min == 0
	}
	return set, true
}

// firstOf is first of a sequence, with what follows it where it can be empty.
func firstOf(parts []regexNode, follow charSet) (set charSet, empty bool) {
	for _, part := range parts {
		s, e := part.first()
		if set = set.or(s); !e {
			return set, false
		}
		if part.kind == '$' { // what comes after takes no character
			return set, true
		}
	}
	return set.or(follow), true
}

// tries is how many characters are compared where what comes next begins with none of them.
func tries(parts []regexNode) (n float64) {
	for _, part := range parts {
		switch part.kind {
		case 's', '*':
			n += tries(part.parts)
		case '|':
			for _, branch := range part.parts {
				n += tries([]regexNode{branch})
			}
		default:
			n++
		}
		if _, empty := part.first(); !empty {
			break
		}
	}
	return max(1, n)
}

func (n regexNode) anchored() bool {
	switch n.kind {
	case '^':
		return true
	case 's':
		return len(n.parts) > 0 && n.parts[0].anchored()
	case '|':
		return !slices.ContainsFunc(n.parts, func(part regexNode) bool { return !part.anchored() })
	}
	return false
}

// cost bounds, for a match that begins at one place, the steps of trying everything, and the ways in
// which it can succeed: all that comes after is tried with each. follow is what can come next. A
// choice that the next character decides is one way.
func (n regexNode) cost(follow charSet) (steps, ways float64) {
	switch n.kind {
	case 's':
		steps, ways = 1, 1
		for i, part := range n.parts {
			rest := n.parts[i+1:]
			next, _ := firstOf(rest, follow)
			s, w := part.cost(next)
			steps, ways = steps+ways*s*tries(rest), ways*w
		}
		return steps, ways
	case '|':
		var seen charSet
		decided, empties, most := true, 0, 0.0
		for _, part := range n.parts {
			set, empty := firstOf([]regexNode{part}, follow)
			if empty {
				empties++
			}
			decided, seen = decided && !set.meets(seen), seen.or(set)
			s, w := part.cost(follow)
			steps, ways, most = steps+s, ways+w, max(most, w)
		}
		if empties > 1 { // as in (|), which is tried anew wherever something before it gives up
			return tooMany, tooMany
		}
		if decided {
			ways = most
		}
		return steps, ways
	case '*':
		return n.repetition(follow)
	}
	if n.literal {
		return 0.25, 1
	}
	return 1, 1
}

const tooMany = 2 * mostSteps

func (n regexNode) repetition(follow charSet) (steps, ways float64) {
	body := n.parts[0]
	begins, empty := body.first()
	again := follow
	if n.max != 1 {
		again = follow.or(begins)
	}
	steps, inside := body.cost(again)
	most := float64(n.max)
	if n.max < 0 {
		most = longestText
	}
	switch {
	case empty || n.max < 0 && inside > 1: // (a*)*: each round doubles the ways
		return tooMany, tooMany
	case inside > 1:
		ways, power := 0.0, 1.0
		for i := range n.max + 1 {
			if i >= n.min {
				ways += power
			}
			power *= inside
		}
		return steps * power, ways
	case n.max < 0: // each round goes on where the one before ended
		steps += longestText
	default:
		steps *= most
	}
	if !begins.meets(follow) {
		return steps, 1
	}
	return steps, most - float64(n.min) + 1
}

// regexParser reads what both languages read alike, and says of all else what it is.
type regexParser struct {
	rest  []rune
	wrong string
}

func (p *regexParser) fail(format string, args ...any) {
	if p.wrong == "" {
		p.wrong = fmt.Sprintf(format, args...)
	}
	p.rest = nil
}

// notAlike refuses what the two languages read each in its way.
func (p *regexParser) notAlike(what, instead string) {
	p.fail("has %s, which JavaScript and RE2 do not read alike; %s", what, instead)
}

func (p *regexParser) next(s string) bool {
	if strings.HasPrefix(string(p.rest[:min(len(p.rest), len(s))]), s) {
		p.rest = p.rest[len(s):]
		return true
	}
	return false
}

func (p *regexParser) alternatives() regexNode {
	all := []regexNode{p.sequence()}
	for p.next("|") {
		all = append(all, p.sequence())
	}
	if len(all) == 1 {
		return all[0]
	}
	return regexNode{kind: '|', parts: all}
}

func (p *regexParser) sequence() regexNode {
	n := regexNode{kind: 's'}
	for len(p.rest) > 0 && p.rest[0] != '|' && p.rest[0] != ')' {
		n.parts = append(n.parts, p.quantified(p.atom()))
	}
	return n
}

func (p *regexParser) atom() regexNode {
	r := p.rest[0]
	p.rest = p.rest[1:]
	var set charSet
	single := false
	switch r {
	case '^', '$':
		return regexNode{kind: byte(r)}
	case '(':
		if !p.next("?:") && len(p.rest) > 0 && p.rest[0] == '?' {
			p.notAlike("a group (?…) that is no (?:…)", "of groups, only (…) and (?:…) are")
		}
		n := p.alternatives()
		if !p.next(")") {
			p.fail("is not a regular expression: missing )")
		}
		return regexNode{kind: 's', parts: []regexNode{n}}
	case '[':
		return regexNode{kind: 'c', set: p.class()}
	case '.':
		set.add(0, 128)
		set['\n'] = false
	case '*', '+', '?':
		p.fail("is not a regular expression: nothing to repeat before %c", r)
	case '{', '}':
		p.notAlike(fmt.Sprintf("a %c that is no repetition", r), fmt.Sprintf(`write \%c`, r))
	case '\\':
		if p.next("b") || p.next("B") {
			return regexNode{kind: 'b'}
		}
		set, _, single = p.escape()
	default:
		p.literal(r)
		set.add(r, r)
		single = true
	}
	return regexNode{kind: 'c', set: set, literal: single}
}

// literal refuses characters that are two to JavaScript.
func (p *regexParser) literal(r rune) {
	if r > 0xFFFF {
		p.notAlike(fmt.Sprintf("%c", r), "leave such characters out")
	}
}

// quantified reads the repetition after something, if there is one.
func (p *regexParser) quantified(n regexNode) regexNode {
	least, most := 0, -1
	switch {
	case p.next("*"):
	case p.next("+"):
		least = 1
	case p.next("?"):
		most = 1
	case len(p.rest) > 0 && p.rest[0] == '{':
		counts := braces.FindStringSubmatch(string(p.rest))
		if counts == nil {
			return n // the next atom says what is wrong
		}
		p.rest = p.rest[len(counts[0]):]
		least, _ = strconv.Atoi(counts[1])
		switch counts[2] {
		case "":
			most = least
		case ",":
		default:
			most, _ = strconv.Atoi(counts[2][1:])
		}
	default:
		return n
	}
	if n.kind != 'c' && n.kind != 's' {
		p.notAlike("a repetition of ^, $, \\b or \\B", "they match no character, once is enough")
	}
	p.next("?") // lazy: what is tried first changes, not what there is to try
	return regexNode{kind: '*', parts: []regexNode{n}, min: least, max: most}
}

var braces = regexp.MustCompile(`^\{(\d{1,4})(,\d{0,4})?\}`)

// class reads what stands in [ ].
func (p *regexParser) class() (set charSet) {
	negated := p.next("^")
	if len(p.rest) > 0 && p.rest[0] == ']' {
		p.notAlike("a ] right after [ or [^", `write \]`)
	}
	for len(p.rest) > 0 && p.rest[0] != ']' {
		one, from, single := p.classAtom()
		if len(p.rest) < 2 || p.rest[0] != '-' || p.rest[1] == ']' {
			set = set.or(one)
			continue
		}
		p.rest = p.rest[1:]
		_, to, ends := p.classAtom()
		if !single || !ends {
			p.notAlike("a range of sets in [ ]", `write a - as \-`)
			break
		}
		if to < from {
			p.fail("is not a regular expression: a range in [ ] ends before it begins")
		}
		set.add(from, to)
	}
	if !p.next("]") {
		p.fail("is not a regular expression: missing ]")
	}
	if negated {
		wide := set[128]
		for i := range set {
			set[i] = !set[i]
		}
		set[128] = set[128] || wide // of all the others hardly all are in it
	}
	return set
}

// classAtom reads a character, or a set such as \d, in [ ].
func (p *regexParser) classAtom() (set charSet, r rune, single bool) {
	r = p.rest[0]
	p.rest = p.rest[1:]
	switch r {
	case '\\':
		return p.escape()
	case '[':
		p.notAlike("a [ in [ ]", `write \[`)
	}
	p.literal(r)
	set.add(r, r)
	return set, r, true
}

var controls = map[rune]rune{'n': '\n', 'r': '\r', 't': '\t', 'f': '\f', 'v': '\v'}

// escape reads what stands after a backslash: a set, or one character.
func (p *regexParser) escape() (set charSet, r rune, single bool) {
	if len(p.rest) == 0 {
		p.fail(`is not a regular expression: it ends with \`)
		return set, 0, true
	}
	e := p.rest[0]
	p.rest = p.rest[1:]
	switch {
	case e == 'd' || e == 'D' || e == 'w' || e == 'W':
		set.add('0', '9')
		if e == 'w' || e == 'W' {
			set.add('A', 'Z')
			set.add('a', 'z')
			set.add('_', '_')
		}
		if e == 'D' || e == 'W' {
			for i := range set {
				set[i] = !set[i]
			}
		}
		return set, 0, false
	case e == 'x' && len(p.rest) >= 2 && isHex(p.rest[0]) && isHex(p.rest[1]):
		code, _ := strconv.ParseInt(string(p.rest[:2]), 16, 32)
		r = rune(code)
		p.rest = p.rest[2:]
	case controls[e] != 0:
		r = controls[e]
	case e == 's' || e == 'S':
		p.notAlike(`\`+string(e), "write the blanks that you mean, as [ ]")
	case e > 127 || e >= '0' && e <= '9' || e >= 'A' && e <= 'Z' || e >= 'a' && e <= 'z':
		p.notAlike(`\`+string(e), `of letters, only \d \D \w \W \b \B \n \r \t \f \v and \x with two digits are escapes`)
	default:
		r = e // punctuation stands for itself
	}
	set.add(r, r)
	return set, r, true
}

func isHex(r rune) bool { return strings.ContainsRune("0123456789abcdefABCDEF", r) }
