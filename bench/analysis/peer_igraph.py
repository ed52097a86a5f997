"""python-igraph. Its results come as Python lists, which is part of its time."""

import random
import warnings

import igraph
import numpy as np

from peer import DAMPING, Peer, listed

warnings.simplefilter("ignore")  # that eigenvectors mean little where there are parts


class Igraph(Peer):
    name, version = "igraph", igraph.__version__

    def build(self, edges):
        self.g = None
        pairs = np.column_stack((edges.src, edges.dst)).astype(np.int64)
        self.g = igraph.Graph(n=edges.n, edges=pairs, directed=True)
        self.g.es["weight"] = edges.weight
        self.length = 1 / edges.weight

    def undirected(self, ties):
        self.g = igraph.Graph(n=ties.n, edges=np.column_stack((ties.src, ties.dst)).astype(np.int64))
        self.g.es["weight"] = ties.weight

    def pagerank(self):
        return listed(self.g.pagerank(damping=DAMPING, weights="weight"))

    def eigenvector(self):
        x = self.g.eigenvector_centrality(directed=True, scale=True, weights="weight")
        return lambda: np.array(x) / np.linalg.norm(x)

    def hits(self):
        h = self.g.hub_score(weights="weight")
        a = self.g.authority_score(weights="weight")
        return lambda: np.concatenate([np.array(h) / np.sum(h), np.array(a) / np.sum(a)])

    def scaled(self, b):
        return lambda: np.array(b) / ((self.edges.n - 1) * (self.edges.n - 2))

    def betweenness(self):
        return self.scaled(self.g.betweenness(directed=True))

    def betweenness_undirected(self):
        b = self.scaled(self.g.betweenness())
        return lambda: 2 * b()

    def betweenness_sampled(self):
        b = self.scaled(self.g.betweenness(sources=self.edges.samples(), targets=None))
        return lambda: 2 * b() * self.edges.n / 64

    def edge_betweenness(self):
        b = self.g.edge_betweenness(directed=True)
        return lambda: np.array(b)[self.edges.canonical()] / (self.edges.n * (self.edges.n - 1))

    def closeness(self):
        return listed(self.g.closeness(mode="in", normalized=True))

    def harmonic(self):
        return listed(self.g.harmonic_centrality(mode="in", normalized=False))

    def eccentricity(self):
        return listed(self.g.eccentricity())

    def kcore(self):
        return listed(self.g.coreness())

    def clustering(self):
        return listed(self.g.transitivity_local_undirected(mode="zero"))

    def wcc(self):
        return listed(self.g.connected_components(mode="weak").membership)

    def scc(self):
        return listed(self.g.connected_components(mode="strong").membership)

    def articulation(self):
        return listed(sorted(self.g.articulation_points()))

    def bridges(self):
        b = self.g.bridges()
        return lambda: sorted(lo * self.edges.n + hi for lo, hi in (sorted(self.g.es[i].tuple) for i in b))

    def louvain(self):
        return listed(self.g.community_multilevel(weights="weight").membership)

    def leiden(self):
        return listed(self.g.community_leiden(objective_function="modularity", weights="weight", n_iterations=2).membership)

    def modularities(self, find):
        """Of 20 runs, for igraph draws lots."""
        q = []
        for seed in range(20):
            random.seed(seed)
            q.append(self.g.modularity(find().membership, weights="weight"))
        return listed(q)

    def louvain_20(self):
        return self.modularities(lambda: self.g.community_multilevel(weights="weight"))

    def leiden_20(self):
        return self.modularities(lambda: self.g.community_leiden(objective_function="modularity", weights="weight", n_iterations=2))

    def bfs(self):
        return listed(self.g.distances(source=self.edges.source)[0])

    def dijkstra(self):
        return listed(self.g.distances(source=self.edges.source, weights=self.length)[0])

    def paths(self):
        found = self.g.get_k_shortest_paths(
            self.edges.source, self.edges.target, k=10, weights=self.length, output="epath"
        )
        return lambda: [self.length[p].sum() for p in found]


Igraph.main()
