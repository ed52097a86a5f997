"""What the Python peers have in common: arguments, measuring, and output.

A peer is a script with a class whose methods are tasks:

    python peer_NAME.py --edges FILE --out DIR --threads N --source S TASK...

It prints one line of JSON for each task that it has, as gopeers does. Values
are 64 bit floats in the order that README.md says. Memory is the peak of the
process during the task, the graph included, from VmHWM of /proc.
"""

import argparse
import ctypes
import gc
import json
import time

import numpy as np

TOLERANCE = 1e-8  # where all peers stop iterating: the L1 norm of the change
DAMPING = 0.85
UNDIRECTED = set(
    "kcore clustering articulation bridges louvain louvain_20 leiden leiden_20 betweenness_sampled "
    "betweenness_undirected eccentricity".split()
)


class Edges:
    """The edge list: three arrays, and what all peers must agree on."""

    def __init__(self, path, source, target):
        with open(path, "rb") as f:
            flat = np.fromfile(f, dtype=np.int64, sep=" ")
        rows = flat.reshape(-1, 3)
        self.source, self.target = source, target
        self.n = int(rows[:, :2].max()) + 1
        self.src = np.ascontiguousarray(rows[:, 0], dtype=np.uint32)
        self.dst = np.ascontiguousarray(rows[:, 1], dtype=np.uint32)
        self.weight = np.ascontiguousarray(rows[:, 2], dtype=np.float64)

    def canonical(self):
        """The order by (from, to), in which values of edges are given."""
        return np.lexsort((self.dst, self.src))

    def katz_alpha(self):
        """Below 1/(largest eigenvalue), which no in-degree falls short of."""
        return 1 / (1 + int(np.bincount(self.dst, minlength=self.n).max()))

    def samples(self):
        """64 nodes from which betweenness is estimated."""
        return [i * self.n // 64 for i in range(64)]

    def undirected(self):
        """Each tie once, both ways merged and their weights added."""
        lo, hi = np.minimum(self.src, self.dst), np.maximum(self.src, self.dst)
        keys, where = np.unique(lo.astype(np.uint64) << 32 | hi, return_inverse=True)
        e = Edges.__new__(Edges)
        e.source, e.target, e.n = self.source, self.target, self.n
        e.src, e.dst = (keys >> 32).astype(np.uint32), keys.astype(np.uint32)
        e.weight = np.bincount(where, weights=self.weight)
        return e


def peak_mb():
    with open("/proc/self/status") as f:
        for line in f:
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    raise RuntimeError("no VmHWM in /proc/self/status")


def forget_peak():
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)
    with open("/proc/self/clear_refs", "w") as f:
        f.write("5")  # resets VmHWM


def begin(task):
    print(json.dumps({"begin": task}), flush=True)


class Peer:
    """A tool. Subclasses have build(edges), undirected(edges) and tasks.

    A task is a method that does the work and returns a function that turns the
    result into values, which is not measured. Where it stops by itself it may
    set self.iterations.
    """

    name = version = ""

    def __init__(self, threads):
        self.threads = threads
        self.iterations = 0

    def ready(self, task):
        """Makes what a task wants before its time is taken."""

    @classmethod
    def main(cls):
        p = argparse.ArgumentParser()
        p.add_argument("--edges", required=True)
        p.add_argument("--out", required=True)
        p.add_argument("--threads", type=int, default=1)
        p.add_argument("--repeats", type=int, default=5)
        p.add_argument("--patience", type=float, default=10)
        p.add_argument("--long", type=float, default=30)
        p.add_argument("--source", type=int, default=0)
        p.add_argument("--target", type=int, default=0)
        p.add_argument("tasks", nargs="*")
        args = p.parse_args()
        peer = cls(args.threads)
        tasks = [t for t in args.tasks if hasattr(peer, t)]
        print(json.dumps({"peer": cls.name, "version": cls.version, "tasks": tasks}), flush=True)
        edges = Edges(args.edges, args.source, args.target)
        peer.edges = edges
        begin("build")
        peer.measure("build", lambda: peer.build(edges), args)
        undirected = False
        for task in tasks:
            begin(task)
            if not undirected and task in UNDIRECTED:
                peer.undirected(edges.undirected())
                undirected = True
            peer.measure(task, getattr(peer, task), args)

    def measure(self, task, f, args):
        self.ready(task)
        forget_peak()
        seconds, result = [], None
        while len(seconds) < args.repeats and sum(seconds) < args.patience:
            result = None  # of the run before: one at a time
            start = time.perf_counter()
            result = f()
            seconds.append(time.perf_counter() - start)
            if seconds[-1] > args.long:
                break
        line = {"task": task, "seconds": seconds, "rss_mb": peak_mb(), "iterations": self.iterations}
        self.iterations = 0
        if callable(result):
            line["values"] = f"{args.out}/{task}.f64"
            np.asarray(result(), dtype=np.float64).tofile(line["values"])
        print(json.dumps(line), flush=True)


def listed(values):
    """A task's values that need no turning."""
    return lambda: values
