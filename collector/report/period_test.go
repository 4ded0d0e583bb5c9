package report

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

func at(t *testing.T, zone, text string) time.Time {
	t.Helper()
	var wrong problems
	loaded := (&Query{TZ: zone}).zone(nil, &wrong)
	parsed := parseTime("from", text, loaded, &wrong)
	if err := wrong.err(); err != nil {
		t.Fatal(err)
	}
	return parsed
}

func TestBucketsAreThoseOfTheZone(t *testing.T) {
	const hour, minute = "15:04", "01-02 15:04"
	for name, test := range map[string]struct{ zone, from, to, unit, format, want string }{
		"a day without 02:00":              {"Europe/Warsaw", "2026-03-28", "2026-03-31", "day", minute, "03-29 00:00, 03-30 00:00, 03-31 00:00"},
		"hours of a day without 02:00":     {"Europe/Warsaw", "2026-03-29T00:00:00Z", "2026-03-29T03:30:00Z", "hour", hour, "03:00, 04:00, 05:00, 05:30"},
		"hours of a day with 02:00 twice":  {"Europe/Warsaw", "2026-10-24T23:00:00Z", "2026-10-25T02:30:00Z", "hour", hour, "02:00, 02:00, 03:00, 03:30"},
		"a day without 00:00":              {"Africa/Cairo", "2026-04-23", "2026-04-26", "day", minute, "04-24 01:00, 04-25 00:00, 04-26 00:00"},
		"a day with 23:00 twice":           {"Africa/Cairo", "2026-10-29", "2026-10-31", "day", minute, "10-30 00:00, 10-31 00:00"},
		"a day without 00:00, in Beirut":   {"Asia/Beirut", "2026-03-28", "2026-03-30", "day", minute, "03-29 01:00, 03-30 00:00"},
		"a day with 00:00 twice":           {"America/Havana", "2026-10-31", "2026-11-02", "day", minute, "11-01 00:00, 11-02 00:00"},
		"clocks go half an hour back":      {"Australia/Lord_Howe", "2026-04-04T14:00:00Z", "2026-04-04T16:30:00Z", "hour", hour, "01:30, 02:00, 03:00"},
		"clocks go half an hour on":        {"Australia/Lord_Howe", "2026-10-03T14:30:00Z", "2026-10-03T17:00:00Z", "hour", hour, "02:30, 03:00, 04:00"},
		"hours that begin at a quarter":    {"Asia/Kathmandu", "2026-01-01T00:00:00Z", "2026-01-01T02:00:00Z", "hour", hour, "06:00, 07:00, 07:45"},
		"a day that never was":             {"Pacific/Apia", "2011-12-28", "2012-01-01", "day", minute, "12-29 00:00, 12-31 00:00, 01-01 00:00"},
		"ISO weeks, over a year's end":     {"Europe/Warsaw", "2025-12-25", "2026-01-13", "week", minute, "12-29 00:00, 01-05 00:00, 01-12 00:00, 01-13 00:00"},
		"months":                           {"UTC", "2024-01-31", "2024-04-01", "month", minute, "02-01 00:00, 03-01 00:00, 04-01 00:00"},
		"quarters":                         {"UTC", "2025-11-15", "2026-07-02", "quarter", minute, "01-01 00:00, 04-01 00:00, 07-01 00:00, 07-02 00:00"},
		"years":                            {"UTC", "2024-02-29", "2026-01-01", "year", "2006", "2025, 2026"},
		"a Monday is a week's start":       {"UTC", "2026-03-02", "2026-03-16", "week", minute, "03-09 00:00, 03-16 00:00"},
		"a period within one bucket":       {"UTC", "2026-03-02", "2026-03-03", "year", minute, "03-03 00:00"},
		"a month that begins without 0:00": {"America/Asuncion", "2017-09-15", "2017-11-01", "month", minute, "10-01 01:00, 11-01 00:00"},
	} {
		t.Run(name, func(t *testing.T) {
			p, ok := period{from: at(t, test.zone, test.from), to: at(t, test.zone, test.to)}.split(test.unit)
			var got []string
			for _, end := range p.ends {
				got = append(got, time.UnixMilli(end).In(p.from.Location()).Format(test.format))
			}
			if !ok || strings.Join(got, ", ") != test.want {
				t.Errorf("got %s, want %s", strings.Join(got, ", "), test.want)
			}
		})
	}
}

// Every day of 20 years begins when its date is first shown.
func TestStartOfDay(t *testing.T) {
	for _, name := range []string{"Europe/Warsaw", "Africa/Cairo", "Asia/Beirut", "America/Havana", "Australia/Lord_Howe", "America/Santiago", "America/Asuncion", "Asia/Tehran", "America/St_Johns",
		"Pacific/Chatham", "Asia/Amman", "Asia/Gaza", "America/Scoresbysund", "America/Sao_Paulo", "Africa/Casablanca", "Antarctica/Troll"} {
		zone, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		for day := 1; day < 20*366; day++ {
			start := dayStart(2008, 1, day, zone)
			want := time.Date(2008, 1, day, 12, 0, 0, 0, time.UTC).Format(time.DateOnly)
			shows := func(at time.Time) string { return at.In(zone).Format(time.DateOnly) }
			if shows(start) != want || shows(start.Add(-time.Millisecond)) >= want || shows(start.Add(-time.Hour)) >= want || shows(start.Add(-3*time.Hour)) >= want {
				t.Errorf("%s: %s begins at %s", name, want, start)
			}
		}
	}
}

func TestPeriodsAreComparedWithAsManyDays(t *testing.T) {
	for name, test := range map[string]struct{ zone, from, to, compare, want string }{
		"days, over a change of clocks":      {"Europe/Warsaw", "2026-03-30", "2026-04-06", "previous", "2026-03-23T00:00:00+01:00 2026-03-30T00:00:00+02:00"},
		"hours":                              {"Europe/Warsaw", "2026-03-29T03:00:00Z", "2026-03-29T09:00:00Z", "previous", "2026-03-28T22:00:00+01:00 2026-03-29T05:00:00+02:00"},
		"a day without 00:00":                {"Africa/Cairo", "2026-04-24", "2026-04-25", "previous", "2026-04-23T00:00:00+02:00 2026-04-24T01:00:00+03:00"},
		"from a day without 00:00":           {"Africa/Cairo", "2026-04-24", "2026-04-25", "year_ago", "2025-04-24T00:00:00+02:00 2025-04-25T01:00:00+03:00"},
		"a year ago there was no such day":   {"UTC", "2024-02-29", "2024-03-01", "year_ago", "2023-03-01T00:00:00Z 2023-03-01T00:00:00Z"},
		"a year ago, hours of no day":        {"UTC", "2024-02-29T12:00:00Z", "2024-03-01T06:00:00Z", "year_ago", "2023-03-01T12:00:00Z 2023-03-01T12:00:00Z"},
		"a whole leap February, a year ago":  {"UTC", "2024-02-01", "2024-03-01", "year_ago", "2023-02-01T00:00:00Z 2023-03-01T00:00:00Z"},
		"more years than a duration can say": {"UTC", "0001-01-01", "2026-01-01", "previous", "-2024-01-02T00:00:00Z 0001-01-01T00:00:00Z"},
	} {
		t.Run(name, func(t *testing.T) {
			before := period{from: at(t, test.zone, test.from), to: at(t, test.zone, test.to)}.against(test.compare)
			if got := before.from.Format(time.RFC3339) + " " + before.to.Format(time.RFC3339); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

func TestTooManyBucketsAreRefused(t *testing.T) {
	p := period{from: at(t, "UTC", "2026-01-01T00:00:00Z")}
	for n, want := range map[int]bool{1: true, maxBuckets: true, maxBuckets + 1: false, 10_000: false} {
		p.to = p.from.Add(time.Duration(n) * time.Hour)
		if split, ok := p.split("hour"); ok != want || ok && len(split.ends) != n {
			t.Errorf("%d hours: %v, %d buckets", n, ok, len(split.ends))
		}
	}
	if fmt.Sprint(Units) != "[hour day week month quarter year]" {
		t.Error(Units)
	}
}
