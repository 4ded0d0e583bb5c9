package store

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/askwell/askwell/collector/survey"
)

// parseCursor reads "at.id"; the start of the list is after every response.
func parseCursor(cursor string) (at int64, id string, err error) {
	if cursor == "" {
		return 1<<63 - 1, "", nil
	}
	ms, id, ok := strings.Cut(cursor, ".")
	at, err = strconv.ParseInt(ms, 10, 64)
	if !ok || err != nil {
		return 0, "", &survey.Error{Code: survey.Invalid, Message: "the request is not valid",
			Problems: []survey.Problem{{Location: "query.cursor", Message: "is not a cursor that this list returned as next"}}}
	}
	return at, id, nil
}

// page cuts a list, of which one more than limit was read, and makes the cursor of the next page, ""
// where this is the last.
func page[T any](items []T, limit int, key func(T) (time.Time, string)) ([]T, string) {
	if len(items) <= limit {
		return items, ""
	}
	at, id := key(items[limit-1])
	return items[:limit], fmt.Sprintf("%d.%s", at.UnixMilli(), id)
}
