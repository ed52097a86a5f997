package server

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

const (
	maxJobs = 64
	// asyncWait is how long even those are kept waiting who would rather not wait.
	asyncWait = 100 * time.Millisecond
	longDoc   = "With the header \"Prefer: respond-async\" (RFC 7240) long work is answered with 202 and a job, which tells how far it has come and where its result is."
)

// Job is long work that someone did not want to wait for.
type Job struct {
	ID     string          `json:"id"`
	State  string          `json:"state" doc:"running, done or failed"`
	Steps  int64           `json:"steps,omitempty" doc:"how much is done of the step that is under way"`
	Total  int64           `json:"total,omitempty" doc:"of this much, or less"`
	URL    string          `json:"result_url,omitempty" doc:"where the result is, once it is done"`
	Result json.RawMessage `json:"result,omitempty" doc:"the result itself, where no URL gives it"`
	Error  *Problem        `json:"error,omitempty"`
}

// jobs are the long works that someone may ask about, the oldest first.
type jobs struct {
	mu   sync.Mutex
	list []*job
	last int
}

type job struct {
	id   string
	work *work[[]byte]
	url  string // of the result; empty: it is part of the job

}

func (j *job) done() bool {
	select {
	case <-j.work.done:
		return true
	default:
		return false
	}
}

// add remembers a work. It forgets the oldest that is done, if there are many.
func (js *jobs) add(w *work[[]byte], url string, leave func()) (*job, error) {
	js.mu.Lock()
	defer js.mu.Unlock()
	if len(js.list) == maxJobs {
		i := slices.IndexFunc(js.list, (*job).done)
		if i < 0 {
			return nil, problem(http.StatusServiceUnavailable, fmt.Sprintf("%d jobs are running already", maxJobs))
		}
		js.list = slices.Delete(js.list, i, i+1)
	}
	js.last++
	j := &job{id: fmt.Sprintf("%d-%s", js.last, nonce()), work: w, url: url}
	js.list = append(js.list, j)
	go func() {
		<-w.done
		leave()
	}()
	return j, nil
}

func (js *jobs) find(id string) *job {
	js.mu.Lock()
	defer js.mu.Unlock()
	for _, j := range js.list {
		if j.id == id {
			return j
		}
	}
	return nil
}

func (j *job) json() Job {
	out := Job{ID: j.id, State: "running", Steps: j.work.steps.Load(), Total: j.work.all.Load()}
	switch {
	case !j.done():
	case j.work.err != nil:
		out.State, out.Error = "failed", problemOf(j.work.err)
	default:
		out.State, out.URL = "done", j.url
		if j.url == "" {
			out.Result = j.work.value
		}
	}
	return out
}

func jobRoute() route {
	return route{
		method: "GET", path: "/jobs/{id}", name: "job", summary: "How far long work has come",
		params: []param{{name: "id", doc: "as the answer 202 gave it"}},
		answer: Job{}, fresh: true,
		handle: func(s *Server, c *call) error {
			j := s.jobs.find(c.r.PathValue("id"))
			if j == nil {
				return problem(http.StatusNotFound, "there is no such job; those that are done are forgotten after a while")
			}
			return c.send(http.StatusOK, j.json())
		},
	}
}

// prefersAsync reports whether the one who asks would rather come back.
func prefersAsync(r *http.Request) bool {
	for _, h := range r.Header.Values("Prefer") {
		for _, p := range strings.Split(h, ",") {
			if strings.EqualFold(strings.TrimSpace(p), "respond-async") {
				return true
			}
		}
	}
	return false
}

// long answers with what fn computes, once for all who ask the same over the
// same state of the store.
func (s *Server) long(c *call, fn func(context.Context, *work[[]byte]) ([]byte, error)) error {
	w := s.results.join(c.key(), fn, s.views.keep(c.view))
	return s.await(c, w, c.r.URL.RequestURI(), http.StatusOK, func() { s.results.leave(w) })
}

// await answers with the result of a work, or with a job.
func (s *Server) await(c *call, w *work[[]byte], url string, status int, leave func()) error {
	if !prefersAsync(c.r) {
		s.patience(c.w)
		defer leave()
		select {
		case <-w.done:
		case <-c.r.Context().Done():
			return c.r.Context().Err()
		}
		if w.err != nil {
			return w.err
		}
		return c.sendBody(status, w.value)
	}
	select {
	case <-w.done:
		defer leave()
		if w.err != nil {
			return w.err
		}
		return c.sendBody(status, w.value)
	case <-time.After(asyncWait):
	}
	j, err := s.jobs.add(w, url, leave)
	if err != nil {
		leave()
		return err
	}
	h := c.w.Header()
	h.Set("Location", apiPrefix+"/jobs/"+j.id)
	h.Set("Preference-Applied", "respond-async")
	h.Set("Cache-Control", "no-store")
	h.Del("ETag")
	return c.send(http.StatusAccepted, j.json())
}
