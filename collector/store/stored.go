package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/askwell/askwell/collector/survey"
)

// storedBatch is how many ids one query looks up.
const storedBatch = 500

// AsStored says what responses of a site have become that were sent, in their order: nil where one is
// gone. What never changes, and the class, is as it was stored first; of one that was anonymised all is.
func (s *Store) AsStored(ctx context.Context, site string, sent []Response) ([]*Response, error) {
	found := map[string]func(Response) Response{}
	for some := range slices.Chunk(sent, storedBatch) {
		if err := s.findStored(ctx, site, some, found); err != nil {
			return nil, err
		}
	}
	now := make([]*Response, len(sent))
	for i, r := range sent {
		if become, ok := found[r.ID]; ok {
			r = become(r)
			now[i] = &r
		}
	}
	return now, nil
}

func (s *Store) findStored(ctx context.Context, site string, sent []Response, found map[string]func(Response) Response) error {
	args, places := []any{site}, make([]string, len(sent))
	for i, r := range sent {
		args, places[i] = append(args, r.ID), fmt.Sprintf("$%d", i+2)
	}
	rows, err := s.read.QueryContext(ctx, `SELECT id, at, class, channel, anonymised_at IS NOT NULL,
		CASE WHEN anonymised_at IS NULL THEN '' ELSE answers END, CASE WHEN anonymised_at IS NULL THEN '' ELSE context END
		FROM responses WHERE site_id = $1 AND id IN (`+strings.Join(places, ", ")+")", args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id, channel, answers, about string
		var at int64
		var class int
		var anonymous bool
		if err := rows.Scan(&id, &at, &class, &channel, &anonymous, &answers, &about); err != nil {
			return err
		}
		found[id] = func(r Response) Response {
			r.At, r.Class, r.Channel = time.UnixMilli(at), survey.Classes[class], channel
			if anonymous {
				r.Visitor, r.User, r.Answers, r.Context = "", "", json.RawMessage(answers), json.RawMessage(about)
			}
			return r
		}
	}
	return rows.Err()
}

// Asked is what is fixed of a response once it is stored.
type Asked struct {
	Version int
	At      time.Time
}

// AskedBefore says what is fixed of the responses with these ids, of those that are stored.
func (s *Store) AskedBefore(ctx context.Context, site string, ids []string) (map[string]Asked, error) {
	list, err := json.Marshal(ids)
	if err != nil {
		return nil, err
	}
	asked := map[string]Asked{}
	err = each(ctx, s.quick, func(scan func(...any) error) error {
		var id string
		var version int
		var at int64
		err := scan(&id, &version, &at)
		asked[id] = Asked{version, time.UnixMilli(at)}
		return err
	}, "SELECT id, version, at FROM responses WHERE site_id = $1 AND id IN (SELECT value FROM json_each($2))", site, string(list))
	return asked, err
}
