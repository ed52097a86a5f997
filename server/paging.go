package server

import (
	"net/url"
	"strconv"
)

// Paging of lists.
const (
	defaultPage = 100
	maxPage     = 1000
)

// pageParams are the parameters of a list whose pages begin behind a key.
func pageParams(key string) []param {
	return []param{
		{name: "limit", kind: integerKind, doc: "at most so many", def: strconv.Itoa(defaultPage), low: 1, high: maxPage},
		{name: "after", doc: "begin behind this " + key + ": the next of the page before"},
	}
}

// A Page says where a list goes on.
type Page struct {
	Next string `json:"next,omitempty" doc:"the after of the next page; absent on the last one"`
	Link string `json:"next_url,omitempty" doc:"the next page, relative to the host"`
}

// next is the page behind the item with that key.
func (c *call) next(key string) Page {
	q := url.Values{}
	for name, values := range c.query {
		q[name] = values
	}
	q.Set("after", key)
	return Page{Next: key, Link: c.r.URL.Path + "?" + q.Encode()}
}
