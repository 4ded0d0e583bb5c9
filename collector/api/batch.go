package api

import (
	"encoding/json"
	"errors"
	"reflect"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"

	"github.com/askwell/askwell/collector/intake"
	"github.com/askwell/askwell/collector/survey"
)

// Limits of what a page may send at once.
const (
	maxBody  = 64 << 10 // what browsers let a page send while it is left (keepalive)
	maxItems = 50
	maxDepth = 8
)

// batch is the body of POST /w/{site}.
type batch struct {
	SentAt    int64             `json:"sent_at" doc:"By the page's clock: times are corrected by how it differs from the collector's"`
	Responses []survey.Response `json:"responses" maxItems:"50"`
}

// receipt is the answer: what is on disk, and what never will be.
type receipt struct {
	Accepted []string    `json:"accepted" doc:"Ids that are stored; the sender may forget them"`
	Rejected []rejection `json:"rejected" doc:"Sending these again would not help"`
}

type rejection struct {
	ID      string           `json:"id"`
	Problem *huma.ErrorModel `json:"problem"`
}

// decodeBatch reads a body in one pass, and item by item only where one of them does not fit.
func decodeBatch(body []byte) (*intake.Batch, error) {
	if !utf8.Valid(body) {
		return nil, survey.Errorf(survey.Malformed, "the body is not UTF-8")
	}
	if d := depth(body); d > maxDepth {
		return nil, survey.Errorf(survey.Malformed, "the body nests %d deep, at most %d is allowed", d, maxDepth)
	}
	var b batch
	var wrong *json.UnmarshalTypeError
	err := json.Unmarshal(body, &b)
	switch {
	case err == nil:
		if err := checkCount(len(b.Responses)); err != nil {
			return nil, err
		}
		out := &intake.Batch{SentAt: b.SentAt, Items: make([]intake.Item, len(b.Responses))}
		for i, r := range b.Responses {
			out.Items[i].Response = r
		}
		return out, nil
	case !errors.As(err, &wrong):
		return nil, survey.Errorf(survey.Malformed, "the body is not JSON: %v", err)
	}
	return decodeItems(body)
}

func decodeItems(body []byte) (*intake.Batch, error) {
	var b struct {
		SentAt    int64             `json:"sent_at"`
		Responses []json.RawMessage `json:"responses"`
	}
	if err := json.Unmarshal(body, &b); err != nil {
		return nil, survey.Errorf(survey.Malformed, "the body is not a batch: {\"sent_at\": milliseconds, \"responses\": […]}")
	}
	if err := checkCount(len(b.Responses)); err != nil {
		return nil, err
	}
	out := &intake.Batch{SentAt: b.SentAt, Items: make([]intake.Item, len(b.Responses))}
	for i, raw := range b.Responses {
		if err := json.Unmarshal(raw, &out.Items[i].Response); err != nil {
			out.Items[i].Err = &survey.Error{Code: survey.Invalid, Message: "the response is not valid", Problems: []survey.Problem{mismatch(err)}}
		}
	}
	return out, nil
}

// mismatch says where a value has the wrong type.
func mismatch(err error) survey.Problem {
	var wrong *json.UnmarshalTypeError
	if !errors.As(err, &wrong) {
		return survey.Problem{Message: err.Error()}
	}
	return survey.Problem{Location: wrong.Field, Message: "expected " + jsonType(wrong.Type) + ", not " + wrong.Value}
}

func checkCount(n int) error {
	if n > maxItems {
		return survey.Errorf(survey.TooLarge, "the batch has %d responses, at most %d are allowed", n, maxItems)
	}
	return nil
}

// depth is how deep objects and lists nest; brackets in strings do not count.
func depth(body []byte) (deepest int) {
	level, inString := 0, false
	for i := 0; i < len(body); i++ {
		switch b := body[i]; {
		case inString && b == '\\':
			i++
		case b == '"':
			inString = !inString
		case inString:
		case b == '{' || b == '[':
			level++
			deepest = max(deepest, level)
		case b == '}' || b == ']':
			level--
		}
	}
	return deepest
}

// jsonType is what JSON calls a Go type.
func jsonType(t reflect.Type) string {
	switch t.Kind() {
	case reflect.String:
		return "string"
	case reflect.Bool:
		return "boolean"
	case reflect.Int, reflect.Int64:
		return "a whole number"
	case reflect.Float64:
		return "number"
	case reflect.Slice:
		return "list"
	}
	return "object"
}
