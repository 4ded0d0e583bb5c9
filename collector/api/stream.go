package api

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humaecho"
	"github.com/labstack/echo/v4"

	"github.com/askwell/askwell/collector/auth"
	"github.com/askwell/askwell/collector/live"
	"github.com/askwell/askwell/collector/store"
	"github.com/askwell/askwell/collector/survey"
)

const (
	// A stream costs some 50 kB, and a look-up a response; a browser allows six connections to an origin.
	maxStreams       = 256
	maxStreamsPerKey = 16

	streamBeat    = 15 * time.Second // proxies cut off what is silent for 30 or 60
	streamWrite   = 10 * time.Second // a client that takes nothing for so long is cut off; it resumes
	streamBatch   = 64               // responses in one write
	streamRetryMS = 2000             // what clients wait before they come back
	streamBegan   = "stream began"
)

type streamInput struct {
	SurveyPath
	LastEventID string `header:"Last-Event-ID" maxLength:"100" doc:"Id of the last event that was read: resumes behind it. A browser's EventSource sends it by itself"`
	LastInQuery string `query:"last_event_id" maxLength:"100" doc:"The same, for clients that cannot send the header, which goes before it"`
}

func (in *streamInput) last() string {
	if in.LastEventID != "" {
		return in.LastEventID // a client that comes back sends the query of its first request
	}
	return in.LastInQuery
}

type streamOutput struct {
	ContentType  string `header:"Content-Type" hidden:"true"`
	CacheControl string `header:"Cache-Control" doc:"Nobody may keep it, or compress it"`
	Buffering    string `header:"X-Accel-Buffering" doc:"nginx passes events on as they come"`
	Body         func(huma.Context)
}

// reloadView is the data of a reload.
type reloadView struct {
	Reason string `json:"reason" enum:"unknown_id,too_far_behind"`
}

func (a *api) registerStream() {
	handle(a, auth.Read, huma.Operation{
		OperationID: "stream-responses", Method: http.MethodGet, Path: "/v1/sites/{site}/surveys/{survey}/responses/stream", Tags: []string{"Responses"},
		Summary: "The responses to a survey, as they come",
		Description: "Server-sent events. Each `event: response` is a response that was stored or has changed, its `data` as an item of the list: all classes and states, and each change by itself. " +
			"The stream opens with an id and without events: open it, then read the list, and nothing is missed.\n\n" +
			"`Last-Event-ID` resumes without loss or repeat from what the collector remembers: the latest 10,000 events of all surveys, in 16 MiB at most, none from before its start. " +
			"What is not remembered any more is told first, as `event: reload`: read the list again; the stream goes on with what comes. A client too slow for that memory is told the same. " +
			"What was erased or deleted meanwhile is left out.\n\n" +
			"A comment comes every 15 seconds. A stream ends when its client takes nothing for 10 seconds, when its key is revoked (within a minute), and when the collector stops. " +
			"A key may have 16 open (429), a collector 256 (503).",
		Responses: map[string]*huma.Response{"200": answers("Events, until either side ends it", "text/event-stream",
			text("`response`: an item of the list of responses, as JSON. `reload`: `{\"reason\": \"unknown_id\"}`, or `too_far_behind`"), nil)},
		Errors: []int{http.StatusNotFound, http.StatusTooManyRequests},
	}, a.streamResponses)
}

func (a *api) streamResponses(ctx context.Context, in *streamInput) (*streamOutput, error) {
	if _, err := a.Store.Survey(ctx, in.Site, in.Survey); err != nil {
		return nil, err
	}
	key := keyOf(ctx).ID
	if !a.keyStreams.Enter(key) {
		return nil, &survey.Error{Code: survey.TooMany, Message: fmt.Sprintf("this API key has %d streams open, as many as it may", maxStreamsPerKey), RetryAfter: streamBeat}
	}
	if !a.streams.Enter("") {
		a.keyStreams.Leave(key)
		return nil, &survey.Error{Code: survey.Unavailable, Message: fmt.Sprintf("there are %d streams open, as many as there may be", maxStreams), RetryAfter: streamBeat}
	}
	return &streamOutput{ContentType: "text/event-stream", CacheControl: "no-store, no-transform", Buffering: "no", Body: func(ctx huma.Context) {
		defer a.keyStreams.Leave(key)
		defer a.streams.Leave("")
		c := humaecho.Unwrap(ctx)
		c.Set(streamBegan, time.Now())
		a.stream(ctx.Context(), c, in)
	}}, nil
}

// stream writes events until the client has gone, or may not read them any more.
func (a *api) stream(ctx context.Context, c echo.Context, in *streamInput) {
	beat := a.StreamBeat
	if beat == 0 {
		beat = streamBeat
	}
	to := streamTo{c.Response(), http.NewResponseController(c.Response().Writer)}
	// The server's own limit is on the time to read a request, and would end this one.
	if err := to.control.SetReadDeadline(time.Time{}); err != nil {
		a.Log.ErrorContext(ctx, "cannot stream", "error", err)
		return
	}
	reader, ok := a.Live.Follow(in.Site, in.Survey, in.last())
	begin := fmt.Appendf(nil, "retry: %d\n", streamRetryMS)
	switch {
	case !ok:
		begin = append(append(begin, '\n'), reload(reader, "unknown_id")...)
	case in.last() == "":
		begin = fmt.Appendf(begin, "id: %s\n\n", reader.Place()) // without data it is no event, but a place to resume from
	default:
		begin = append(begin, '\n')
	}
	if to.write(begin) != nil {
		return
	}
	beats := time.NewTicker(beat)
	defer beats.Stop()
	for checked := time.Now(); ; {
		if time.Since(checked) >= 2*beat {
			if !a.mayStream(ctx, c, in) {
				return
			}
			checked = time.Now()
		}
		events, more, ok, err := reader.Next(ctx, streamBatch)
		var out []byte
		switch {
		case err == nil && !ok:
			out = reload(reader, "too_far_behind")
		case err == nil && len(events) > 0:
			out, err = writeEvents(events)
		}
		if err != nil { // the client comes back, and resumes
			if ctx.Err() == nil {
				a.Log.WarnContext(ctx, "a stream of responses ends", "error", a.Store.Explain(err))
			}
			return
		}
		if out == nil && more != nil {
			select {
			case <-more:
			case <-beats.C:
				out = []byte(":\n\n")
			case <-ctx.Done():
			case <-a.Live.Closed():
			}
		}
		if ctx.Err() != nil || isClosed(a.Live.Closed()) || to.write(out) != nil {
			return
		}
	}
}

// mayStream says whether the key still opens the survey, and whether there is one. A database that
// does not answer ends no stream.
func (a *api) mayStream(ctx context.Context, c echo.Context, in *streamInput) bool {
	_, err := a.authorizeSite(ctx, c.Request().Header.Get("Authorization"), auth.Read, in.Site)
	if err == nil {
		_, err = a.Store.Survey(ctx, in.Site, in.Survey)
	}
	var refused *survey.Error
	return !errors.As(err, &refused)
}

// streamTo is a client.
type streamTo struct {
	response *echo.Response
	control  *http.ResponseController
}

// write sends at once what there is.
func (to streamTo) write(out []byte) error {
	if len(out) == 0 {
		return nil
	}
	if err := to.control.SetWriteDeadline(time.Now().Add(streamWrite)); err != nil {
		return err
	}
	if _, err := to.response.Write(out); err != nil {
		return err
	}
	return to.control.Flush()
}

// writeEvents writes responses as the list has them. JSON has no line breaks, so each is one line.
func writeEvents(events []live.Event) ([]byte, error) {
	rows := make([]store.Response, len(events))
	for i, e := range events {
		rows[i] = e.Response
	}
	list, err := viewResponses(rows, "")
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	data := json.NewEncoder(&out) // ends with a line break
	data.SetEscapeHTML(false)     // as huma writes the list
	for i, e := range events {
		fmt.Fprintf(&out, "event: response\nid: %s\ndata: ", e.ID)
		if err := data.Encode(list.Body.Items[i]); err != nil {
			return nil, err
		}
		out.WriteByte('\n')
	}
	return out.Bytes(), nil
}

func reload(r *live.Reader, reason string) []byte {
	data, _ := json.Marshal(reloadView{reason}) // a word
	return fmt.Appendf(nil, "event: reload\nid: %s\ndata: %s\n\n", r.Place(), data)
}

func isClosed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}
