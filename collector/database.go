package main

import (
	"context"
	"fmt"
	"time"

	"github.com/askwell/askwell/collector/segment"
	"github.com/askwell/askwell/collector/store"
)

// Database is what commands that work on the file itself can be told.
type Database struct {
	DB string `name:"db" help:"SQLite file (askwell.db)." default:"askwell.db" placeholder:"FILE"`
}

// BackupCmd copies the database into a file.
type BackupCmd struct {
	Database `embed:""`
	File     string `arg:"" help:"Where to; a file that is there already is never overwritten."`
}

func (c *BackupCmd) Run(ctx context.Context, to output) error {
	start := time.Now()
	made, err := store.Backup(ctx, c.DB, c.File)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(to.out, "%s: %d bytes, %s, checked, in %s\n", c.File, made.Bytes, contents(made), took(start))
	return err
}

// RestoreCmd puts a backup in the place of the database.
type RestoreCmd struct {
	Database `embed:""`
	File     string `arg:"" help:"The backup."`
}

func (c *RestoreCmd) Run(ctx context.Context, to output) error {
	start := time.Now()
	r, err := store.Restore(ctx, c.File, c.DB, start)
	if err != nil {
		return err
	}
	fmt.Fprintf(to.out, "%s: restored from %s, %s, checked, in %s\n", c.DB, c.File, contents(&r.Copied), took(start))
	if r.Kept != "" {
		fmt.Fprintf(to.out, "%s: the database before\n", r.Kept)
	}
	if r.Asked {
		fmt.Fprintf(to.out, "%d responses that were erased since the backup are erased again; repeat erasures older than 31 days\n", r.ErasedAgain)
	} else {
		fmt.Fprintln(to.out, "what was erased since the backup is there again: repeat those erasures")
	}
	if r.Schema < r.Knows {
		fmt.Fprintf(to.out, "its schema is %d: the next start migrates it to %d\n", r.Schema, r.Knows)
	}
	return nil
}

// VerifyCmd looks for damage.
type VerifyCmd struct {
	Database `embed:""`
}

func (c *VerifyCmd) Run(ctx context.Context, to output) error {
	start := time.Now()
	problems, err := store.Verify(ctx, c.DB, to.out, segment.Differ)
	if err != nil {
		return err
	}
	if problems > 0 {
		return fmt.Errorf("%s has %s", c.DB, counted(problems, "problem"))
	}
	_, err = fmt.Fprintf(to.out, "%s is sound, read in %s\n", c.DB, took(start))
	return err
}

// MigrateCmd brings the tables up to date.
type MigrateCmd struct {
	Database `embed:""`
	DryRun   bool `help:"Migrate and verify a copy beside the database, and throw it away."`
}

func (c *MigrateCmd) Run(ctx context.Context, to output) error {
	plan, err := store.Pending(ctx, c.DB)
	if err != nil {
		return err
	}
	fmt.Fprintf(to.out, "%s has schema %d, this program knows %d: %s pending\n", c.DB, plan.Schema, plan.Knows, counted(len(plan.Pending), "migration"))
	if len(plan.Pending) == 0 {
		return nil
	}
	for _, m := range plan.Pending {
		fmt.Fprintln(to.out, "pending    ", m.Name)
	}
	start := time.Now()
	var applied []store.Migration
	if c.DryRun {
		applied, err = store.Rehearse(ctx, c.DB, to.out, segment.Differ)
	} else {
		applied, err = store.Migrate(ctx, c.DB)
	}
	if err != nil {
		return err
	}
	for _, m := range applied {
		fmt.Fprintf(to.out, "applied     %s in %s\n", m.Name, m.Took.Round(time.Millisecond))
	}
	if c.DryRun {
		_, err = fmt.Fprintf(to.out, "dry run: a copy was migrated and verified in %s; %s is as it was\n", took(start), c.DB)
	}
	return err
}

func took(start time.Time) time.Duration { return time.Since(start).Round(time.Millisecond) }

func contents(c *store.Copied) string {
	return counted(c.Responses, "response") + ", " + counted(c.Sites, "site")
}

// counted writes a number with its noun: 1 problem, 2 problems.
func counted[N int | int64](n N, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
