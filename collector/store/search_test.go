package store

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/askwell/askwell/collector/survey"
	"github.com/askwell/askwell/collector/words"
)

const choiceWithOther = `{"id": "how", "type": "single_choice", "title": "H", "choices": [{"id": "a", "label": "A"}, {"id": "else", "label": "B", "other": true}]}`

// said is an answer in the visitor's own words.
func said(text string) func(*Response) {
	return func(r *Response) { answers(text)(r); r.Verbatim = true }
}

// saying is a response to survey s that says something.
func saying(n int, text string) Response {
	return response("shop", "s", n, said(fmt.Sprintf(`{"why":%s}`, must(json.Marshal(text)))))
}

// searched opens a database with a published survey that asks for words.
func searched(t *testing.T, path string) *Store {
	t.Helper()
	s := openAt(t, path)
	publishSearched(t, s, "shop")
	return s
}

func publishSearched(t *testing.T, s *Store, site string) {
	t.Helper()
	must(s.PutSite(t.Context(), survey.Site{ID: site, Name: "Shop", Origins: []string{"https://shop.example"}}, 0))
	must(s.SaveDraft(t.Context(), site, definition(t, "s", why, choiceWithOther, `{"id": "mail", "type": "email", "title": "M", "consent": "Yes"}`), 0))
	must(s.Publish(t.Context(), site, "s", 0, now))
}

// indexAll does what upkeep does, until there is no more.
func indexAll(t *testing.T, s *Store) {
	t.Helper()
	for more := true; more; {
		more = must(s.IndexSome(t.Context(), 7))
	}
}

// find follows the cursors of a search to the end, and returns the numbers of what it found.
func find(t *testing.T, s *Store, q string, limit int) (found []int) {
	t.Helper()
	for _, r := range findOn(t, s, "shop", q, limit) {
		var n int
		must(fmt.Sscanf(r.ID[24:], "%d", &n))
		found = append(found, n)
	}
	return found
}

func findOn(t *testing.T, s *Store, site, q string, limit int) (found []Response) {
	t.Helper()
	query := must(words.Parse(q))
	for cursor := ""; ; {
		some, next, err := s.Search(t.Context(), site, "s", query, cursor, limit)
		if err != nil {
			t.Fatal(err)
		}
		if len(some) > limit {
			t.Fatalf("a page has %d responses, at most %d were asked for", len(some), limit)
		}
		found = append(found, some...)
		if cursor = next; cursor == "" {
			return found
		}
	}
}

// wantSound reports what verify finds.
func wantSound(t *testing.T, s *Store) {
	t.Helper()
	var out strings.Builder
	if problems, err := Verify(t.Context(), strings.TrimSuffix(s.lock.Path(), ".lock"), &out, nil); problems > 0 || err != nil {
		t.Errorf("%v: %s", err, out.String())
	}
}

var languages = []string{
	1:  "Zażółć gęślą jaźń, ale wysyłka była powolna",
	2:  "Die Größe passt nicht, die Straße stimmt",
	3:  "İstanbul'da kargo çok yavaş, ışık yok",
	4:  "手机壳的质量很好，可是送货太慢",
	5:  "サーバーが遅い。商品は良い",
	6:  "학교에서 배송이 느려요",
	7:  "ส่งช้ามาก แต่ของดี",
	8:  "التوصيل بطيء والأسعار مرتفعة",
	9:  "डिलीवरी बहुत धीमी थी",
	10: "Slow delivery, but great.Thanks 👍🏽",
}

func TestSearchFindsWordsInManyLanguages(t *testing.T) {
	path := filepath.Join(t.TempDir(), "askwell.db")
	s := searched(t, path)
	for n, text := range languages {
		if n > 0 {
			save(t, s, saying(n, text))
		}
	}
	check := func(t *testing.T) {
		for q, want := range map[string][]int{
			"zazolc": {1}, "WYSYŁKA": {1}, "powoln*": {1}, "powoln": nil, "grosse": {2}, "GRÖSSE": {2}, "strasse": {2}, "istanbul": {3}, "ISIK": {3}, "yavas": {3},
			"质量": {4}, "质": {4}, "很好": {4}, "太慢": {4}, "量很": {4}, "好很": nil, "手机壳 太慢": {4}, "サーバー": {5}, "遅い": {5}, "遅": {5}, "ｻｰﾊﾞｰ": {5}, "商品": {5},
			"배송": {6}, "학교": {6}, "느려요": {6}, "ช้า": {7}, "ของดี": {7}, "بطيء": {8}, "مرتفعه": {8}, "धीमी": {9}, "slow": {10}, "thanks": {10}, "👍": {10},
			`"slow delivery"`: {10}, `"delivery slow"`: nil, "delivery slow": {10}, "slow nothing": nil,
		} {
			if diff := cmp.Diff(want, find(t, s, q, 10)); diff != "" {
				t.Errorf("%s: %s", q, diff)
			}
		}
	}
	t.Run("before they are indexed", check)
	indexAll(t, s)
	if n := count(t, s, "to_index") + count(t, s, "to_index_before"); n != 0 {
		t.Fatalf("%d are not indexed", n)
	}
	t.Run("from the index", check)
	wantSound(t, s)
}

func count(t *testing.T, s *Store, table string) (n int) {
	t.Helper()
	if err := s.read.QueryRowContext(t.Context(), "SELECT COUNT(*) FROM "+table).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestSearchLooksAtVerbatimsAlone(t *testing.T) {
	s := searched(t, filepath.Join(t.TempDir(), "askwell.db"))
	save(t, s, response("shop", "s", 1, said(`{"how":"else","how.other":"slow boat","mail":"slow@a.example","mail.consent":true}`)),
		response("shop", "s", 2, answers(`{"how":"a","mail":"slow@a.example","mail.consent":true}`)))
	for range 2 {
		if got := find(t, s, "slow boat", 5); len(got) != 1 || len(find(t, s, "example", 5))+len(find(t, s, "else", 5)) > 0 {
			t.Errorf("found %v", got)
		}
		indexAll(t, s)
	}
	if n := count(t, s, "search"); n != 1 {
		t.Errorf("%d are indexed", n)
	}
}

func TestSearchStaysInItsSurvey(t *testing.T) {
	s := searched(t, filepath.Join(t.TempDir(), "askwell.db"))
	publishSearched(t, s, "blog")
	on := saying(1, "slow")
	on.Site = "blog"
	save(t, s, on, saying(2, "slow"))
	for range 2 {
		if diff := cmp.Diff([]int{2}, find(t, s, "slow", 5)); diff != "" || len(findOn(t, s, "blog", "slow", 5)) != 1 {
			t.Error(diff)
		}
		indexAll(t, s)
	}
}

func TestLaterSnapshotReplacesWords(t *testing.T) {
	s := searched(t, filepath.Join(t.TempDir(), "askwell.db"))
	send := func(seq int, change func(*Response)) {
		save(t, s, response("shop", "s", 1, func(r *Response) { change(r); r.Seq = seq }))
	}
	check := func(name, has, hasNot string) {
		t.Helper()
		for _, state := range []string{"before", "after"} {
			if has != "" && len(find(t, s, has, 5)) != 1 {
				t.Errorf("%s, %s it is indexed: %q is not found", name, state, has)
			}
			if len(find(t, s, hasNot, 5)) != 0 {
				t.Errorf("%s, %s it is indexed: %q is found", name, state, hasNot)
			}
			wantSound(t, s)
			indexAll(t, s)
		}
	}
	send(1, said(`{"why":"slow"}`))
	check("first", "slow", "quick")
	send(3, said(`{"why":"quick"}`))
	check("another", "quick", "slow")
	send(2, said(`{"why":"slow"}`))
	check("an older one that comes late", "quick", "slow")
	send(4, said(`{"nps":9,"why":"quick"}`))
	check("the same words", "quick", "slow")
	send(5, answers(`{"nps":9}`))
	check("none", "", "quick")
	if count(t, s, "search")+count(t, s, "indexed") != 0 {
		t.Error("it is still indexed")
	}
}

func TestCrashBetweenCommitAndIndexLosesNothing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "askwell.db")
	s := searched(t, path)
	save(t, s, saying(1, "slow"), saying(2, "slow"))
	must(s.IndexSome(t.Context(), 1))
	// As a crash leaves it: the file and its log, without what closing does.
	copied := filepath.Join(t.TempDir(), "askwell.db")
	for _, suffix := range []string{"", "-wal"} {
		copyFile(t, path+suffix, copied+suffix)
	}
	s.Close()
	s = openAt(t, copied)
	if got := count(t, s, "to_index"); got != 1 {
		t.Errorf("%d are on the list", got)
	}
	indexAll(t, s)
	if count(t, s, "search") != 2 || len(find(t, s, "slow", 5)) != 2 {
		t.Error("not all are indexed")
	}
	wantSound(t, s)
}

func TestForgottenWordsAreInNoFile(t *testing.T) {
	for name, forget := range map[string]func(t *testing.T, s *Store){
		"erased":  func(t *testing.T, s *Store) { must(s.Erase(t.Context(), "shop", Person{User: "u-42"}, now)) },
		"deleted": func(t *testing.T, s *Store) { must(s.DeleteBefore(t.Context(), "shop", now)) },
		"replaced": func(t *testing.T, s *Store) {
			for n := range 40 {
				r := saying(1000+n, "nothing")
				r.Seq = 2
				save(t, s, r)
			}
		},
	} {
		for _, indexed := range []bool{true, false} {
			t.Run(fmt.Sprint(name, ", indexed ", indexed), func(t *testing.T) {
				s := searched(t, filepath.Join(t.TempDir(), "askwell.db"))
				var secrets []string
				for n := range 500 { // so that the index has many pages, and the words lie among others
					save(t, s, saying(n, fmt.Sprintf("word%d and some more text%d", n, n*7)))
					if n%50 == 0 && n < 2000 {
						for i := range 4 {
							secret := fmt.Sprintf("zxq%dv%dk", n, i)
							secrets = append(secrets, secret)
							save(t, s, response("shop", "s", 1000+n/50*4+i, func(r *Response) {
								said(fmt.Sprintf(`{"why":"word%d %s and 手机"}`, n, secret))(r)
								r.User, r.At = "u-42", now.Add(-time.Hour)
							}))
						}
					}
					if indexed && n%20 == 0 {
						indexAll(t, s)
					}
				}
				if indexed {
					indexAll(t, s)
				}
				if found := find(t, s, "zxq*", 7); len(found) != len(secrets) || !inFiles(t, s, secrets[3]) {
					t.Fatalf("found %v", found)
				}
				forget(t, s)
				if indexed {
					indexAll(t, s)
				}
				must(0, s.Checkpoint(t.Context()))
				for _, secret := range secrets {
					if inFiles(t, s, secret) || inFiles(t, s, secret[3:]) {
						t.Errorf("%s is still in a file", secret)
					}
				}
				if found := find(t, s, "zxq*", 7); len(found) > 0 {
					t.Errorf("found %v", found)
				}
				wantSound(t, s)
				indexAll(t, s)
				if n, more := count(t, s, "search"), count(t, s, "indexed"); n != more || n != 500+map[string]int{"replaced": 40}[name] {
					t.Errorf("%d words of %d responses", n, more)
				}
			})
		}
	}
}

// A database of the release before has no search: everything in it is found at once, and indexed later.
func TestOlderDatabaseIsIndexedInTheBackground(t *testing.T) {
	path := filepath.Join(t.TempDir(), "askwell.db")
	s := searched(t, path)
	const total = 2*searchPiece + 50
	var batch []Response
	for n := range total {
		r := saying(n, []string{"slow", "quick"}[n%2])
		r.At = now.Add(time.Duration(n/9) * time.Second)
		batch = append(batch, r)
	}
	save(t, s, batch...)
	s.Close()
	change(t, path, "DROP TABLE search", "DROP TABLE indexed", "DROP TABLE to_index", "DROP TABLE to_index_before", "DELETE FROM goose_db_version WHERE version_id >= 5")
	s = openAt(t, path)
	if count(t, s, "to_index_before") != 1 {
		t.Fatal("nothing is to be indexed")
	}
	newer := saying(total, "slow")
	newer.At = now.Add(time.Hour)
	save(t, s, newer)
	want := find(t, s, "slow", 100)
	if len(want) != total/2+1 || want[0] != total {
		t.Fatalf("found %d, want %d", len(want), total/2+1)
	}
	for more := true; more; {
		more = must(s.IndexSome(t.Context(), 300))
		if diff := cmp.Diff(want, find(t, s, "slow", 77)); diff != "" {
			t.Fatal(diff)
		}
		wantSound(t, s)
	}
	if count(t, s, "to_index_before") != 0 || count(t, s, "search") != total+1 {
		t.Error("not all are indexed")
	}
}

// Whatever is said, sent again, erased and indexed, in whatever order: a search finds what a look at
// each response finds, in the same order.
func TestSearchEqualsALookAtEachResponse(t *testing.T) {
	s := openAt(t, filepath.Join(t.TempDir(), "askwell.db"))
	run := 0
	word := rapid.SampledFrom([]string{"slow", "Slow.", "quick", "ŻÓŁĆ", "zolc", "手", "机", "手机", "壳手机", "slowly", "ß", "ss", "👍", "AND", "\"", "*", "ดี", "ー", "バー"})
	text := rapid.Custom(func(t *rapid.T) string {
		return strings.Join(rapid.SliceOfN(word, 0, 6).Draw(t, "words"), rapid.SampledFrom([]string{" ", " ", "", "、"}).Draw(t, "between"))
	})
	rapid.Check(t, func(rt *rapid.T) {
		run++
		site := fmt.Sprint("site", run)
		publishSearched(t, s, site)
		stored := map[string]Response{}
		rt.Repeat(map[string]func(*rapid.T){
			"send": func(rt *rapid.T) {
				var batch []Response
				for range rapid.IntRange(1, 8).Draw(rt, "batch") {
					r := response(site, "s", rapid.IntRange(1, 30).Draw(rt, "id"), func(r *Response) {
						r.Seq, r.User = rapid.IntRange(1, 4).Draw(rt, "seq"), rapid.SampledFrom([]string{"u1", "u2", "u3"}).Draw(rt, "user")
						r.At = now.Add(time.Duration(rapid.IntRange(0, 3).Draw(rt, "at")) * time.Millisecond)
						said := map[string]string{"how": "else"}
						for _, key := range []string{"why", "how.other"} {
							if written := text.Draw(rt, key); written != "" {
								said[key], r.Verbatim = written, true
							}
						}
						r.Answers = must(json.Marshal(said))
					})
					batch = append(batch, r)
				}
				for i, saved := range s.SaveResponses(t.Context(), batch) {
					if r := batch[i]; saved.Err == nil && r.Seq > stored[r.ID].Seq {
						if old, known := stored[r.ID]; known {
							r.At = old.At
						}
						stored[r.ID] = r
					}
				}
			},
			"index": func(rt *rapid.T) { must(s.IndexSome(t.Context(), rapid.IntRange(1, 5).Draw(rt, "most"))) },
			"erase": func(rt *rapid.T) {
				user := rapid.SampledFrom([]string{"u1", "u2", "u3"}).Draw(rt, "user")
				must(s.Erase(t.Context(), site, Person{User: user}, now))
				maps.DeleteFunc(stored, func(_ string, r Response) bool { return r.User == user })
			},
			"search": func(rt *rapid.T) {
				q, err := words.Parse(text.Draw(rt, "query"))
				if err != nil {
					rt.Skip(err)
				}
				var want []string
				for _, r := range stored {
					texts, err := textsOf([]string{"why", "how.other"}, r.Answers)
					if err != nil {
						rt.Fatal(err)
					}
					if q.Match(texts...) {
						want = append(want, placeOf(r).cursor())
					}
				}
				slices.Sort(want)
				slices.Reverse(want)
				limit := rapid.IntRange(1, 5).Draw(rt, "limit")
				var got []string
				for cursor := ""; ; {
					some, next, err := s.Search(t.Context(), site, "s", q, cursor, limit)
					if err != nil {
						rt.Fatal(err)
					}
					for _, r := range some {
						got = append(got, Cursor(r))
					}
					if cursor = next; cursor == "" {
						break
					}
				}
				if diff := cmp.Diff(want, got); diff != "" {
					rt.Fatalf("%v: %s", q, diff)
				}
			},
		})
	})
	wantSound(t, s)
}

func TestSearchRefusesACursorThatIsNone(t *testing.T) {
	s := searched(t, filepath.Join(t.TempDir(), "askwell.db"))
	_, _, err := s.Search(t.Context(), "shop", "s", must(words.Parse("a")), "x", 5)
	wantCode(t, "a cursor", err, survey.Invalid)
}

// Whatever is typed reaches FTS5 as words in quotes, or not at all.
func FuzzSearch(f *testing.F) {
	s, err := Open(f.Context(), filepath.Join(f.TempDir(), "askwell.db"))
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { s.Close() })
	for _, seed := range []string{"a", `a" OR "b`, "NEAR(a b, 2)", "words:a", "^a", "-a", "a*", `"a" *`, "{a}: b", "'; DROP TABLE search", "手", "a\x00b", "𠮷\u0301", "👍*", "\ufffd\ufdd0", `"" AND`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		q, err := words.Parse(text)
		if err != nil {
			return
		}
		if _, _, err := s.Search(t.Context(), "shop", "s", q, "", 5); err != nil {
			t.Fatalf("%q: %v", text, err)
		}
	})
}

func TestBackupHasTheIndex(t *testing.T) {
	dir := t.TempDir()
	s := searched(t, filepath.Join(dir, "askwell.db"))
	one := saying(1, "slow zxqerased")
	one.User = "u-42"
	save(t, s, one, saying(2, "slow"))
	indexAll(t, s)
	save(t, s, saying(3, "slow")) // on the list
	must(Backup(t.Context(), filepath.Join(dir, "askwell.db"), filepath.Join(dir, "backup.db")))
	must(s.Erase(t.Context(), "shop", Person{User: "u-42"}, now))
	s.Close()
	if r := must(Restore(t.Context(), filepath.Join(dir, "backup.db"), filepath.Join(dir, "askwell.db"), now)); r.ErasedAgain != 1 {
		t.Errorf("got %+v", r)
	}
	if strings.Contains(string(must(os.ReadFile(filepath.Join(dir, "askwell.db")))), "zxqerased") {
		t.Error("erased words are back in the file")
	}
	s = openAt(t, filepath.Join(dir, "askwell.db"))
	if diff := cmp.Diff([]int{3, 2}, find(t, s, "slow", 1)); diff != "" {
		t.Error(diff)
	}
	wantSound(t, s)
}
