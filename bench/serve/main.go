// Command serve measures kg serve beside stock Cayley's HTTP server, with wrk,
// in one run, and prints a table as Markdown.
//
//	serve -kg KG -stock CAYLEY -db STORE [-rounds 5] [-seconds 5] [-connections 4]
//	serve -kg KG -db STORE -soak 30m
//
// Rounds alternate between the two servers, so that both meet the same machine;
// a figure is the median of the rounds, the ratio that of the medians of pairs.
// -soak keeps kg serve under full load, of all its routes, and prints its memory
// and its errors every minute. bench/stock says how to build stock Cayley; wrk is
// Debian's.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

type options struct {
	kg, stock, db               string
	rounds, seconds, connection int
	soak                        time.Duration
	query                       string
}

func main() {
	var o options
	flag.StringVar(&o.kg, "kg", "kg", "the program kg")
	flag.StringVar(&o.stock, "stock", "", "stock Cayley; empty: kg alone")
	flag.StringVar(&o.db, "db", "kg.db", "the store")
	flag.IntVar(&o.rounds, "rounds", 5, "how often each is measured")
	flag.IntVar(&o.seconds, "seconds", 5, "how long each time")
	flag.IntVar(&o.connection, "connections", 4, "of wrk")
	flag.DurationVar(&o.soak, "soak", 0, "keep kg under load for so long instead")
	flag.StringVar(&o.query, "query", `g.V("<kg:Turkey>").Out("<kg:supplies>").All()`, "the one-hop query")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, &o, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "serve:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, o *options, out io.Writer) error {
	dir, err := os.MkdirTemp("", "bench-serve-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	lua := filepath.Join(dir, "query.lua")
	if err := os.WriteFile(lua, fmt.Appendf(nil, "wrk.method = \"POST\"\nwrk.body = %q\n", o.query), 0o600); err != nil {
		return err
	}
	kg, err := start(ctx, []string{o.kg, "serve", "--db", o.db, "--addr"})
	if err != nil {
		return err
	}
	defer kg.stop()
	if o.soak > 0 {
		return soak(ctx, o, kg, lua, out)
	}
	var stock *process
	if o.stock != "" {
		copied := filepath.Join(dir, "stock")
		if err := os.CopyFS(copied, os.DirFS(o.db)); err != nil {
			return err
		}
		if stock, err = start(ctx, []string{o.stock, "http", "-d", "bolt", "-a", copied, "--read_only", "--host"}); err != nil {
			return err
		}
		defer stock.stop()
	}
	return compare(ctx, o, kg, stock, lua, out)
}

// A process is a server under load.
type process struct {
	cmd *exec.Cmd
	url string
}

// start starts a server on a free port, which is the last argument, and waits
// until it answers.
func start(ctx context.Context, argv []string) (*process, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	addr := l.Addr().String()
	l.Close()
	p := &process{exec.CommandContext(ctx, argv[0], append(argv[1:], addr)...), "http://" + addr}
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	for range 100 {
		if resp, err := http.Get(p.url + "/api/v2/formats"); err == nil {
			resp.Body.Close()
			return p, nil
		}
		time.Sleep(100 * time.Millisecond)
	}
	p.stop()
	return nil, fmt.Errorf("%s does not answer", argv[0])
}

func (p *process) stop() {
	p.cmd.Process.Signal(os.Interrupt)
	p.cmd.Wait()
}

// A load is what wrk measured.
type load struct {
	rate, p50, p99 float64 // requests/s, ms
	errors         int
}

var (
	ratePattern  = regexp.MustCompile(`Requests/sec:\s+([\d.]+)`)
	timePattern  = regexp.MustCompile(`(50|99)%\s+([\d.]+)(us|ms|s|m)`)
	errorPattern = regexp.MustCompile(`Non-2xx or 3xx responses: (\d+)`)
	socketErrors = regexp.MustCompile(`Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)`)
)

func wrk(ctx context.Context, url string, seconds, connections int, lua string) (load, error) {
	args := []string{"-t1", "-c" + strconv.Itoa(connections), "-d" + strconv.Itoa(seconds) + "s", "--latency", "--timeout", "30s"}
	if lua != "" {
		args = append(args, "-s", lua)
	}
	out, err := exec.CommandContext(ctx, "wrk", append(args, url)...).Output()
	if err != nil {
		return load{}, fmt.Errorf("wrk: %w", err)
	}
	var l load
	text := string(out)
	if m := ratePattern.FindStringSubmatch(text); m != nil {
		l.rate, _ = strconv.ParseFloat(m[1], 64)
	}
	for _, m := range timePattern.FindAllStringSubmatch(text, -1) {
		x, _ := strconv.ParseFloat(m[2], 64)
		x *= map[string]float64{"us": 0.001, "ms": 1, "s": 1000, "m": 60000}[m[3]]
		if m[1] == "50" {
			l.p50 = x
		} else {
			l.p99 = x
		}
	}
	for _, m := range [][]string{errorPattern.FindStringSubmatch(text), socketErrors.FindStringSubmatch(text)} {
		for i := 1; i < len(m); i++ {
			n, _ := strconv.Atoi(m[i])
			l.errors += n
		}
	}
	return l, nil
}

// A target is a line of the table.
type target struct {
	name, path string
	query      bool // also asked of stock
}

var targets = []target{
	{name: "one-hop Gizmo query", path: "/api/v1/query/gizmo", query: true},
	{name: "a page of claims", path: "/api/kg/v1/claims?limit=100"},
	{name: "rank, kept", path: "/api/kg/v1/rank"},
	{name: "start page", path: "/kg/"},
}

func compare(ctx context.Context, o *options, kg, stock *process, lua string, out io.Writer) error {
	fmt.Fprintf(out, "| what | server | requests/s | p50 ms | p99 ms | errors | to stock |\n|---|---|--:|--:|--:|--:|--:|\n")
	for _, t := range targets {
		script, servers := "", []*process{kg}
		if t.query {
			script = lua
			if stock != nil {
				servers = append(servers, stock)
			}
		}
		loads := make([][]load, len(servers))
		for range o.rounds {
			for i, s := range servers {
				l, err := wrk(ctx, s.url+t.path, o.seconds, o.connection, script)
				if err != nil {
					return err
				}
				loads[i] = append(loads[i], l)
			}
		}
		for i, name := range []string{"kg", "stock"}[:len(servers)] {
			ratio := ""
			if i == 0 && len(servers) == 2 {
				var rs []float64
				for k := range loads[0] {
					rs = append(rs, loads[0][k].rate/loads[1][k].rate)
				}
				ratio = fmt.Sprintf("%.2f (%.2f to %.2f)", median(rs), slices.Min(rs), slices.Max(rs))
			}
			row(out, t.name, name, loads[i], ratio)
		}
	}
	l, err := freshRanks(ctx, kg, time.Duration(o.seconds)*time.Second)
	if err == nil {
		row(out, "rank, each another", "kg", []load{l}, "")
	}
	return err
}

func row(out io.Writer, what, server string, ls []load, ratio string) {
	var rate, p50, p99 []float64
	errs := 0
	for _, l := range ls {
		rate, p50, p99 = append(rate, l.rate), append(p50, l.p50), append(p99, l.p99)
		errs += l.errors
	}
	fmt.Fprintf(out, "| %s | %s | %.0f | %.2f | %.2f | %d | %s |\n", what, server, median(rate), median(p50), median(p99), errs, ratio)
}

func median(xs []float64) float64 {
	xs = slices.Sorted(slices.Values(xs))
	return (xs[(len(xs)-1)/2] + xs[len(xs)/2]) / 2
}

// freshRanks asks for rankings that nobody has asked for before, one after the
// other.
func freshRanks(ctx context.Context, kg *process, d time.Duration) (load, error) {
	var took []float64
	l := load{}
	for begin := time.Now(); time.Since(begin) < d && ctx.Err() == nil; {
		one := time.Now()
		resp, err := http.Get(fmt.Sprintf("%s/api/kg/v1/rank?min-confidence=%.9f", kg.url, float64(len(took)+1)/1e9))
		if err != nil {
			return l, err
		}
		_, err = io.Copy(io.Discard, resp.Body)
		if err = errors.Join(err, resp.Body.Close()); err != nil {
			return l, err
		}
		if resp.StatusCode != http.StatusOK {
			l.errors++
		}
		took = append(took, float64(time.Since(one).Microseconds())/1000)
	}
	slices.Sort(took)
	l.rate, l.p50, l.p99 = float64(len(took))/d.Seconds(), took[len(took)/2], took[len(took)*99/100]
	return l, nil
}

// soak keeps the server under load and prints its memory.
func soak(ctx context.Context, o *options, kg *process, lua string, out io.Writer) error {
	fmt.Fprintf(out, "| minute | queries/s | claims/s | rank/s | errors | server MB | processes MB |\n|--:|--:|--:|--:|--:|--:|--:|\n")
	step := min(time.Minute, max(o.soak/10, 5*time.Second))
	seconds := int(step.Seconds())
	for begin := time.Now(); time.Since(begin) < o.soak && ctx.Err() == nil; {
		paths := []string{"/api/v1/query/gizmo", "/api/kg/v1/claims?limit=100", "/api/kg/v1/rank"}
		loads, failed := make([]load, len(paths)), make([]error, len(paths))
		done := make(chan struct{})
		for i, path := range paths {
			go func() {
				defer func() { done <- struct{}{} }()
				script := ""
				if i == 0 {
					script = lua
				}
				loads[i], failed[i] = wrk(ctx, kg.url+path, seconds, o.connection, script)
			}()
		}
		for range paths {
			<-done
		}
		if err := errors.Join(failed...); err != nil {
			return err
		}
		server, workers := memory(kg.cmd.Process.Pid)
		fmt.Fprintf(out, "| %.1f | %.0f | %.0f | %.0f | %d | %d | %d |\n", time.Since(begin).Minutes(),
			loads[0].rate, loads[1].rate, loads[2].rate, loads[0].errors+loads[1].errors+loads[2].errors, server, workers)
	}
	return nil
}

// memory is the resident memory of a process and of its children, in MB,
// without the pages of files.
func memory(pid int) (own, children int) {
	entries, _ := filepath.Glob("/proc/[0-9]*/status")
	for _, path := range entries {
		data, err := os.ReadFile(path)
		if err != nil {
			continue // it has ended
		}
		field := map[string]string{}
		for line := range strings.Lines(string(data)) {
			name, value, _ := strings.Cut(line, ":")
			field[name] = strings.TrimSuffix(strings.TrimSpace(value), " kB")
		}
		kb, _ := strconv.Atoi(field["RssAnon"])
		switch strconv.Itoa(pid) {
		case field["Pid"]:
			own = kb / 1024
		case field["PPid"]:
			children += kb / 1024
		}
	}
	return own, children
}
