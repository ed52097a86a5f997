"""NetworkX: the definitions that kg follows. All but the spectral measures are Python."""

import itertools

import networkx as nx
import numpy as np

from peer import DAMPING, TOLERANCE, Peer, listed


class NetworkX(Peer):
    name, version = "NetworkX", nx.__version__

    def build(self, edges):
        self.g = None
        self.g = nx.DiGraph()
        self.g.add_nodes_from(range(edges.n))
        src, dst, weight = edges.src.tolist(), edges.dst.tolist(), edges.weight.tolist()
        self.g.add_weighted_edges_from(zip(src, dst, weight))

    def undirected(self, ties):
        self.g = nx.Graph()
        self.g.add_nodes_from(range(ties.n))
        self.g.add_weighted_edges_from(zip(ties.src.tolist(), ties.dst.tolist(), ties.weight.tolist()))

    def ready(self, task):
        if task in ("dijkstra", "paths"):
            for _, _, d in self.g.edges(data=True):
                d["length"] = 1 / d["weight"]

    def by_node(self, of, missing=-1):
        return lambda: [of.get(i, missing) for i in range(self.edges.n)]

    def by_part(self, parts):
        def values():
            of = np.zeros(self.edges.n)
            for i, part in enumerate(parts):
                of[list(part)] = i
            return of

        return values

    def pagerank(self):
        return self.by_node(nx.pagerank(self.g, DAMPING, tol=TOLERANCE / self.edges.n, max_iter=1000))

    def eigenvector(self):
        return self.by_node(nx.eigenvector_centrality(self.g, weight="weight", tol=TOLERANCE / self.edges.n, max_iter=1000))

    def hits(self):
        h, a = nx.hits(self.g, tol=TOLERANCE)
        return lambda: self.by_node(h)() + self.by_node(a)()

    def katz(self):
        n = self.edges.n
        return self.by_node(nx.katz_centrality(self.g, alpha=self.edges.katz_alpha(), tol=TOLERANCE / n, max_iter=1000))

    def betweenness(self):
        return self.by_node(nx.betweenness_centrality(self.g))

    def betweenness_sampled(self):
        return self.by_node(nx.betweenness_centrality(self.g, k=64, seed=1))

    def edge_betweenness(self):
        b = nx.edge_betweenness_centrality(self.g)
        return lambda: [b[e] for e in sorted(b)]

    def closeness(self):
        return self.by_node(nx.closeness_centrality(self.g))

    def harmonic(self):
        return self.by_node(nx.harmonic_centrality(self.g))

    def kcore(self):
        return self.by_node(nx.core_number(self.g))

    def clustering(self):
        return self.by_node(nx.clustering(self.g))

    def wcc(self):
        return self.by_part(list(nx.weakly_connected_components(self.g)))

    def scc(self):
        return self.by_part(list(nx.strongly_connected_components(self.g)))

    def articulation(self):
        return listed(sorted(nx.articulation_points(self.g)))

    def bridges(self):
        b = list(nx.bridges(self.g))
        return lambda: sorted(min(e) * self.edges.n + max(e) for e in b)

    def louvain(self):
        return self.by_part(nx.community.louvain_communities(self.g, seed=1))

    def bfs(self):
        return self.by_node(nx.single_source_shortest_path_length(self.g, self.edges.source))

    def dijkstra(self):
        return self.by_node(nx.single_source_dijkstra_path_length(self.g, self.edges.source, weight="length"))

    def paths(self):
        paths = nx.shortest_simple_paths(self.g, self.edges.source, self.edges.target, weight="length")
        found = list(itertools.islice(paths, 10))
        return lambda: [nx.path_weight(self.g, p, "length") for p in found]


NetworkX.main()
