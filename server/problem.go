package server

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"

	"example.com/kg/internal/query"
	"example.com/kg/internal/store"
)

// A Problem is the body of every error of the JSON API (RFC 9457).
type Problem struct {
	Type   string `json:"type" doc:"always about:blank: the status says what kind of problem it is"`
	Title  string `json:"title" doc:"what kind of problem it is"`
	Status int    `json:"status" doc:"the HTTP status"`
	Detail string `json:"detail,omitempty" doc:"what is wrong with this request, and what to do"`
	Name   string `json:"parameter,omitempty" doc:"the parameter that is wrong"`
}

func (p *Problem) Error() string { return p.Detail }

func problem(status int, detail string) *Problem {
	return &Problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Detail: detail}
}

// badParameter is a problem with one of the parameters of a request.
func badParameter(name string, err error) *Problem {
	p := problem(http.StatusBadRequest, err.Error())
	p.Name = name
	return p
}

// problemOf finds the status that fits an error.
func problemOf(err error) *Problem {
	var p *Problem
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &p):
		return p
	case errors.As(err, &large):
		return problem(http.StatusRequestEntityTooLarge, "the body is larger than the server takes")
	case errors.Is(err, query.ErrFull), errors.Is(err, store.ErrBusy), errors.Is(err, errComputing):
		return problem(http.StatusServiceUnavailable, err.Error())
	case errors.Is(err, query.ErrTime), errors.Is(err, context.DeadlineExceeded):
		return problem(http.StatusGatewayTimeout, err.Error())
	case errors.Is(err, query.ErrMemory), errors.Is(err, query.ErrCrash):
		return problem(http.StatusInternalServerError, err.Error())
	case errors.Is(err, store.ErrNoSource):
		return problem(http.StatusNotFound, err.Error())
	case errors.Is(err, context.Canceled):
		return problem(http.StatusServiceUnavailable, "the server stops")
	}
	return problem(http.StatusInternalServerError, err.Error())
}

func writeProblem(w http.ResponseWriter, p *Problem) {
	h := w.Header()
	h.Set("Content-Type", "application/problem+json")
	h.Set("Cache-Control", "no-store")
	h.Del("ETag")
	if p.Status == http.StatusServiceUnavailable {
		h.Set("Retry-After", "1")
	}
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p) // whoever asked may have gone
}
