package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"github.com/askwell/askwell/collector/survey"
)

// Site is a stored site. The etag grows with every change; 0 stands for "not stored yet".
type Site struct {
	survey.Site
	ETag int64
}

// Sites returns all sites, by id.
func (s *Store) Sites(ctx context.Context) ([]Site, error) {
	rows, err := s.read.QueryContext(ctx, "SELECT doc, etag FROM sites ORDER BY site_id")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	sites := []Site{}
	for rows.Next() {
		site, err := scanSite(rows)
		if err != nil {
			return nil, err
		}
		sites = append(sites, *site)
	}
	return sites, rows.Err()
}

// Site returns one site.
func (s *Store) Site(ctx context.Context, id string) (*Site, error) {
	site, err := scanSite(s.read.QueryRowContext(ctx, "SELECT doc, etag FROM sites WHERE site_id = $1", id))
	if errors.Is(err, sql.ErrNoRows) {
		return nil, survey.Errorf(survey.NotFound, "there is no site %q", id)
	}
	return site, err
}

// PutSite stores a site. match is the etag of the site it replaces, 0 for a new one.
func (s *Store) PutSite(ctx context.Context, site survey.Site, match int64) (etag int64, err error) {
	doc, err := json.Marshal(site)
	if err != nil {
		return 0, err
	}
	action, query := "site.change", "UPDATE sites SET doc = $2, etag = etag + 1 WHERE site_id = $1 AND etag = $3 RETURNING etag"
	if match == 0 {
		action, query = "site.create", "INSERT INTO sites(site_id, doc, etag) VALUES($1, $2, $3 + 1) ON CONFLICT(site_id) DO NOTHING RETURNING etag"
	}
	err = s.transact(ctx, func(tx *sql.Tx) error {
		if err := tx.QueryRowContext(ctx, query, site.ID, string(doc), match).Scan(&etag); err != nil {
			return err
		}
		return audit(ctx, tx, site.ID, action, site.ID)
	})
	if errors.Is(err, sql.ErrNoRows) {
		return 0, stale("site", site.ID, match)
	}
	return etag, err
}

// Secret returns the secret that signs a site's users, nil where there is none.
func (s *Store) Secret(ctx context.Context, site string) ([]byte, error) {
	var secret []byte
	err := s.read.QueryRowContext(ctx, "SELECT secret FROM secrets WHERE site_id = $1", site).Scan(&secret)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return secret, err
}

// SetSecret replaces the secret that signs a site's users.
func (s *Store) SetSecret(ctx context.Context, site string, secret []byte, now time.Time) error {
	return s.transact(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `INSERT INTO secrets(site_id, secret, created_at) VALUES($1, $2, $3)
			ON CONFLICT(site_id) DO UPDATE SET secret = excluded.secret, created_at = excluded.created_at`, site, secret, now.UnixMilli()); err != nil {
			return err
		}
		return audit(ctx, tx, site, "secret.create", site)
	})
}

func scanSite(row interface{ Scan(...any) error }) (*Site, error) {
	var doc string
	var site Site
	if err := row.Scan(&doc, &site.ETag); err != nil {
		return nil, err
	}
	return &site, json.Unmarshal([]byte(doc), &site.Site)
}

func stale(what, id string, match int64) error {
	if match == 0 {
		return survey.Errorf(survey.Stale, "the %s %q exists; to change it, send the ETag you read in If-Match", what, id)
	}
	return survey.Errorf(survey.Stale, "the %s %q was changed by someone else, or is gone; read it again", what, id)
}
