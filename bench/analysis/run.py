"""Measures kg's kernels beside their peers, and prints one table as Markdown.

    python run.py [--quick | --full] [--graphs G,...] [--peers P,...] [--tasks T,...]

It wants what ../setup installed (--parts), Go and a C compiler. What tasks are,
and how to read the table, is said in ../README.md.
"""

import argparse
import json
import os
import queue
import resource
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from statistics import median

import numpy as np

HERE = Path(__file__).resolve().parent
sys.dont_write_bytecode = True
sys.path.insert(0, str(HERE.parent))
import machine

# Tasks near linear come first, those of the undirected graph last; quadratic
# ones run in a process of their own, so that they cannot use up the others' time.
LINEAR = (
    "build pagerank eigenvector hits katz wcc scc bfs dijkstra paths "
    "kcore clustering articulation bridges louvain louvain_20 leiden leiden_20 betweenness_sampled"
).split()
QUADRATIC = "closeness harmonic betweenness edge_betweenness betweenness_undirected eccentricity".split()
TASKS = LINEAR + QUADRATIC

ITERATIVE = {"pagerank", "eigenvector", "hits", "katz"}
PARTS = {"wcc", "scc"}
COMMUNITIES = {"louvain", "leiden"}
DISTANCES = {"bfs", "dijkstra"}
TWENTY = {"louvain_20", "leiden_20"}

# How many seconds a peer gets for the near linear and for the quadratic tasks.
BUDGETS = {"icews14": (30, 60), "icews18": (45, 75), "rmat": (120, 0)}

GRAPHS = {
    "icews14": "ICEWS14",
    "icews18": "ICEWS18's shape",
    "rmat": "R-MAT",
}


class Peer:
    def __init__(self, name, command, threads):
        self.name, self.command, self.threads = name, command, threads
        self.env = {**os.environ, "OMP_NUM_THREADS": str(threads), "PYTHONDONTWRITEBYTECODE": "1"}
        self.version, self.tasks = "", set()  # as it says itself


def peers(parts, gopeers, hand):
    """The table of all peers. The first one is what the others are held against."""
    python = str(parts / "venv/bin/python")
    cores = os.cpu_count()

    def script(tool, interpreter=python):
        return [interpreter, str(HERE / f"peer_{tool}.py")]

    return [
        Peer(f"kg {cores}t", [gopeers, "--peer", "kg"], cores),
        Peer("kg 1t", [gopeers, "--peer", "kg"], 1),
        Peer("igraph 1t", script("igraph"), 1),
        Peer(f"graph-tool {cores}t", script("graphtool", "/usr/bin/python3"), cores),
        Peer(f"NetworKit {cores}t", script("networkit"), cores),
        Peer(f"GraphBLAS {cores}t", script("graphblas"), cores),
        Peer("gonum 1t", [gopeers, "--peer", "gonum"], cores),  # more than one for garbage
        Peer("NetworkX 1t", script("networkx"), 1),
        Peer(f"C {cores}t", [hand], cores),
        Peer("C 1t", [hand], 1),
    ]


def sh(*command, cwd=HERE):
    subprocess.run(command, cwd=cwd, check=True, stdout=sys.stderr)


def say(text):
    print(text, file=sys.stderr, flush=True)


def make_graphs(data, gen, quick):
    """Writes the edge lists that are not there yet, and returns those that can be had."""
    data.mkdir(parents=True, exist_ok=True)
    scale, edges = (17, 1_000_000) if quick else (21, 10_000_000)
    icews14 = HERE.parents[2] / "shared/fixtures/icews14"
    makes = {
        "icews14": ("icews14.tsv", ["icews14", "-from", str(icews14)]),
        "icews18": ("icews18.tsv", ["events"]),
        "rmat": (f"rmat-{scale}-{edges}.tsv", ["rmat", "-scale", str(scale), "-edges", str(edges)]),
    }
    paths = {}
    for name, (file, command) in makes.items():
        path = data / file
        if name == "icews14" and not icews14.exists():
            say("ICEWS14 is left out: ../shared/fixtures/icews14 is not there")
            continue
        if not path.exists():
            say(f"writing {path}")
            sh(gen, *command, "-o", str(path) + ".part")
            os.rename(str(path) + ".part", path)
        paths[name] = path
    return paths


class Graph:
    def __init__(self, name, path):
        self.name, self.path = name, path
        with open(path, "rb") as f:
            rows = np.fromfile(f, dtype=np.int64, sep=" ").reshape(-1, 3)
        self.n, self.m = int(rows[:, :2].max()) + 1, len(rows)
        self.src, self.dst = rows[:, 0].astype(np.uint32), rows[:, 1].astype(np.uint32)
        self.weight = rows[:, 2].astype(np.float64)
        # Searches begin where most arcs go out; paths end where most of the others come in.
        self.source = int(np.bincount(self.src, minlength=self.n).argmax())
        arriving = np.bincount(self.dst, minlength=self.n)
        arriving[self.source] = 0
        self.target = int(arriving.argmax())

    def modularity(self, of):
        of = of.astype(np.int64)
        total = self.weight.sum()
        inside = self.weight[of[self.src] == of[self.dst]].sum()
        strength = np.bincount(self.src, self.weight, self.n) + np.bincount(self.dst, self.weight, self.n)
        shares = np.bincount(of, strength) / (2 * total)
        return inside / total - np.sum(shares**2)


class Cell:
    """What came of one task of one peer: seconds and memory, or why there are none."""

    def __init__(self, seconds=(), rss=0.0, iterations=0, values=None, failed=""):
        self.seconds, self.rss, self.iterations, self.values, self.failed = list(seconds), rss, iterations, values, failed

    def time(self):
        return median(self.seconds) if self.seconds else None


def run_peer(peer, graph, tasks, out, opts, budget):
    """Runs tasks in one process, and in another one what is left after a failure."""
    cells = {}
    deadline = time.monotonic() + budget
    todo = list(tasks)
    while todo:
        if cells and time.monotonic() > deadline:
            cells.update({t: Cell(failed="not run") for t in todo if t in peer.tasks})
            break
        stopped = run_process(peer, graph, todo, out, opts, deadline, cells)
        if stopped == "build":
            break
        todo = todo[todo.index(stopped) + 1 :] if stopped in todo else []
    return cells


def command_of(peer, graph, tasks, out, opts):
    if peer.name.startswith("C "):
        return [*peer.command, str(graph.path), f"{out}/pagerank.f64", str(peer.threads), str(opts.repeats)]
    args = {
        "edges": graph.path, "out": out, "threads": peer.threads, "source": graph.source, "target": graph.target,
        "repeats": opts.repeats, "patience": opts.patience,
    }
    flags = [x for k, v in args.items() for x in (f"--{k}", str(v))]
    return [*peer.command, *flags, *[t for t in tasks if t != "build"]]


def listen(stream, lines):
    for line in stream:
        lines.put(line)
    lines.put("")


def run_process(peer, graph, tasks, out, opts, deadline, cells):
    """Returns the task at which the process stopped, if it did not reach its end."""
    def limit():
        size = int(opts.memory * 2**30)
        resource.setrlimit(resource.RLIMIT_DATA, (size, size))

    with tempfile.TemporaryFile("w+") as errors:
        p = subprocess.Popen(
            command_of(peer, graph, tasks, out, opts), stdout=subprocess.PIPE, stderr=errors, text=True,
            env=peer.env, preexec_fn=limit, start_new_session=True,
        )
        lines = queue.Queue()
        threading.Thread(target=lambda: listen(p.stdout, lines), daemon=True).start()
        task, began = "build", time.monotonic()
        allowed = min(opts.limit, max(5, deadline - began))
        while True:
            try:
                line = lines.get(timeout=max(0.01, began + allowed - time.monotonic()))
            except queue.Empty:
                line = None
            if not line:
                break
            said = json.loads(line)
            if "peer" in said:
                peer.version, peer.tasks = said["version"], set(said["tasks"])
            elif "begin" in said:
                task, began = said["begin"], time.monotonic()
                allowed = min(opts.limit, max(5, deadline - began))
            else:
                values = None
                if "values" in said:
                    values = np.fromfile(said["values"])
                    os.remove(said["values"])
                if said["task"] in tasks and said["task"] not in cells:
                    cells[said["task"]] = Cell(said["seconds"], said["rss_mb"], said["iterations"], values)
                task = ""
        if line is None:  # nothing was said for too long
            os.killpg(p.pid, signal.SIGKILL)
            p.wait()
            cells[task] = Cell(failed=f"> {allowed:.0f} s")
            return task
        if p.wait() != 0:
            errors.seek(0)
            say(f"{peer.name}, {graph.name}, {task or 'at its end'}: " + errors.read()[-500:])
            cells[task or "build"] = Cell(failed="failed")
            return task or "build"
    return None


def unify(task, values):
    """Values of peers that write the same differently."""
    if task in DISTANCES:
        return np.where(np.isfinite(values) & (values >= 0) & (values < 2**31 - 1), values, -1)
    if task in PARTS:
        _, first, of = np.unique(values, return_index=True, return_inverse=True)
        return first[of].astype(float)
    return values


def compare(task, graph, cell, kg, exact):
    """How the values of a cell stand to kg's, as text, and whether they are equal."""
    if task == "betweenness_sampled":
        return f"error {np.abs(cell.values - exact.values).max():.0e}" if exact else "", True
    if task in COMMUNITIES:
        return f"Q {graph.modularity(cell.values):.4f}", True
    if task in TWENTY:
        return f"median Q {median(cell.values):.4f}", True
    if kg is None or cell is kg:
        return "", True
    mine, theirs = unify(task, kg.values), unify(task, cell.values)
    if len(mine) != len(theirs):
        return f"{len(theirs)} values, not {len(mine)}", False
    if task in PARTS or task in ("articulation", "bridges"):
        same = bool((mine == theirs).all())
        return ("=" if same else "other"), same
    theirs = np.nan_to_num(theirs)
    difference = np.abs(mine - theirs) / np.maximum(1, np.abs(mine))
    if task == "closeness" and difference.max() > 1e-9:
        # Without the share of nodes that reach it; which must be a whole number of them.
        reach = np.divide(mine * (graph.n - 1), theirs, where=theirs > 0, out=np.zeros_like(mine))
        difference = np.abs(reach - np.rint(reach)) / np.maximum(1, reach)
        return f"{difference.max():.0e} but for the share", bool(difference.max() < 1e-9)
    d = float(difference.max(initial=0))
    return ("=" if d == 0 else f"{d:.0e}"), d <= (1e-6 if task in ITERATIVE else 1e-9)


def seconds(t):
    if t >= 100:
        return f"{t:.0f} s"
    if t >= 1:
        return f"{t:.3g} s"
    return f"{t * 1e3:.3g} ms"


def show(cell, remark):
    if cell is None:
        return "-"
    if cell.failed:
        return cell.failed
    parts = [seconds(cell.time()), f"{cell.rss:.0f} MB"]
    if len(cell.seconds) < 5:
        parts[0] += f" (n={len(cell.seconds)})"
    if remark:
        parts.append(remark)
    return "; ".join(parts)


class Table:
    def __init__(self, all_peers):
        self.peers = all_peers
        self.rows = []
        self.wrong = []

    def add(self, graph, task, by_peer):
        """by_peer has the cells by name of peer, and then by task."""
        cells = {name: c[task] for name, c in by_peer.items() if task in c}
        if not cells:
            return
        exact = by_peer[self.peers[0].name].get("betweenness_undirected")
        exact = exact if exact and exact.values is not None else None
        kg = cells.get(self.peers[0].name)
        kg = kg if kg and kg.values is not None else None
        row = []
        for p in self.peers:
            c = cells.get(p.name)
            remark = ""
            if c and c.values is not None:
                remark, ok = compare(task, graph, c, kg, exact)
                if not ok:
                    self.wrong.append(f"{graph.name}, {task}: {p.name} against {self.peers[0].name}: {remark}")
                    remark = f"**{remark}**"
            row.append(show(c, remark))
        self.rows.append([graph.name, task, *row, *self.ratio(task, cells)])
        if task == "pagerank" and kg:
            per = [show_step(cells.get(p.name)) for p in self.peers]
            self.rows.append([graph.name, "pagerank, an iteration", *per, *self.step_ratio(cells)])

    def step_ratio(self, cells):
        """The C loop on as many threads as kg, and how much faster kg is."""
        kg = cells[self.peers[0].name]
        for p in self.peers:
            c = cells.get(p.name)
            if p.name.startswith("C ") and p.threads == self.peers[0].threads and c and c.seconds:
                return [p.name, f"{c.time() / c.iterations / (kg.time() / kg.iterations):.2f}"]
        return ["-", "-"]

    def ratio(self, task, cells):
        """The best peer that is not kg, nor the C loop, and how much faster kg is.

        Of those that estimate betweenness, only NetworKit gives a bound of the
        error, as kg does.
        """
        kg = [c.time() for name, c in cells.items() if name.startswith("kg") and c.seconds]
        if task == "betweenness_sampled":
            cells = {n: c for n, c in cells.items() if n.startswith(("kg", "NetworKit"))}
        others = [(c.time(), name) for name, c in cells.items() if not name.startswith(("kg", "C ")) and c.seconds]
        if not kg or not others:
            return ["-", "-"]
        best, name = min(others)
        return [name, f"{best / min(kg):.2f}"]

    def write(self):
        head = ["graph", "task", *[p.name for p in self.peers], "best peer", "its time / kg's best"]
        print("| " + " | ".join(head) + " |")
        print("|" + "---|" * len(head))
        for row in self.rows:
            print("| " + " | ".join(row) + " |")


def show_step(cell):
    if cell is None or not cell.seconds or not cell.iterations:
        return "-"
    return f"{seconds(cell.time() / cell.iterations)}; {cell.iterations}"


def budgets(graph, peer, o):
    """Seconds for linear and quadratic tasks; 0: they are left out."""
    linear, quadratic = BUDGETS[graph]
    if o.full:
        linear, quadratic = 1e9, 1e9 if quadratic else 0
    elif o.quick:
        linear, quadratic = 6, 6 if graph == "icews14" else 0
    if graph == "rmat" and "NetworkX" in peer.name and not o.full:
        linear = 6 if o.quick else 0  # 10 M edges are minutes before it has a graph
    return linear, quadratic


def options():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--quick", action="store_true", help="small R-MAT, little patience: some 4 minutes")
    p.add_argument("--full", action="store_true", help="medians of five up to 30 s, each task up to 300 s: hours")
    p.add_argument("--growth", action="store_true", help="only kg, on R-MAT graphs of 100 thousand to 10 million edges")
    p.add_argument("--command", action="store_true", help="only kg rank, from a file of 10 million claims")
    p.add_argument("--parts", type=Path, required=True, help="where ../setup put the peers")
    p.add_argument("--data", type=Path, help="where graphs are kept (default PARTS/data)")
    p.add_argument("--graphs", default="", help="of " + ",".join(GRAPHS))
    p.add_argument("--peers", default="", help="by the beginning of their names, as kg,igraph")
    p.add_argument("--tasks", default="", help="of " + ",".join(TASKS))
    p.add_argument("--memory", type=float, default=14, help="most GiB of a peer")
    o = p.parse_args()
    o.repeats, o.limit = 5, 300
    o.patience = 1 if o.quick else 150 if o.full else 4
    return o


def main():
    o = options()
    o.data = o.data or o.parts / "data"
    with tempfile.TemporaryDirectory(prefix="kg-bench-") as build:
        report(o, Path(build))


def report(o, build):
    root = HERE.parents[1]
    sh("go", "build", "-o", f"{build}/gen", "./bench/gen", cwd=root)
    sh("go", "build", "-o", f"{build}/gopeers", "./bench/analysis/gopeers", cwd=root)
    sh("cc", "-O3", "-march=native", "-fopenmp", "-o", f"{build}/pagerank", str(HERE / "pagerank.c"), "-lm")
    if o.growth:
        return growth(o, build)
    if o.command:
        return command(o, build)
    paths = make_graphs(o.data, f"{build}/gen", o.quick)
    chosen = [p for p in peers(o.parts, f"{build}/gopeers", f"{build}/pagerank") if wanted(p.name, o.peers)]
    table = Table(chosen)
    sizes = []
    for name, path in paths.items():
        if not wanted(name, o.graphs):
            continue
        graph = Graph(GRAPHS[name], path)
        sizes.append(f"{graph.name}: {graph.n:,} nodes, {graph.m:,} edges")
        tasks = [t for t in TASKS if t in o.tasks.split(",") or not o.tasks]
        if name == "rmat" and not o.full:
            tasks = [t for t in tasks if t not in TWENTY]
        by_peer = {}
        for p in chosen:
            say(f"{graph.name}: {p.name}")
            by_peer[p.name] = cells = {}
            for kind, budget in zip((LINEAR, QUADRATIC), budgets(name, p, o)):
                group = [t for t in tasks if t in kind]
                if p.name.startswith("C "):
                    group = [t for t in group if t == "pagerank"]
                if group and budget:
                    cells.update(run_peer(p, graph, group, str(build), o, budget))
        for t in tasks:
            table.add(graph, t, by_peer)
    print(f"Peers of kg's kernels, {machine.describe()}.\n")
    print("; ".join(f"{p.name}: {p.version}" for p in chosen if p.version) + ".\n")
    print("; ".join(sizes) + ".\n")
    table.write()
    for w in table.wrong:
        print(f"\nNot equal: {w}")


# The scales keep the mean degree near that of the large R-MAT.
SIZES = [(14, 100_000), (16, 320_000), (17, 1_000_000), (19, 3_200_000), (21, 10_000_000)]


def growth(o, build):
    """How the time of each kernel grows with the edges: the slope of its logarithm."""
    kg = peers(o.parts, f"{build}/gopeers", f"{build}/pagerank")[0]
    tasks = [t for t in LINEAR if t not in TWENTY and (t in o.tasks.split(",") or not o.tasks)]
    edges, times = [], {t: [] for t in tasks}
    for scale, m in SIZES[: 3 if o.quick else None]:
        path = o.data / f"rmat-{scale}-{m}.tsv"
        if not path.exists():
            o.data.mkdir(parents=True, exist_ok=True)
            sh(f"{build}/gen", "rmat", "-scale", str(scale), "-edges", str(m), "-o", str(path))
        cells = run_peer(kg, Graph("R-MAT", path), tasks, str(build), o, 300)
        edges.append(m)
        for t in tasks:
            times[t].append(cells[t].time() if t in cells else None)
    print(f"Growth of kg's kernels on R-MAT graphs, {machine.describe()}.\n")
    print("| task | " + " | ".join(f"{m:,} edges" for m in edges) + " | exponent |")
    print("|---|" + "---|" * (len(edges) + 1))
    for t, row in times.items():
        known = [(np.log(m), np.log(x)) for m, x in zip(edges, row) if x]
        slope = f"{np.polyfit(*zip(*known), 1)[0]:.2f}" if len(known) > 1 else "-"
        print(f"| {t} | " + " | ".join(seconds(x) if x else "-" for x in row) + f" | {slope} |")


def command(o, build):
    """From a file of claims to a ranking, as a user has it: one command."""
    sh("go", "build", "-o", f"{build}/kg", "./cmd/kg", cwd=HERE.parents[1])
    scale, m = (17, 1_000_000) if o.quick else (21, 10_000_000)
    claims = o.data / f"rmat-{scale}-{m}.csv"
    if not claims.exists():
        o.data.mkdir(parents=True, exist_ok=True)
        sh(f"{build}/gen", "rmat", "-scale", str(scale), "-edges", str(m), "-claims", str(claims), "-o", f"{build}/edges")
    rank = [f"{build}/kg", "rank", "--by", "pagerank,kcore", "--top", "20", "--format", "csv", "-i", str(claims)]
    runs = [machine.measure(rank, 600) for _ in range(1 if o.quick else 3)]
    if None in runs:
        raise SystemExit("kg rank took longer than 600 s")
    wall, cpu, peak = (median(r[i] for r in runs) for i in range(3))
    print(f"`kg rank --by pagerank,kcore -i` {m:,} claims in CSV ({claims.stat().st_size / 1e6:,.0f} MB), {machine.describe()}:")
    print(f"{seconds(wall)} wall, {seconds(cpu)} CPU, {peak:,.0f} MB at most (median of {len(runs)}).")


def wanted(name, choice):
    return not choice or any(name.startswith(c) for c in choice.split(","))


if __name__ == "__main__":
    try:
        main()
    except subprocess.CalledProcessError as e:
        sys.exit(str(e))
