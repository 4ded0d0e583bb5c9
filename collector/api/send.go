package api

import (
	"cmp"
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/askwell/askwell/collector/auth"
	"github.com/askwell/askwell/collector/catalog"
	"github.com/askwell/askwell/collector/intake"
	"github.com/askwell/askwell/collector/survey"
)

// channels are the ways of responses that a server sends; web is the pages' own.
var channels = []string{"api", "email", "link"}

// sentBatch is the body of a server's responses.
type sentBatch struct {
	Channel   string         `json:"channel,omitempty" enum:"api,email,link" default:"api" doc:"The way the survey came to who answers it; a dimension of scores. It stays what it was at first"`
	SentAt    int64          `json:"sent_at,omitempty" doc:"By the sender's clock: times are corrected by how it differs from the collector's; absent: they do not differ"`
	Responses []sentResponse `json:"responses" maxItems:"50"`
}

// sentResponse is a response of which a server may leave out what follows from the rest. Signature and trap tell
// people on a page apart, and are no part of it.
type sentResponse struct {
	survey.Response
	ID          string       `json:"id" format:"uuid" doc:"UUIDv7, made by the sender, and the same each time that this response is sent"`
	Survey      string       `json:"survey,omitempty" doc:"As the path says"`
	Version     int          `json:"version,omitempty" minimum:"1" doc:"Absent: the version with which this id is stored, else the newest that is published"`
	Seq         int          `json:"seq,omitempty" minimum:"1" default:"1" doc:"Grows with each snapshot; an equal or lower one changes nothing"`
	State       survey.State `json:"state,omitempty" enum:"shown,partial,completed" default:"completed" doc:"shown: asked, as by a mail that went out, and not answered yet. Needed where there are no answers"`
	ShownAt     int64        `json:"shown_at,omitempty" doc:"When it was asked, by the sender's clock, as all times sent; absent: as this id is stored, else now"`
	CompletedAt int64        `json:"completed_at,omitempty" doc:"When it was completed, which with shown_at says how long it took; absent: now, where shown_at is absent too and this id is stored, else not known, as of a list that is sent later"`
	UserSig     string       `json:"-"`
	Trap        bool         `json:"-"`
}

type sendInput struct {
	SurveyPath
	Body json.RawMessage
}

type sendOutput struct {
	Body receipt
}

func (a *api) registerSend() {
	op := withBody(a, huma.Operation{
		OperationID: "send-responses-with-key", Method: http.MethodPost, Path: "/v1/sites/{site}/surveys/{survey}/responses", Tags: []string{"Responses"},
		Summary: "Send responses from a server",
		Description: "What was answered in a mail, at a support desk, on a kiosk: at most 50 responses in 1 MiB, nested 8 deep. The key vouches for who the user is, so no signature is needed; no user agent makes it a bot's. " +
			"As from a page, it is answered only after what was accepted is on disk, each response is accepted or rejected by itself, each is a whole snapshot of which the highest `seq` counts, " +
			"and sending the same thing twice changes nothing: on 408, 429, 5xx, or without an answer, send it again with the same ids.\n\n" +
			"Make the id when you ask, and send `state: shown` then: the funnel tells how many answered, and an answer, with a higher `seq`, joins what was asked.",
		MaxBodyBytes: maxSentBody,
		Errors:       []int{http.StatusBadRequest, http.StatusNotFound, http.StatusRequestEntityTooLarge},
	}, "SentBatch")
	schemaOf[sentBatch](a.huma.OpenAPI())
	handle(a, auth.Write, op, a.sendResponses)
}

const maxSentBody = 1 << 20

func (a *api) sendResponses(ctx context.Context, in *sendInput) (*sendOutput, error) {
	site, err := a.Catalog.Site(in.Site)
	if err != nil {
		return nil, err
	}
	newest, unknown := site.Newest(in.Survey)
	if unknown != nil {
		return nil, unknown
	}
	batch, err := decodeBatch(in.Body)
	if err != nil {
		return nil, err
	}
	sent := map[string]any{}
	if err := json.Unmarshal(in.Body, &sent); err != nil {
		return nil, err
	}
	problems := a.unknownFields("SentBatch", sent)
	from := intake.Sender{Channel: channels[0], Trusted: true}
	if channel := sent["channel"]; channel != nil {
		if from.Channel, _ = channel.(string); !slices.Contains(channels, from.Channel) {
			problems = append(problems, survey.Problem{Location: "channel", Message: "expected one of " + strings.Join(channels, ", ")})
		}
	}
	if len(problems) > 0 {
		return nil, &survey.Error{Code: survey.Invalid, Message: "the batch is not valid", Problems: problems}
	}
	a.checkSent(sent, batch, in.Survey)
	if err := a.complete(ctx, site, in.Survey, newest, batch); err != nil {
		return nil, err
	}
	admitted, err := a.Door.Admit(ctx, site, batch, from)
	if err != nil {
		return nil, err
	}
	return &sendOutput{a.receipt(ctx, admitted)}, nil
}

// checkSent refuses what would be lost without a word: an answer that is not there, a field under another name, a
// response to another survey.
func (a *api) checkSent(sent map[string]any, batch *intake.Batch, id string) {
	responses, _ := sent["responses"].([]any)
	for i := range batch.Items {
		item := &batch.Items[i]
		if item.Err != nil {
			continue
		}
		problems := a.unknownFields("SentResponse", responses[i])
		if r := &item.Response; r.State == "" && len(r.Answers) == 0 {
			problems = append(problems, survey.Problem{Location: "answers", Message: "expected answers, or a state"})
		}
		if other := item.Response.Survey; other != "" && other != id {
			problems = append(problems, survey.Problem{Location: "survey", Message: "is " + strconv.Quote(other) + ", but the path says " + strconv.Quote(id)})
		}
		if len(problems) > 0 {
			item.Err = &survey.Error{Code: survey.Invalid, Message: "the response is not valid", Problems: problems}
		}
	}
}

// unknownFields are those that a schema does not have.
func (a *api) unknownFields(schema string, value any) []survey.Problem {
	schemas := a.huma.OpenAPI().Components.Schemas
	return unknownIn(schemas, schemas.Map()[schema], "", value)
}

func unknownIn(schemas huma.Registry, schema *huma.Schema, within string, value any) (problems []survey.Problem) {
	if schema.Ref != "" {
		schema = schemas.SchemaFromRef(schema.Ref)
	}
	fields, _ := value.(map[string]any)
	if schema.AdditionalProperties != false {
		return nil // by names that surveys declare
	}
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		if field := schema.Properties[name]; field != nil {
			problems = append(problems, unknownIn(schemas, field, within+name+".", fields[name])...)
			continue
		}
		allowed := slices.Sorted(maps.Keys(schema.Properties))
		problems = append(problems, survey.Problem{Location: within + name, Message: "unknown field; allowed here: " + strings.Join(allowed, ", ")})
	}
	return problems
}

// complete fills in what a server left out.
func (a *api) complete(ctx context.Context, site *catalog.Site, id string, newest int, batch *intake.Batch) error {
	if batch.SentAt == 0 {
		batch.SentAt = a.Now().UnixMilli()
	}
	var open []string
	for i := range batch.Items {
		r := &batch.Items[i].Response
		if r.Version == 0 || r.ShownAt == 0 {
			open = append(open, r.ID)
		}
		r.Survey = id
		r.Seq = cmp.Or(r.Seq, 1)
		r.State = cmp.Or(r.State, survey.Completed)
	}
	if len(open) == 0 {
		return nil
	}
	// A version may have been published since the response was sent first: that it answers the one before stays so.
	stored, err := a.Store.AskedBefore(ctx, site.ID, open)
	if err != nil {
		return err
	}
	ahead := batch.SentAt - a.Now().UnixMilli() // the sender's clock, of ours
	for i := range batch.Items {
		r := &batch.Items[i].Response
		asked, known := stored[r.ID]
		r.Version = cmp.Or(r.Version, asked.Version, newest)
		if r.ShownAt == 0 && known {
			r.ShownAt = asked.At.UnixMilli() + ahead
			if r.State == survey.Completed {
				r.CompletedAt = cmp.Or(r.CompletedAt, batch.SentAt)
			}
		}
		r.ShownAt = cmp.Or(r.ShownAt, batch.SentAt)
	}
	return nil
}
