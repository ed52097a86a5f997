"""Measures loading beside its peers, and prints tables as Markdown.

    python run.py --parts DIR [--quick | --full] [--quads N] [--grow N,N...]

It wants what ../setup installed (--parts), and Go. How to read the tables is said
in ../README.md.
"""

import argparse
import filecmp
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.dont_write_bytecode = True
sys.path.insert(0, str(HERE.parent))
import machine

QUADS_PER_CLAIM = 5.857  # of gen's claims, their entities and sources included

FLOOR = """
import os, sys
with open(sys.argv[1], "rb") as f, open(sys.argv[2], "wb") as g:
    while block := f.read(1 << 20):
        g.write(block)
    g.flush()
    os.fsync(g.fileno())
"""

OXIGRAPH = """
import sys, pyoxigraph
store = pyoxigraph.Store(sys.argv[2])
store.bulk_load(path=sys.argv[1], format=pyoxigraph.RdfFormat.N_QUADS)
store.flush()
"""


class Way:
    """A way to load. command(input folder, store) is what is run and measured."""

    def __init__(self, name, command):
        self.name, self.command = name, command
        self.runs, self.limit = [], 0


class Run:
    def __init__(self, wall, cpu, peak_mb, size_mb):
        self.wall, self.cpu, self.peak_mb, self.size_mb = wall, cpu, peak_mb, size_mb


def ways(build, parts):
    kg, steps = f"{build}/kg", f"{build}/steps"
    cayley, python = str(parts / "cayley"), str(parts / "venv/bin/python")

    def stock(backend):
        return lambda d, s: [cayley, "load", "--init", "-d", backend, "-a", s, "--load_format", "nquads", "-i", f"{d}/claims.nq"]

    tables = ("entities.csv", "sources.csv", "claims.csv")
    return [
        Way("stock Cayley, bolt", stock("bolt")),
        Way("stock Cayley, leveldb", stock("leveldb")),
        Way("kg, many updates", lambda d, s: [steps, "updates", "-db", s, f"{d}/claims.nq"]),
        Way("kg load", lambda d, s: [kg, "load", "--db", s, f"{d}/claims.nq"]),
        Way("kg load, from CSV", lambda d, s: [kg, "load", "--db", s, *[f"{d}/{t}" for t in tables]]),
        Way("Oxigraph bulk_load", lambda d, s: [python, "-c", OXIGRAPH, f"{d}/claims.nq", s]),
        Way("write and fsync", lambda d, s: [python, "-c", FLOOR, f"{d}/claims.nq", f"{s}.nq"]),
    ]


def say(text):
    print(text, file=sys.stderr, flush=True)


def size_mb(path):
    if path.is_dir():
        return sum(f.stat().st_size for f in path.rglob("*") if f.is_file()) / 1e6
    return path.stat().st_size / 1e6


def run_once(way, data, work, limit):
    """Loads into a new store, which is gone afterwards."""
    for old in work.glob("store*"):
        shutil.rmtree(old) if old.is_dir() else old.unlink()
    os.sync()  # what others left to write is not to be waited for
    store = work / "store"
    if "stock" in way.name:
        store.mkdir()
    m = machine.measure([str(x) for x in way.command(str(data), str(store))], limit)
    if m is None:
        return None
    left = [p for p in work.glob("store*")]
    return Run(*m, sum(size_mb(p) for p in left))


def check(kg, data, work):
    """Holds the store of the last run to what went in; raises if it is another."""
    store, dump = work / "store", work / "dump.nq"
    subprocess.run([kg, "verify", "--db", store], check=True, stdout=subprocess.DEVNULL)
    subprocess.run([kg, "dump", "--db", store, "-o", dump], check=True)
    same = filecmp.cmp(dump, data / "claims.nq", shallow=False)
    dump.unlink()
    if not same:
        raise SystemExit(f"the dump of the store is not {data / 'claims.nq'}")


def generate(gen, folder, quads):
    claims = round(quads / QUADS_PER_CLAIM)
    data = folder / f"claims-{claims}"
    if not (data / "claims.nq").exists():
        say(f"writing {data}")
        part = folder / "part"
        subprocess.run([gen, "claims", "-n", str(claims), "-o", str(part)], check=True)
        os.rename(part, data)
    with open(data / "claims.nq", "rb") as f:  # also brings it into the page cache
        lines = sum(block.count(b"\n") for block in iter(lambda: f.read(1 << 20), b""))
    return data, lines - 2  # without the two lines of the header


def show(t):
    return f"{t:.1f} s" if t >= 10 else f"{t:.2f} s"


def table(rows, quads, base):
    head = ["way", "quads/s", "wall", "CPU", "peak MB", "store MB", f"times {base.name}"]
    print("| " + " | ".join(head) + " |")
    print("|" + "---|" * len(head))
    against = median(r.wall for r in base.runs) if base.runs else None
    for w in rows:
        if not w.runs:
            print(f"| {w.name} | - | > {w.limit:.0f} s | | | | |")
            continue
        wall = median(r.wall for r in w.runs)
        cells = [
            w.name, f"{quads / wall:,.0f}", show(wall) + ("" if len(w.runs) >= 5 else f" (n={len(w.runs)})"),
            show(median(r.cpu for r in w.runs)), f"{median(r.peak_mb for r in w.runs):,.0f}",
            f"{median(r.size_mb for r in w.runs):,.0f}", f"{against / wall:.1f}" if against else "-",
        ]
        print("| " + " | ".join(cells) + " |")


def rounds(chosen, data, work, o):
    """Runs all ways in turns, so that what disturbs one disturbs the others."""
    for n in range(o.repeats):
        for w in chosen:
            w.limit = o.limit
            if n > 0 and (not w.runs or w.runs[0].wall > 30):
                continue
            r = run_once(w, data, work, o.limit)
            say(f"{w.name}: " + (show(r.wall) if r else f"> {o.limit} s"))
            if r:
                w.runs.append(r)
                if n == 0 and w.name.startswith("kg"):
                    check(work / "build/kg", data, work)


def grow(o, build, gen, work):
    """kg load alone, of more and more."""
    sizes = [int(float(x)) for x in o.grow.split(",") if x]
    if not sizes:
        return
    print("\nGrowth of `kg load` from N-Quads:\n")
    print("| quads | input MB | quads/s | wall | CPU | peak MB | store MB | time a quad, against the first |")
    print("|---|---|---|---|---|---|---|---|")
    first = None
    for size in sizes:
        data, quads = generate(gen, o.data, size)
        way = next(w for w in ways(build, o.parts) if w.name == "kg load")
        rounds([way], data, work, o)
        if not way.runs:
            print(f"| {quads:,} | | | > {o.limit} s | | | | |")
            continue
        wall = median(r.wall for r in way.runs)
        first = first or wall / quads
        cells = [
            f"{quads:,}", f"{size_mb(data / 'claims.nq'):,.0f}", f"{quads / wall:,.0f}", show(wall) + f" (n={len(way.runs)})",
            show(median(r.cpu for r in way.runs)), f"{median(r.peak_mb for r in way.runs):,.0f}",
            f"{median(r.size_mb for r in way.runs):,.0f}", f"{wall / quads / first:.2f}",
        ]
        print("| " + " | ".join(cells) + " |")


def increments(o, build, gen, data, work):
    """100 updates of a thousand claims each: kg's, and stock AddQuadSet of the same quads."""
    store, copy, sets = work / "store", work / "store-stock", work / "sets"
    for p in (store, copy, sets):
        shutil.rmtree(p, ignore_errors=True)
    subprocess.run([f"{build}/kg", "load", "--db", store, data / "claims.nq"], check=True, stdout=subprocess.DEVNULL)
    shutil.copytree(store, copy)
    sets.mkdir()
    fresh = o.data / "more"
    if not (fresh / "claims.csv").exists():
        # Of the same actors and sources, but other claims.
        subprocess.run([gen, "claims", "-n", "100000", "-seed", "43", "-quads=false", "-o", fresh], check=True)
    mine = said(f"{build}/steps", "add", "-db", store, "-quads", sets, *[fresh / t for t in ("entities.csv", "sources.csv", "claims.csv")])
    files = sorted(sets.glob("*.nq"))
    stock = said(f"{build}/addquads", copy, *files)
    print(f"\n{len(files)} increments of 1,000 claims ({median(mine['quads']):,.0f} quads) into that store:\n")
    print("| way | median | first ten | last ten | slowest |\n|---|---|---|---|---|")
    for name, t in (("kg, an update each", mine["seconds"]), ("stock AddQuadSet", stock["seconds"])):
        print(f"| {name} | " + " | ".join(show(x) for x in (median(t), median(t[:10]), median(t[-10:]), max(t))) + " |")
    print(f"\nkg takes {median(mine['seconds']) / median(stock['seconds']):.2f} times as long as stock.")
    r = said(f"{build}/steps", "read", "-db", store)
    print(
        f"\nReading the store into the graph for analysis: {show(median(r['read']))}; "
        f"a bare scan of bucket log: {show(median(r['scan']))}; ratio {median(r['read']) / median(r['scan']):.2f}."
    )


def said(*command):
    p = subprocess.run([str(c) for c in command], check=True, stdout=subprocess.PIPE)
    return json.loads(p.stdout)


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--parts", type=Path, required=True, help="where ../setup put the peers")
    p.add_argument("--data", type=Path, help="where claims are kept (default PARTS/data)")
    p.add_argument("--work", type=Path, help="where stores are written (default a new folder in PARTS)")
    p.add_argument("--quick", action="store_true", help="100,000 quads, one run each")
    p.add_argument("--full", action="store_true", help="growth up to 50 million quads")
    p.add_argument("--quads", type=float, help="how many quads (default 1e6)")
    p.add_argument("--grow", help="how many quads for the table of growth (default 1e6,1e7)")
    p.add_argument("--ways", default="", help="by parts of their names, as kg,Oxigraph")
    o = p.parse_args()
    o.repeats = 1 if o.quick else 5
    o.limit = 60 if o.quick else 600
    o.quads = o.quads or (1e5 if o.quick else 1e6)
    if o.grow is None:
        o.grow = "" if o.quick else "1e6,1e7,5e7" if o.full else "1e6,1e7"
    o.data = o.data or o.parts / "data"
    o.data.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix="load-", dir=o.work or o.parts))
    build = work / "build"
    build.mkdir()
    for name, package, where in (
        ("kg", "./cmd/kg", ROOT), ("gen", "./bench/gen", ROOT), ("steps", "./bench/load/steps", ROOT),
        ("addquads", "./addquads", ROOT / "bench/stock"),
    ):
        subprocess.run(["go", "build", "-o", build / name, package], cwd=where, check=True)
    try:
        report(o, work, build)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def report(o, work, build):
    gen = str(build / "gen")
    data, quads = generate(gen, o.data, o.quads)
    all_ways = ways(build, o.parts)
    chosen = [w for w in all_ways if not o.ways or any(c in w.name for c in o.ways.split(","))]
    rounds(chosen, data, work, o)
    print(f"Loading {quads:,} quads, {machine.describe()}.\n")
    print(
        f"claims.nq has {size_mb(data / 'claims.nq'):,.0f} MB, the same claims as CSV {size_mb(data / 'claims.csv'):,.0f} MB. "
        "Each of kg's ways that ended gave a store that `kg verify` calls whole and whose dump is claims.nq again, byte by byte.\n"
    )
    table(chosen, quads, all_ways[0])
    increments(o, build, gen, data, work)
    grow(o, build, gen, work)


if __name__ == "__main__":
    try:
        main()
    except subprocess.CalledProcessError as e:
        sys.exit(str(e))
