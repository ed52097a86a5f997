package server

import (
	"crypto/subtle"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// A refusal is an answer that the guard gives in place of a route.
type refusal struct {
	status int
	title  string
	detail string
}

// A guard decides who may ask what, by the head of a request alone.
type guard struct {
	hosts     []string // lower case
	origins   []string
	scheme    string
	token     [32]byte
	readToken bool // readers need it too
	hasToken  bool
}

func newGuard(o *Options) *guard {
	g := &guard{origins: o.AllowOrigins, scheme: "http", hasToken: o.Token != ""}
	for _, h := range o.AllowHosts {
		g.hosts = append(g.hosts, strings.ToLower(h))
	}
	if host, _, err := net.SplitHostPort(o.addr()); err == nil && host != "" && net.ParseIP(host) == nil {
		g.hosts = append(g.hosts, strings.ToLower(host))
	}
	if o.TLS {
		g.scheme = "https"
	}
	if g.hasToken {
		g.token = hashToken(o.Token)
		g.readToken = o.beyondLoopback()
	}
	return g
}

// check returns nil for a request that may go on.
func (g *guard) check(r *http.Request) *refusal {
	if bad := badPath(r.URL); bad {
		return &refusal{http.StatusBadRequest, "Bad path", "the path may not hold empty or dot segments, backslashes or control characters"}
	}
	if !g.hostAllowed(r) {
		return &refusal{http.StatusMisdirectedRequest, "Unknown host", "this server is asked as localhost, by its address, or by a name that it was told (--allow-host)"}
	}
	if !g.originAllowed(r) {
		return &refusal{http.StatusForbidden, "Another site asks", "pages of other sites may not ask this server, unless it was told their origin (--allow-origin)"}
	}
	if g.readToken && !g.authorized(r, true) && r.Method != http.MethodOptions {
		return &refusal{http.StatusUnauthorized, "Token needed", "send the token: Authorization: Bearer TOKEN, or as the password of any user"}
	}
	return nil
}

// badPath reports what no route has and what is only used to leave a folder.
func badPath(u *url.URL) bool {
	p := u.Path
	if !strings.HasPrefix(p, "/") || strings.ContainsAny(p, "\\\x00\r\n") || len(p) > 2048 {
		return true
	}
	for i, s := range strings.Split(p[1:], "/") {
		if s == "." || s == ".." || s == "" && i < strings.Count(p[1:], "/") {
			return true
		}
	}
	return false
}

// hostAllowed reports whether the request is meant for this server: under a
// name that it was told, or under an address that it came in on. A page whose
// own name was made to lead here sends that name.
func (g *guard) hostAllowed(r *http.Request) bool {
	host := r.Host
	if h, _, err := net.SplitHostPort(r.Host); err == nil {
		host = h
	}
	host = strings.ToLower(strings.TrimSuffix(strings.TrimPrefix(host, "["), "]"))
	if isLoopback(host) || slices.Contains(g.hosts, host) {
		return true
	}
	ip := net.ParseIP(host)
	local, ok := r.Context().Value(http.LocalAddrContextKey).(*net.TCPAddr)
	return ip != nil && ok && ip.Equal(local.IP)
}

// originAllowed reports whether no other site made the browser ask.
func (g *guard) originAllowed(r *http.Request) bool {
	if origin := r.Header.Get("Origin"); origin != "" {
		return origin == g.scheme+"://"+r.Host || slices.Contains(g.origins, origin)
	}
	switch r.Header.Get("Sec-Fetch-Site") {
	case "same-origin", "none": // none: typed, or a bookmark
		return true
	case "": // no browser, or an old one
		return sameHost(r.Header.Get("Referer"), r.Host)
	}
	// A link on another page may lead to ours, but not to data.
	return r.Method == http.MethodGet && r.Header.Get("Sec-Fetch-Mode") == "navigate" &&
		r.Header.Get("Sec-Fetch-Dest") == "document" && isPage(r.URL.Path)
}

func sameHost(referer, host string) bool {
	if referer == "" {
		return true
	}
	u, err := url.Parse(referer)
	return err == nil && u.Host == host
}

// isPage reports whether a path shows something for people and starts nothing.
func isPage(path string) bool {
	return path == "/" || path == "/kg/" || strings.HasPrefix(path, "/ui/") || strings.HasPrefix(path, "/docs/")
}

// authorized reports whether the request carries the token. Browsers send a
// password by themselves, so it is good for reading alone.
func (g *guard) authorized(r *http.Request, password bool) bool {
	if !g.hasToken {
		return false
	}
	token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok && password {
		_, token, ok = r.BasicAuth()
	}
	sum := hashToken(token)
	return ok && subtle.ConstantTimeCompare(sum[:], g.token[:]) == 1
}

// cors answers for the pages of other sites that were allowed. It reports
// whether that was all that was asked.
func (g *guard) cors(w http.ResponseWriter, r *http.Request) (done bool) {
	if len(g.origins) == 0 {
		return false
	}
	w.Header().Add("Vary", "Origin")
	origin := r.Header.Get("Origin")
	if !slices.Contains(g.origins, origin) {
		return false
	}
	w.Header().Set("Access-Control-Allow-Origin", origin)
	w.Header().Set("Access-Control-Expose-Headers", "ETag, Location, KG-Generation")
	w.Header().Set("Cross-Origin-Resource-Policy", "cross-origin")
	if r.Method != http.MethodOptions || r.Header.Get("Access-Control-Request-Method") == "" {
		return false
	}
	w.Header().Set("Access-Control-Allow-Methods", "GET, HEAD, POST")
	w.Header().Set("Access-Control-Allow-Headers", "Accept, Authorization, Content-Type, If-None-Match, Prefer")
	w.Header().Set("Access-Control-Max-Age", "600")
	w.WriteHeader(http.StatusNoContent)
	return true
}

// Policies of content. Cayley's pages have scripts and styles in their text,
// and their drawing library makes functions of text.
const (
	ownPolicy    = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
	dataPolicy   = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox"
	cayleyPolicy = "default-src 'none'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

// secure sets the headers that all answers have.
func secure(h http.Header, path string) {
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	switch {
	case path == "/" || strings.HasPrefix(path, "/ui/") || strings.HasPrefix(path, "/docs/"):
		h.Set("Content-Security-Policy", cayleyPolicy)
	case strings.HasPrefix(path, "/kg/"):
		h.Set("Content-Security-Policy", ownPolicy)
	default:
		h.Set("Content-Security-Policy", dataPolicy)
	}
}
