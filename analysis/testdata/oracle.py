"""Measures of one graph by NetworkX and python-igraph, for oracle_test.go.

stdin:  {"nodes": n, "directed": bool, "arcs": [[from, to, weight], ...], "large": bool}
        an undirected tie stands once; no self ties, no parallel arcs
stdout: {"versions": {...}, "networkx": {measure: [a number a node]}, "igraph": {...},
         "louvain": [modularity of 20 igraph runs]}

A measure that a tool cannot compute on this graph (it raises, or says that the
answer is not unique) is left out. In a large graph NetworkX skips what takes it
minutes.
"""

import json
import random
import sys
import warnings

import igraph
import networkx as nx

warnings.simplefilter("ignore")

task = json.load(sys.stdin)
nodes, directed, arcs = task["nodes"], task["directed"], task["arcs"]
large = task.get("large", False)

G = nx.DiGraph() if directed else nx.Graph()
G.add_nodes_from(range(nodes))
G.add_weighted_edges_from(arcs)
for _, _, data in G.edges(data=True):
    data["length"] = 1 / data["weight"]
    # NetworkX wants lengths of equal paths to be the same float: 60 divides by
    # the weights up to 6.
    data["whole"] = 60 / data["weight"]
U = nx.Graph()  # both ways merged, weights added
U.add_nodes_from(range(nodes))
for a, b, w in arcs:
    old = U.get_edge_data(a, b, {"weight": 0})["weight"]
    U.add_edge(a, b, weight=old + w)
I = igraph.Graph(n=nodes, edges=[(a, b) for a, b, _ in arcs], directed=directed)
I.es["weight"] = [float(w) for _, _, w in arcs]
I.es["length"] = [1 / w for _, _, w in arcs]


def listed(scores):
    return [float(scores[i]) for i in range(nodes)]


def numbered(parts):
    """The first node of its part, for each node."""
    first = [0] * nodes
    for part in parts:
        for v in part:
            first[v] = min(part)
    return first


def by_networkx():
    tight = dict(max_iter=100_000, tol=1e-14)
    personal = {i: i + 1 for i in range(nodes)}
    yield "degree", lambda: listed(dict(G.degree()))
    yield "strength", lambda: listed(dict(G.degree(weight="weight")))
    if directed:
        yield "in_degree", lambda: listed(dict(G.in_degree()))
        yield "out_degree", lambda: listed(dict(G.out_degree()))
        yield "in_strength", lambda: listed(dict(G.in_degree(weight="weight")))
        yield "out_strength", lambda: listed(dict(G.out_degree(weight="weight")))
    yield "pagerank", lambda: listed(nx.pagerank(G, **tight))
    yield "pagerank_unweighted", lambda: listed(nx.pagerank(G, weight=None, **tight))
    yield "pagerank_personal", lambda: listed(nx.pagerank(G, personalization=personal, **tight))
    yield "pagerank_reverse", lambda: listed(nx.pagerank(G.reverse() if directed else G, **tight))
    if arcs:  # without ties NetworkX gives all nodes the same score, kg 0
        yield "eigenvector", lambda: listed(nx.eigenvector_centrality(G, weight="weight", max_iter=20_000, tol=1e-15))
    hits = []
    if unique_hits():
        yield "hubs", lambda: hits.append(nx.hits(G, max_iter=10_000, tol=0)) or listed(hits[0][0])
        yield "authorities", lambda: listed(hits[0][1])
    yield "kcore", lambda: listed(nx.core_number(U))
    yield "weak", lambda: numbered(nx.connected_components(U))
    yield "strong", lambda: numbered(nx.strongly_connected_components(G) if directed else nx.connected_components(U))
    if large:
        return
    yield "betweenness", lambda: listed(nx.betweenness_centrality(G))
    yield "betweenness_weighted", lambda: listed(nx.betweenness_centrality(G, weight="whole"))
    yield "closeness", lambda: listed(nx.closeness_centrality(G))
    yield "closeness_weighted", lambda: listed(nx.closeness_centrality(G, distance="length"))
    yield "harmonic", lambda: listed(nx.harmonic_centrality(G))
    yield "harmonic_weighted", lambda: listed(nx.harmonic_centrality(G, distance="length"))


def unique_hits():
    """Whether the largest singular value stands alone; small graphs only."""
    if large:
        return True
    import numpy

    if not arcs:
        return False
    s = numpy.linalg.svd(nx.to_numpy_array(G), compute_uv=False)
    return len(s) < 2 or s[1] < 0.999 * s[0]


def by_igraph():
    reach = None

    def reached():
        nonlocal reach
        reach = reach or [s - 1 for s in I.neighborhood_size(order=nodes, mode="in")]
        return reach

    def closeness(weights):
        # igraph leaves out the share of nodes that reach this one.
        c = I.closeness(mode="in", normalized=True, weights=weights)
        return [x * r / (nodes - 1) if r else 0.0 for x, r in zip(c, reached())]

    pairs = (nodes - 1) * (nodes - 2)
    scale = (1 if directed else 2) / pairs if pairs > 0 else 1

    yield "pagerank", lambda: I.pagerank(weights="weight")
    yield "betweenness", lambda: [x * scale for x in I.betweenness(directed=directed)]
    yield "closeness", lambda: closeness(None)
    yield "harmonic", lambda: [x * (nodes - 1) for x in I.harmonic_centrality(mode="in")]
    yield "weak", lambda: numbered(I.connected_components(mode="weak"))
    yield "strong", lambda: numbered(I.connected_components(mode="strong"))
    yield "modularity_by_parity", lambda: [simple().modularity([i % 2 for i in range(nodes)], weights="weight")]
    if not large:
        yield "betweenness_weighted", lambda: [x * scale for x in I.betweenness(directed=directed, weights="length")]


def simple():
    """The ties both ways merged, as NetworkX's U."""
    ties = list(U.edges(data="weight"))
    S = igraph.Graph(n=nodes, edges=[(a, b) for a, b, _ in ties])
    S.es["weight"] = [float(w) for _, _, w in ties]
    return S


def louvain():
    S = simple()
    found = []
    for seed in range(20):
        random.seed(seed)
        order = list(range(nodes))
        random.shuffle(order)
        P = S.permute_vertices(order)
        found.append(P.community_multilevel(weights="weight").modularity)
    return found


def collect(measures):
    out = {}
    for name, compute in measures:
        try:
            values = compute()
        except Exception:
            continue
        if all(x == x for x in values):
            out[name] = values
    return out


json.dump(
    {
        "versions": {"networkx": nx.__version__, "igraph": igraph.__version__},
        "networkx": collect(by_networkx()),
        "igraph": collect(by_igraph()),
        "louvain": louvain() if arcs else [],
    },
    sys.stdout,
)
