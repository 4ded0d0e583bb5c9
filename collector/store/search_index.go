package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/askwell/askwell/collector/survey"
	"github.com/askwell/askwell/collector/words"
)

// The words of verbatims are indexed after the commit that stores them. That commit only notes the
// responses (to_index); IndexSome, which upkeep runs, takes them from there. Cutting a text into words
// is done before its transaction, because ingest waits for that.

// toIndex are the responses of a batch, by site, whose words have to be indexed: some have verbatims;
// others are a later snapshot without one, of responses that may be indexed with what they had.
type toIndex struct{ said, perhaps map[string][]string }

func (t *toIndex) add(r *Response) {
	to := &t.said
	if !r.Verbatim {
		if to = &t.perhaps; r.Seq == 1 {
			return
		}
	}
	if *to == nil {
		*to = map[string][]string{}
	}
	(*to)[r.Site] = append((*to)[r.Site], r.ID)
}

// save notes them all in one statement a site, and not in one a response: that is 2 µs for each, on top
// of the 15 to 20 that SaveResponses takes in a large batch.
func (t *toIndex) save(ctx context.Context, said, perhaps *sql.Stmt) error {
	for stmt, bySite := range map[*sql.Stmt]map[string][]string{said: t.said, perhaps: t.perhaps} {
		for site, ids := range bySite {
			list, err := json.Marshal(ids)
			if err != nil {
				return err
			}
			if _, err := stmt.ExecContext(ctx, site, string(list)); err != nil {
				return err
			}
		}
	}
	return nil
}

// noteSaid and notePerhaps read when a response was born from where it is stored: a later snapshot
// does not change that.
const (
	noteSaid = `INSERT INTO to_index(site_id, survey_id, at, id)
		SELECT r.site_id, r.survey_id, r.at, r.id FROM json_each($2) ids CROSS JOIN responses r ON r.site_id = $1 AND r.id = ids.value
		WHERE true ON CONFLICT(site_id, survey_id, at, id) DO NOTHING`
	notePerhaps = `INSERT INTO to_index(site_id, survey_id, at, id)
		SELECT d.site_id, d.survey_id, d.at, d.id FROM json_each($2) ids CROSS JOIN indexed d ON d.site_id = $1 AND d.id = ids.value
		WHERE true ON CONFLICT(site_id, survey_id, at, id) DO NOTHING`
)

// unread is a response whose words are to be indexed; words is what is to be found of it.
type unread struct {
	site, survey string
	at           int64
	id           string
	version, seq int // 0: it is not there any more
	answers      string
	words        string
}

// IndexSome indexes the words of at most so many responses, and says whether there are more: first
// those that were noted, then those that were there before there was an index, the newest first.
func (s *Store) IndexSome(ctx context.Context, most int) (more bool, err error) {
	noted, err := s.unreadResponses(ctx, `SELECT t.site_id, t.survey_id, t.at, t.id, COALESCE(r.version, 0), COALESCE(r.seq, 0), COALESCE(r.answers, '{}')
		FROM (SELECT * FROM to_index LIMIT $1) t LEFT JOIN responses r USING (site_id, survey_id, at, id)`, most)
	if err != nil {
		return false, err
	}
	if len(noted) > 0 {
		return true, s.transact(ctx, func(tx *sql.Tx) error { return index(ctx, tx, noted) })
	}
	var site, surveyID, id string
	var at int64
	err = s.read.QueryRowContext(ctx, "SELECT site_id, survey_id, at, id FROM to_index_before LIMIT 1").Scan(&site, &surveyID, &at, &id)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	older, err := s.unreadResponses(ctx, `SELECT site_id, survey_id, at, id, version, seq, answers FROM responses
		WHERE site_id = $1 AND survey_id = $2 AND (at, id) < ($3, $4) ORDER BY at DESC, id DESC LIMIT $5`, site, surveyID, at, id, most)
	if err != nil {
		return false, err
	}
	return true, s.transact(ctx, func(tx *sql.Tx) error {
		if err := index(ctx, tx, older); err != nil {
			return err
		}
		if len(older) < most {
			_, err := tx.ExecContext(ctx, "DELETE FROM to_index_before WHERE site_id = $1 AND survey_id = $2", site, surveyID)
			return err
		}
		last := older[most-1]
		_, err := tx.ExecContext(ctx, "UPDATE to_index_before SET at = $3, id = $4 WHERE site_id = $1 AND survey_id = $2", site, surveyID, last.at, last.id)
		return err
	})
}

// ToIndex is how many responses are on the list of what is to be indexed.
func (s *Store) ToIndex(ctx context.Context) (n int, err error) {
	err = s.read.QueryRowContext(ctx, "SELECT COUNT(*) FROM to_index").Scan(&n)
	return n, err
}

// unreadResponses reads responses with their words.
func (s *Store) unreadResponses(ctx context.Context, query string, args ...any) (list []unread, err error) {
	err = each(ctx, s.read, func(scan func(...any) error) error {
		var r unread
		if err := scan(&r.site, &r.survey, &r.at, &r.id, &r.version, &r.seq, &r.answers); err != nil {
			return err
		}
		list = append(list, r)
		return nil
	}, query, args...)
	if err != nil {
		return nil, err
	}
	for i := range list {
		r := &list[i]
		texts, err := s.texts(ctx, versionKey{r.site, r.survey, r.version}, []byte(r.answers))
		if err != nil {
			return nil, err
		}
		r.words = searchable(surveyMark(r.site, r.survey), texts)
	}
	return list, nil
}

// texts are the verbatims among answers to a version, each as its words.
func (s *Store) texts(ctx context.Context, of versionKey, answers []byte) ([][]string, error) {
	keys, err := s.verbatims(ctx, of)
	if err != nil {
		return nil, err
	}
	return textsOf(keys, answers)
}

func textsOf(keys []string, answers []byte) (texts [][]string, err error) {
	if len(keys) == 0 || len(answers) <= len("{}") {
		return nil, nil
	}
	var all map[string]json.RawMessage
	if err := json.Unmarshal(answers, &all); err != nil {
		return nil, err
	}
	for _, key := range keys {
		var text string
		if json.Unmarshal(all[key], &text) != nil {
			continue // not answered
		}
		if cut := words.Words(text); len(cut) > 0 {
			texts = append(texts, cut)
		}
	}
	return texts, nil
}

// verbatims are the keys of a version's verbatims. What is published never changes: it is read once.
func (s *Store) verbatims(ctx context.Context, k versionKey) ([]string, error) {
	if keys, known := s.verbatimKeys.Load(k); known {
		return keys.([]string), nil
	}
	var doc string
	err := s.read.QueryRowContext(ctx, "SELECT doc FROM versions WHERE site_id = $1 AND survey_id = $2 AND version = $3", k.site, k.survey, k.version).Scan(&doc)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var d survey.Definition
	if err := json.Unmarshal([]byte(doc), &d); err != nil {
		return nil, fmt.Errorf("version %d of survey %s/%s: %w", k.version, k.site, k.survey, err)
	}
	keys := d.Verbatims()
	s.verbatimKeys.Store(k, keys)
	return keys, nil
}

// surveyMark stands before each word, so that a search reads the places of a word in its own survey
// alone, the newest first, however often others have it. Two surveys may share one: that costs time,
// and each hit is looked at again. Always three letters or digits: a word is stored with it each time.
func surveyMark(site, surveyID string) string {
	sum := sha256.Sum256([]byte(site + "/" + surveyID))
	mark := strconv.FormatUint(binary.BigEndian.Uint64(sum[:])%(36*36*36), 36)
	return strings.Repeat("0", 3-len(mark)) + mark
}

// searchable is what FTS5 is given. A mark without a word keeps phrases from reaching from one text
// into the next.
func searchable(mark string, texts [][]string) string {
	var b strings.Builder
	for i, text := range texts {
		if i > 0 {
			b.WriteString(" " + mark)
		}
		for _, word := range text {
			if b.Len() > 0 {
				b.WriteByte(' ')
			}
			b.WriteString(mark)
			b.WriteString(word)
		}
	}
	return b.String()
}

// index brings the index to what was read, and takes what was read off the list. What was sent again
// in between is left for the next time: it is on the list, or has no words.
func index(ctx context.Context, tx *sql.Tx, list []unread) error {
	x, err := newIndexer(ctx, tx)
	if err != nil {
		return err
	}
	for i := range list {
		r := &list[i]
		var seq int
		err := x.now.QueryRowContext(ctx, r.site, r.survey, r.at, r.id).Scan(&seq)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		if seq != r.seq {
			continue
		}
		if err := x.put(ctx, r); err != nil {
			return err
		}
		if _, err := x.done.ExecContext(ctx, r.site, r.survey, r.at, r.id); err != nil {
			return err
		}
	}
	return nil
}

// indexer changes the index in one transaction.
type indexer struct{ now, find, words, insert, addDoc, update, setSeq, delete, dropDoc, done *sql.Stmt }

// newIndexer prepares its statements; they end with the transaction.
func newIndexer(ctx context.Context, tx *sql.Tx) (*indexer, error) {
	x := &indexer{}
	for stmt, query := range map[**sql.Stmt]string{
		&x.now:    "SELECT seq FROM responses WHERE site_id = $1 AND survey_id = $2 AND at = $3 AND id = $4",
		&x.find:   "SELECT doc FROM indexed WHERE site_id = $1 AND id = $2",
		&x.words:  "SELECT words FROM search WHERE rowid = $1",
		&x.insert: "INSERT INTO search(rowid, words) VALUES($1, $2)",
		&x.addDoc: "INSERT INTO indexed(doc, site_id, survey_id, at, id, seq) VALUES($1, $2, $3, $4, $5, $6) ON CONFLICT(doc) DO NOTHING",
		&x.update: "UPDATE search SET words = $2 WHERE rowid = $1",
		&x.setSeq: "UPDATE indexed SET seq = $2 WHERE doc = $1",
		&x.delete: "DELETE FROM search WHERE rowid = $1", &x.dropDoc: "DELETE FROM indexed WHERE doc = $1",
		&x.done: "DELETE FROM to_index WHERE site_id = $1 AND survey_id = $2 AND at = $3 AND id = $4",
	} {
		var err error
		if *stmt, err = tx.PrepareContext(ctx, query); err != nil {
			return nil, err
		}
	}
	return x, nil
}

func (x *indexer) put(ctx context.Context, r *unread) error {
	var doc int64
	err := x.find.QueryRowContext(ctx, r.site, r.id).Scan(&doc)
	switch known := err == nil; {
	case err != nil && !errors.Is(err, sql.ErrNoRows):
		return err
	case r.words == "" && known:
		return x.drop(ctx, doc)
	case r.words == "":
		return nil
	case !known:
		return x.add(ctx, r)
	}
	var before string
	if err := x.words.QueryRowContext(ctx, doc).Scan(&before); err != nil {
		return err
	}
	if before != r.words { // mostly it is another answer that was added
		if _, err := x.update.ExecContext(ctx, doc, r.words); err != nil {
			return err
		}
	}
	_, err = x.setSeq.ExecContext(ctx, doc, r.seq)
	return err
}

// docBits are the lower bits of a doc, which tell apart what was born in one millisecond.
const docBits = 20

// docRange are the docs of what is born at a time.
func docRange(at int64) (first, last int64) {
	at = max(0, min(at, 1<<(63-docBits)-1))
	return at << docBits, at<<docBits | (1<<docBits - 1)
}

func (x *indexer) add(ctx context.Context, r *unread) error {
	first, last := docRange(r.at)
	hash := idHash(r.site + "/" + r.id)
	at := int64(binary.BigEndian.Uint32(hash)) & (1<<docBits - 1)
	for range last - first {
		doc := first + at
		result, err := x.addDoc.ExecContext(ctx, doc, r.site, r.survey, r.at, r.id, r.seq)
		if err != nil {
			return err
		}
		if n, err := result.RowsAffected(); err != nil {
			return err
		} else if n == 1 {
			_, err := x.insert.ExecContext(ctx, doc, r.words)
			return err
		}
		at = (at + 1) & (1<<docBits - 1) // another has it
	}
	return fmt.Errorf("a million responses were born in millisecond %d", r.at)
}

// drop takes a doc out of the index, and its words out of the file.
func (x *indexer) drop(ctx context.Context, doc int64) error {
	if _, err := x.delete.ExecContext(ctx, doc); err != nil {
		return err
	}
	_, err := x.dropDoc.ExecContext(ctx, doc)
	return err
}

// forget takes a response that is deleted out of the index, and off the list.
func (x *indexer) forget(ctx context.Context, site, surveyID string, at int64, id string) error {
	var doc int64
	err := x.find.QueryRowContext(ctx, site, id).Scan(&doc)
	if err == nil {
		err = x.drop(ctx, doc)
	} else if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	if err != nil {
		return err
	}
	_, err = x.done.ExecContext(ctx, site, surveyID, at, id)
	return err
}
