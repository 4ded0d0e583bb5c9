package report

import (
	"slices"
	"sort"
	"time"
)

// Units are what a series may be made of. Weeks are ISO weeks: they begin on Monday.
var Units = []string{"hour", "day", "week", "month", "quarter", "year"}

// Comparisons are the periods that one may be compared with.
var Comparisons = []string{"previous", "year_ago"}

// period is [from, to), with the ends of the buckets of a series in between.
type period struct {
	from, to time.Time
	ends     []int64 // ms, of each bucket; the last is to. One bucket where there is no series
}

func (p period) fromMS() int64 { return p.from.UnixMilli() }
func (p period) toMS() int64   { return p.to.UnixMilli() }

// bucket is in which a time lies that the period has.
func (p period) bucket(at int64) int {
	return sort.Search(len(p.ends), func(i int) bool { return p.ends[i] > at })
}

// bounds are the ends of bucket i.
func (p period) bounds(i int) (from, to int64) {
	if from = p.fromMS(); i > 0 {
		from = p.ends[i-1]
	}
	return from, p.ends[i]
}

// split cuts a period at every start of a unit. The days, and what is made of them, are those of its
// zone, also where clocks change. It says false where that is too much.
func (p period) split(unit string) (period, bool) {
	p.ends = nil
	for at := p.from; ; {
		at = next(at, unit)
		if !at.Before(p.to) {
			p.ends = append(p.ends, p.toMS())
			return p, true
		}
		if p.ends = append(p.ends, at.UnixMilli()); len(p.ends) >= maxBuckets {
			return p, false
		}
	}
}

// next is the first start of a unit after a time.
func next(at time.Time, unit string) time.Time {
	year, month, day := at.Date()
	switch unit {
	case "hour":
		passed := time.Duration(at.Minute())*time.Minute + time.Duration(at.Second())*time.Second + time.Duration(at.Nanosecond())
		return at.Add(time.Hour - passed)
	case "week":
		day += 7 - (int(at.Weekday())+6)%7
	case "month":
		month, day = month+1, 1
	case "quarter":
		month, day = (month-1)/3*3+4, 1
	case "year":
		year, month, day = year+1, 1, 1
	default:
		day++
	}
	start := dayStart(year, month, day, at.Location())
	for !start.After(at) { // a day that a zone left out, as Samoa did when it went over the date line
		day++
		start = dayStart(year, month, day, at.Location())
	}
	return start
}

func dayStart(year int, month time.Month, day int, zone *time.Location) time.Time {
	return startOfDay(time.Date(year, month, day, 0, 0, 0, 0, zone))
}

// startOfDay mends what time.Date makes of a midnight that clocks jump over, or show twice.
func startOfDay(midnight time.Time) time.Time {
	switch h := midnight.Hour(); {
	case h >= 12: // of the day before: the jump is not made yet
		return midnight.Add(time.Duration(24-h)*time.Hour - time.Duration(midnight.Minute())*time.Minute)
	case h > 0 || midnight.Minute() > 0:
		return midnight // 00:00 does not exist, and this is not before it
	}
	if before := midnight.Add(-time.Hour); before.Day() == midnight.Day() && before.Hour() == 0 {
		return before // 00:00 comes twice, and the day begins with the first
	}
	return midnight
}

// against is the period that one is compared with: of the same length in days right before it, or the
// same days of the year before.
func (p period) against(compare string) period {
	var before period
	if compare == "year_ago" {
		before = period{from: shift(p.from, -1, 0), to: shift(p.to, -1, 0)}
		if before.to.Before(before.from) { // of hours of 29 February
			before.to = before.from
		}
	} else if before.to = p.from; isMidnight(p.from) && isMidnight(p.to) {
		before.from = shift(p.from, 0, int(dayNumber(p.from)-dayNumber(p.to)))
	} else {
		before.from = p.from.Add(-p.to.Sub(p.from))
	}
	before.ends = []int64{before.toMS()}
	return before
}

// shift moves a time by years and days of its zone. What begins a day begins one then too, also where
// clocks jumped over its midnight.
func shift(at time.Time, years, days int) time.Time {
	if !isMidnight(at) {
		return at.AddDate(years, 0, days)
	}
	year, month, day := at.Date()
	return dayStart(year+years, month, day+days, at.Location())
}

// dayNumber counts the days of the calendar.
func dayNumber(at time.Time) int64 {
	year, month, day := at.Date()
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix() / (24 * 60 * 60)
}

func isMidnight(at time.Time) bool {
	year, month, day := at.Date()
	return at.Equal(dayStart(year, month, day, at.Location()))
}

// cuts lists the ends of the buckets, and of the period itself, within [from, to).
func (p period) cuts(from, to int64) (list []int64) {
	if start := p.fromMS(); from < start && start < to {
		list = append(list, start)
	}
	i, _ := slices.BinarySearch(p.ends, from+1)
	for ; i < len(p.ends) && p.ends[i] < to; i++ {
		list = append(list, p.ends[i])
	}
	return list
}
