"""Measures of one graph by NetworkX and python-igraph, for oracle_test.go.

stdin:  {"nodes": n, "directed": bool, "arcs": [[from, to, weight], ...], "large": bool}
        an undirected tie stands once; no self ties, no parallel arcs
stdout: {"versions": {...}, "networkx": {measure: [a number a node]}, "igraph": {...},
         "louvain": [modularity of 20 igraph runs], "leiden": the same}

A measure that a tool cannot compute on this graph (it raises, or says that the
answer is not unique) is left out. In a large graph NetworkX skips what takes it
minutes.
"""

import itertools
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


def reached(lengths, other):
    return [float(lengths.get(i, other)) for i in range(nodes)]


def marked(some):
    some = set(some)
    return [float(i in some) for i in range(nodes)]


def beside(scores):
    """The values of arcs, by their ends; an undirected tie from both."""
    both = dict(scores)
    if not directed:
        both.update({(b, a): x for (a, b), x in scores.items()})
    return [float(both[e]) for e in sorted(both)]


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
    yield "triangles", lambda: listed(nx.triangles(U))
    yield "clustering", lambda: listed(nx.clustering(U))
    yield "average_clustering", lambda: [nx.average_clustering(U)]
    yield "transitivity", lambda: [nx.transitivity(U)]
    yield "articulation", lambda: marked(nx.articulation_points(U))
    yield "bridges", lambda: sorted(min(e) * nodes + max(e) for e in nx.bridges(U))
    yield "steps_from_0", lambda: reached(nx.single_source_shortest_path_length(G, 0), -1)
    yield "length_from_0", lambda: reached(nx.single_source_dijkstra_path_length(G, 0, weight="length"), -1)
    yield "weak", lambda: numbered(nx.connected_components(U))
    yield "strong", lambda: numbered(nx.strongly_connected_components(G) if directed else nx.connected_components(U))
    if large:
        return
    yield "betweenness", lambda: listed(nx.betweenness_centrality(G))
    yield "betweenness_weighted", lambda: listed(nx.betweenness_centrality(G, weight="whole"))
    yield "edge_betweenness", lambda: beside(nx.edge_betweenness_centrality(G))
    yield "edge_betweenness_weighted", lambda: beside(nx.edge_betweenness_centrality(G, weight="whole"))
    if nx.is_connected(U) and not directed:
        yield "eccentricity", lambda: listed(nx.eccentricity(G))
        yield "diameter_radius", lambda: [nx.diameter(G), nx.radius(G)]
    yield "katz", lambda: listed(nx.katz_centrality_numpy(G, alpha=0.01, weight=None))
    yield "katz_weighted", lambda: listed(nx.katz_centrality_numpy(G, alpha=0.001, weight="weight"))
    yield "shortest_paths", lambda: [
        sum(G[a][b]["length"] for a, b in zip(p, p[1:]))
        for p in itertools.islice(nx.shortest_simple_paths(G, 0, nodes - 1, weight="length"), 5)
    ]
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
    yield "eccentricity", lambda: I.eccentricity(mode="out")
    yield "triangles", lambda: counted(simple().list_triangles())
    yield "transitivity", lambda: [simple().transitivity_undirected(mode="zero")]
    yield "average_clustering", lambda: [simple().transitivity_avglocal_undirected(mode="zero")]
    yield "articulation", lambda: marked(simple().articulation_points())
    yield "bridges", lambda: sorted(min(e) * nodes + max(e) for e in (simple().es[i].tuple for i in simple().bridges()))
    yield "betweenness", lambda: [x * scale for x in I.betweenness(directed=directed)]
    yield "closeness", lambda: closeness(None)
    yield "harmonic", lambda: [x * (nodes - 1) for x in I.harmonic_centrality(mode="in")]
    yield "weak", lambda: numbered(I.connected_components(mode="weak"))
    yield "strong", lambda: numbered(I.connected_components(mode="strong"))
    yield "modularity_by_parity", lambda: [simple().modularity([i % 2 for i in range(nodes)], weights="weight")]
    if not large:
        yield "betweenness_weighted", lambda: [x * scale for x in I.betweenness(directed=directed, weights="length")]


def counted(triangles):
    count = [0.0] * nodes
    for corners in triangles:
        for i in corners:
            count[i] += 1
    return count


def simple():
    """The ties both ways merged, as NetworkX's U."""
    ties = list(U.edges(data="weight"))
    S = igraph.Graph(n=nodes, edges=[(a, b) for a, b, _ in ties])
    S.es["weight"] = [float(w) for _, _, w in ties]
    return S


def blocs(find):
    """The modularity of 20 runs, each with another order of nodes."""
    S = simple()
    found = []
    for seed in range(20):
        random.seed(seed)
        order = list(range(nodes))
        random.shuffle(order)
        found.append(find(S.permute_vertices(order)))
    return found


def louvain(P):
    return P.community_multilevel(weights="weight").modularity


def leiden(P):
    parts = P.community_leiden(objective_function="modularity", weights="weight", n_iterations=2)
    return P.modularity(parts, weights="weight")


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
        "louvain": blocs(louvain) if arcs else [],
        "leiden": blocs(leiden) if arcs else [],
    },
    sys.stdout,
)
