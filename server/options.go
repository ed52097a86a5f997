package server

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"strings"
	"time"

	"example.com/kg/internal/query"
)

// DefaultAddr is where Cayley listens, and kg.
const DefaultAddr = "127.0.0.1:64210"

// Defaults of [Options].
const (
	DefaultMaxResults     = 10_000
	DefaultMaxLoad        = 256 << 20
	DefaultComputeTimeout = 5 * time.Minute
)

// Options say what is served, and to whom. Only Dir has no default.
type Options struct {
	Dir  string // the folder of the store
	Addr string // where to listen; empty: DefaultAddr

	// AllowHosts are names, beside localhost and the addresses of the
	// machine, under which the server may be asked. Others are refused,
	// since any name on the web can be made to lead here (DNS rebinding).
	AllowHosts []string
	// AllowOrigins are the origins of pages on other sites that may read
	// and, with the token, write: "https://example.org".
	AllowOrigins []string

	// Token is asked for from writers, and beyond loopback from all.
	Token string
	// AllowWrite lets those who have the token load and retract.
	AllowWrite bool
	// TLS reports whether the listener is one of TLS.
	TLS bool
	// Insecure allows to listen beyond loopback without TLS or token.
	Insecure bool

	Pool           query.PoolOptions // its Dir and Observe are set by New
	MaxResults     int               // of a query on Cayley's routes; zero: DefaultMaxResults
	MaxLoad        int64             // bytes of a file to be loaded; zero: DefaultMaxLoad
	ComputeTimeout time.Duration     // of rank, communities and exports; zero: DefaultComputeTimeout
	Threads        int               // for analysis; zero: all cores
	WriteWait      time.Duration     // for another writer of the store; zero: that of package store

	Log     *slog.Logger // nil: none
	Version string       // of kg, for the description of the API
}

// An UnsafeError is a set of options that would open the store to others.
type UnsafeError struct{ msg string }

func (e *UnsafeError) Error() string { return e.msg }

func (o *Options) setDefaults() {
	if o.Addr == "" {
		o.Addr = DefaultAddr
	}
	if o.MaxResults == 0 {
		o.MaxResults = DefaultMaxResults
	}
	if o.MaxLoad == 0 {
		o.MaxLoad = DefaultMaxLoad
	}
	if o.ComputeTimeout == 0 {
		o.ComputeTimeout = DefaultComputeTimeout
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Version == "" {
		o.Version = "devel"
	}
}

// Check reports, as an [UnsafeError] or as a mistake in an address or origin,
// why the options cannot be served.
func (o *Options) Check() error {
	host, _, err := net.SplitHostPort(o.addr())
	if err != nil {
		return fmt.Errorf("the address %q: %w; expected HOST:PORT, as in %s", o.Addr, err, DefaultAddr)
	}
	for _, origin := range o.AllowOrigins {
		u, err := url.Parse(origin)
		if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") || u.Scheme+"://"+u.Host != origin {
			return fmt.Errorf("the origin %q: expected one like https://example.org", origin)
		}
	}
	switch {
	case o.AllowWrite && o.Token == "":
		return &UnsafeError{"writing needs a token: name a file that holds one"}
	case isLoopback(host) || o.Insecure:
		return nil
	case o.Token == "" || !o.TLS:
		return &UnsafeError{fmt.Sprintf("%s can be reached by others: that needs a token and TLS", o.Addr)}
	}
	return nil
}

func (o *Options) addr() string {
	if o.Addr == "" {
		return DefaultAddr
	}
	return o.Addr
}

// beyondLoopback reports whether others than this machine can ask.
func (o *Options) beyondLoopback() bool {
	host, _, err := net.SplitHostPort(o.addr())
	return err != nil || !isLoopback(host)
}

func isLoopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

// minToken is how long a token is at least. A file made by
// "openssl rand -hex 16" has 32.
const minToken = 16

// ParseToken reads the content of a token file: one line of visible ASCII.
func ParseToken(data []byte) (string, error) {
	token := strings.TrimSpace(string(data))
	if len(token) < minToken {
		return "", fmt.Errorf("it has %d characters, and needs %d at least", len(token), minToken)
	}
	for _, r := range token {
		if r <= ' ' || r > '~' {
			return "", errors.New("it may hold one line of visible ASCII characters")
		}
	}
	return token, nil
}

func hashToken(s string) [sha256.Size]byte { return sha256.Sum256([]byte(s)) }
