package server

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"example.com/kg/schema"
)

// apiPrefix is the root of the JSON API.
const apiPrefix = "/api/kg/v1"

// A route is one method on one path of the JSON API: what it takes, what it
// answers, and how.
type route struct {
	method  string
	path    string // under apiPrefix
	name    string // operationId
	summary string
	doc     string
	params  []param

	body     string // what the request's body is; empty: there is none
	takes    []string
	write    bool   // needs the token, and is there only if writing is allowed
	answer   any    // zero value of what is answered as JSON; nil: produces
	produces string // media type of another answer
	fresh    bool   // the answer depends on more than the store, so it has no ETag

	handle func(*Server, *call) error
}

// apiTable lists the routes, in the order of the description.
func apiTable() []route {
	return []route{
		statsRoute(), vocabularyRoute(),
		claimsRoute(), claimRoute(), sourcesRoute(), entitiesRoute(), entityRoute(), edgesRoute(),
		rankRoute(), communitiesRoute(), exportRoute(),
		loadRoute(), retractRoute(), jobRoute(),
	}
}

// A param is a parameter in the query, or in the path where the path names it.
type param struct {
	name string
	kind kind
	many bool // may be given more than once
	doc  string
	enum []string
	def  string // default, for the description
	low  float64
	high float64 // numbers; both zero: no bounds
}

type kind uint8

const (
	textKind kind = iota
	integerKind
	numberKind
	booleanKind
)

// check reads values of the parameter as far as its kind says.
func (p *param) check(values []string) error {
	if len(values) > 1 && !p.many {
		return fmt.Errorf("it is given %d times, and may be given once", len(values))
	}
	for _, v := range values {
		if err := p.checkOne(v); err != nil {
			return err
		}
	}
	return nil
}

func (p *param) checkOne(v string) error {
	var x float64
	var err error
	switch p.kind {
	case textKind:
		if len(p.enum) > 0 && !slices.Contains(p.enum, v) {
			return fmt.Errorf("%q: expected one of %s", v, strings.Join(p.enum, ", "))
		}
		return nil
	case booleanKind:
		if v != "true" && v != "false" {
			return fmt.Errorf("%q: expected true or false", v)
		}
		return nil
	case integerKind:
		var n int64
		n, err = strconv.ParseInt(v, 10, 32)
		x = float64(n)
	case numberKind:
		x, err = strconv.ParseFloat(v, 64)
	}
	if err != nil || x != x {
		return fmt.Errorf("%q: expected a number", v)
	}
	if (p.low != 0 || p.high != 0) && (x < p.low || x > p.high) {
		return fmt.Errorf("%s: expected %v to %v", v, p.low, p.high)
	}
	return nil
}

// A call is one request to a route, its parameters checked.
type call struct {
	w     http.ResponseWriter
	r     *http.Request
	route *route
	view  *view
	query url.Values
}

func (c *call) text(name string) string    { return c.query.Get(name) }
func (c *call) texts(name string) []string { return c.query[name] }
func (c *call) flag(name string) bool      { return c.query.Get(name) == "true" }

func (c *call) integer(name string, absent int) int {
	if n, err := strconv.Atoi(c.query.Get(name)); err == nil {
		return n
	}
	return absent
}

func (c *call) number(name string, absent float64) float64 {
	if x, err := strconv.ParseFloat(c.query.Get(name), 64); err == nil {
		return x
	}
	return absent
}

// key tells requests apart whose answers may differ.
func (c *call) key() string {
	return strconv.FormatUint(c.view.epoch, 10) + " " + c.route.path + "?" + c.query.Encode()
}

// catalog is what is known beside the claims. It is not changed.
func (c *call) catalog() (*schema.Catalog, error) { return c.view.catalog() }

// send answers with a value as JSON.
func (c *call) send(status int, v any) error {
	body, err := encode(v)
	if err != nil {
		return err
	}
	return c.sendBody(status, body)
}

func (c *call) sendBody(status int, body []byte) error {
	c.w.Header().Set("Content-Type", "application/json")
	c.w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	c.w.WriteHeader(status)
	_, _ = c.w.Write(body) // whoever asked may have gone
	return nil
}

func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return b.Bytes(), err
}

// apiRoutes adds the JSON API and its description.
func (s *Server) apiRoutes(mux *http.ServeMux) {
	table := apiTable()
	for i := range table {
		if !table[i].write || s.opts.AllowWrite {
			mux.Handle(table[i].method+" "+apiPrefix+table[i].path, s.handler(&table[i]))
			continue
		}
		mux.HandleFunc(table[i].method+" "+apiPrefix+table[i].path, func(w http.ResponseWriter, _ *http.Request) {
			writeProblem(w, problem(http.StatusForbidden, "this server does not write; start it with --allow-write and --token-file"))
		})
	}
	mux.Handle("GET "+apiPrefix+"/openapi.json", s.describe(table))
	mux.HandleFunc(apiPrefix+"/", func(w http.ResponseWriter, r *http.Request) {
		status := http.StatusNotFound
		for i := range table {
			if ok, _ := pathMatches(table[i].path, strings.TrimPrefix(r.URL.Path, apiPrefix)); ok {
				status = http.StatusMethodNotAllowed
				w.Header().Set("Allow", table[i].method)
			}
		}
		writeProblem(w, problem(status, "see "+apiPrefix+"/openapi.json for what there is"))
	})
}

// pathMatches compares a path with a pattern of mux, in which {x} is any segment.
func pathMatches(pattern, path string) (bool, error) {
	a, b := strings.Split(pattern, "/"), strings.Split(path, "/")
	if len(a) != len(b) {
		return false, nil
	}
	for i := range a {
		if a[i] != b[i] && !strings.HasPrefix(a[i], "{") {
			return false, nil
		}
	}
	return true, nil
}

// handler does for all routes what they have in common.
func (s *Server) handler(rt *route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c := &call{w: w, r: r, route: rt}
		err := s.prepare(c)
		if err == nil {
			c.view = s.views.acquire()
			defer s.views.release(c.view)
			if s.unchanged(c) {
				return
			}
			err = rt.handle(s, c)
		}
		if err == nil {
			return
		}
		p := problemOf(err)
		if r.Context().Err() != nil && errors.Is(err, context.Canceled) {
			return // whoever asked has gone
		}
		if p.Status >= 500 {
			s.log.Warn("a request failed", "path", r.URL.Path, "status", p.Status, "error", err)
		}
		writeProblem(w, p)
	})
}

// prepare checks the token and the parameters.
func (s *Server) prepare(c *call) error {
	if c.route.write && !s.guard.authorized(c.r, false) {
		c.w.Header().Set("WWW-Authenticate", `Bearer realm="kg"`)
		return problem(http.StatusUnauthorized, "writing needs the token: Authorization: Bearer TOKEN")
	}
	if c.route.body == "" && c.r.ContentLength != 0 {
		return problem(http.StatusBadRequest, "this route takes no body")
	}
	var err error
	if c.query, err = url.ParseQuery(c.r.URL.RawQuery); err != nil {
		return problem(http.StatusBadRequest, "the query of the URL cannot be read: "+err.Error())
	}
	for name, values := range c.query {
		i := slices.IndexFunc(c.route.params, func(p param) bool { return p.name == name })
		if i < 0 {
			return badParameter(name, fmt.Errorf("there is no parameter %q here%s", name, c.route.near(name)))
		}
		if err := c.route.params[i].check(values); err != nil {
			return badParameter(name, err)
		}
	}
	return nil
}

func (rt *route) near(name string) string {
	var names []string
	for _, p := range rt.params {
		names = append(names, p.name)
	}
	if n, ok := schema.Nearest(name, names); ok {
		return "; did you mean " + n + "?"
	}
	return ""
}

// unchanged sets the headers of a cache, and answers 304 if the one who asks
// has the answer over this state of the store already.
func (s *Server) unchanged(c *call) bool {
	h := c.w.Header()
	h.Set("KG-Generation", strconv.FormatUint(c.view.generation, 10))
	if c.route.fresh || c.route.method != http.MethodGet {
		h.Set("Cache-Control", "no-store")
		return false
	}
	h.Set("Cache-Control", "private, no-cache") // may be kept, and is to be asked for
	h.Set("ETag", c.view.tag)
	for _, tag := range strings.Split(c.r.Header.Get("If-None-Match"), ",") {
		if tag = strings.TrimPrefix(strings.TrimSpace(tag), "W/"); tag == c.view.tag || tag == "*" {
			c.w.WriteHeader(http.StatusNotModified)
			return true
		}
	}
	return false
}

// patience gives a client that waits for long work more than the server's own
// time to read the answer.
func (s *Server) patience(w http.ResponseWriter) {
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(s.opts.ComputeTimeout + computeWait + writeTime))
}
