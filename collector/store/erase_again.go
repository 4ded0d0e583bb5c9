package store

import (
	"context"
	"database/sql"
	"errors"
	"strings"
)

// erasure names an id that a database refuses, because its response was erased.
type erasure struct {
	site string
	hash [32]byte
}

// eraseAgain erases from a copy of a backup what was erased from the database it replaces since the
// backup was made, as far as that still knows: for 31 days. It returns how many responses there
// were, and whether the database could be asked.
func eraseAgain(ctx context.Context, path, copied string) (erased int, asked bool, err error) {
	erasures, err := readErasures(ctx, path)
	if err != nil {
		return 0, false, nil // none there, of an older schema, or damaged, which may be why a backup is restored
	}
	if len(erasures) == 0 {
		return 0, true, nil
	}
	db, err := sql.Open("sqlite", dsn(copied, "_pragma=busy_timeout(5000)&_pragma=secure_delete(1)&_pragma=synchronous(FULL)&_txlock=immediate"))
	if err != nil {
		return 0, false, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return 0, false, err
	}
	defer tx.Rollback()
	for e, until := range erasures {
		if _, err := tx.ExecContext(ctx, `INSERT INTO erased(site_id, id_hash, until) VALUES($1, $2, $3)
			ON CONFLICT(site_id, id_hash) DO UPDATE SET until = excluded.until`, e.site, e.hash[:], until); err != nil {
			return 0, false, nil // a backup of an older schema
		}
	}
	ids, err := erasedIDs(ctx, tx, erasures)
	if err != nil {
		return 0, false, err
	}
	forget := func(r unread) error { return nil }
	if there, err := hasTable(ctx, tx, "search"); err != nil {
		return 0, false, err
	} else if there { // a backup that is not older than the search
		x, err := newIndexer(ctx, tx)
		if err != nil {
			return 0, false, err
		}
		forget = func(r unread) error { return x.forget(ctx, r.site, r.survey, r.at, r.id) }
	}
	for _, id := range ids {
		r := unread{site: id[0], id: id[1]}
		if err := tx.QueryRowContext(ctx, "DELETE FROM responses WHERE site_id = $1 AND id = $2 RETURNING survey_id, at", r.site, r.id).Scan(&r.survey, &r.at); err != nil {
			return 0, false, err
		}
		if err := forget(r); err != nil {
			return 0, false, err
		}
	}
	for _, table := range []string{"segments", "sealed", "stale"} {
		if len(ids) == 0 {
			break
		}
		// They hold the erased too. The collector makes them anew; a backup of an older schema has none.
		if _, err := tx.ExecContext(ctx, "DELETE FROM "+table); err != nil && !strings.Contains(err.Error(), "no such table") {
			return 0, false, err
		}
	}
	if err := tx.Commit(); err != nil {
		return 0, false, err
	}
	return len(ids), true, syncFile(copied)
}

// readErasures returns what a database refuses, and until when.
func readErasures(ctx context.Context, path string) (map[erasure]int64, error) {
	if err := writeBackLog(ctx, path); err != nil {
		return nil, err
	}
	db, err := openRead(path)
	if err != nil {
		return nil, err
	}
	defer db.Close()
	rows, err := db.QueryContext(ctx, "SELECT site_id, id_hash, until FROM erased")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	erasures := map[erasure]int64{}
	for rows.Next() {
		var e erasure
		var hash []byte
		var until int64
		if err := rows.Scan(&e.site, &hash, &until); err != nil {
			return nil, err
		}
		copy(e.hash[:], hash)
		erasures[e] = until
	}
	return erasures, rows.Err()
}

// erasedIDs finds the responses, by site and id, that should not be there any more.
func erasedIDs(ctx context.Context, tx *sql.Tx, erasures map[erasure]int64) (ids [][2]string, err error) {
	rows, err := tx.QueryContext(ctx, "SELECT site_id, id FROM responses")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var site, id string
		if err := rows.Scan(&site, &id); err != nil {
			return nil, err
		}
		if _, gone := erasures[erasure{site, [32]byte(idHash(id))}]; gone {
			ids = append(ids, [2]string{site, id})
		}
	}
	return ids, rows.Err()
}

func hasTable(ctx context.Context, db querier, name string) (there bool, err error) {
	err = db.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = $1)", name).Scan(&there)
	return there, err
}
