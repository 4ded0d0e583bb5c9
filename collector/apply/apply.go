package apply

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"reflect"

	"github.com/aymanbagabas/go-udiff"
	"github.com/goccy/go-yaml"

	"github.com/askwell/askwell/collector/client"
	"github.com/askwell/askwell/collector/survey"
)

// Options of Apply.
type Options struct {
	Site  string // of a survey file that was read by itself
	Draft bool   // save drafts, publish nothing
	New   bool   // refuse where the site exists
}

// change is one survey, as it is and as its file says.
type change struct {
	to   *survey.Definition
	from *remote // nil: new
	live *survey.Definition
}

// Apply makes the collector say what the files say. It reads everything first and prints the
// difference; each write is conditional on what was read, so that it refuses where someone else
// changed a survey in between.
func Apply(ctx context.Context, to *client.Client, files *Files, opt Options, out io.Writer) error {
	c := collector{to}
	siteID := opt.Site
	if files.Site != nil {
		if siteID != "" && siteID != files.Site.ID {
			return fmt.Errorf("the file is of site %q, but --site says %q", files.Site.ID, siteID)
		}
		siteID = files.Site.ID
	}
	if siteID == "" {
		return fmt.Errorf("this is a survey file: say which site it belongs to with --site, or apply the site file that lists it")
	}
	for _, name := range files.Unlisted {
		fmt.Fprintf(out, "skipped    %s: the site file does not list it\n", name)
	}
	site, siteTag, err := c.site(ctx, siteID)
	if err != nil {
		return err
	}
	if site == nil && files.Site == nil {
		return fmt.Errorf("there is no site %q", siteID)
	}
	if site != nil && opt.New {
		return fmt.Errorf("there is a site %q already; change it with apply", siteID)
	}
	writeSite := files.Site != nil && (site == nil || !reflect.DeepEqual(site, files.Site))
	if writeSite {
		if err := diff(out, "site "+siteID, site, files.Site); err != nil {
			return err
		}
	}
	changes := make([]change, len(files.Surveys))
	var invalid []error
	for i, d := range files.Surveys {
		if changes[i], err = read(ctx, c, siteID, d); err != nil {
			return err
		}
		if live := changes[i].live; live != nil {
			if problems := d.CheckSuccessor(live); len(problems) > 0 {
				invalid = append(invalid, files.explain(d.ID, problems))
			}
		}
		if changes[i].from == nil || changes[i].from.Draft.Hash() != d.Hash() {
			var from *survey.Definition
			if changes[i].from != nil {
				from = changes[i].from.Draft
			}
			if err := diff(out, "survey "+d.ID, from, d); err != nil {
				return err
			}
		}
	}
	if invalid != nil {
		return fmt.Errorf("nothing was applied:\n%w", errors.Join(invalid...))
	}
	if writeSite {
		if err := c.putSite(ctx, files.Site, siteTag); err != nil {
			return inBetween("site "+siteID, err)
		}
	}
	for _, ch := range changes {
		line, err := ch.write(ctx, c, siteID, opt.Draft)
		if err != nil {
			return inBetween("survey "+ch.to.ID, err)
		}
		fmt.Fprintln(out, line)
	}
	return nil
}

func read(ctx context.Context, c collector, site string, d *survey.Definition) (change, error) {
	ch := change{to: d}
	var err error
	if ch.from, err = c.survey(ctx, site, d.ID); err != nil || ch.from == nil {
		return ch, err
	}
	if ch.from.LiveVersion > 0 {
		ch.live, err = c.version(ctx, site, d.ID, ch.from.LiveVersion)
	}
	return ch, err
}

// write saves the draft where it differs, publishes it where that is wanted, and says what it did.
func (ch change) write(ctx context.Context, c collector, site string, draftOnly bool) (string, error) {
	id, now := ch.to.ID, ch.from
	saved := now == nil || now.Draft.Hash() != ch.to.Hash()
	if saved {
		etag := ""
		if now != nil {
			etag = now.etag
		}
		var err error
		if now, err = c.putSurvey(ctx, site, ch.to, etag); err != nil {
			return "", err
		}
	}
	switch published := ch.live != nil && ch.live.Hash() == ch.to.Hash(); {
	case published:
		return fmt.Sprintf("unchanged  %s (version %d, %s)", id, now.LiveVersion, now.Status), nil
	case draftOnly && saved:
		return fmt.Sprintf("drafted    %s", id), nil
	case draftOnly:
		return fmt.Sprintf("unchanged  %s (draft)", id), nil
	case now.Status == survey.Paused || now.Status == survey.Ended:
		// Publishing would bring it back; whoever took it away had a reason.
		return fmt.Sprintf("drafted    %s: it is %s, so it was not published", id, now.Status), nil
	}
	now, err := c.publish(ctx, site, id, now.etag)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("published  %s (version %d)", id, now.LiveVersion), nil
}

// diff prints how two things differ, as YAML. from may be a nil pointer.
func diff(out io.Writer, name string, from, to any) error {
	was, err := toYAML(from)
	if err != nil {
		return err
	}
	is, err := toYAML(to)
	if err != nil {
		return err
	}
	_, err = io.WriteString(out, udiff.Unified(name+" (collector)", name+" (file)", was, is))
	return err
}

func toYAML(v any) (string, error) {
	if reflect.ValueOf(v).IsNil() {
		return "", nil
	}
	data, err := json.Marshal(v)
	if err != nil {
		return "", err
	}
	data, err = yaml.JSONToYAML(data)
	return string(data), err
}

func inBetween(what string, err error) error {
	if client.IsStatus(err, http.StatusPreconditionFailed) {
		return fmt.Errorf("%s: someone else changed it in between, so it was left alone; look at it and apply again (%w)", what, err)
	}
	return fmt.Errorf("%s: %w", what, err)
}
