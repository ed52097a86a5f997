"""graph-tool, on as many threads as OMP_NUM_THREADS says."""

import warnings

warnings.simplefilter("ignore")  # of cairo and matplotlib, which nothing here needs

import graph_tool
import graph_tool.centrality as gc
import graph_tool.clustering as gk
import graph_tool.topology as gt
import numpy as np

from peer import DAMPING, TOLERANCE, Peer


class GraphTool(Peer):
    name, version = "graph-tool", graph_tool.__version__.split(" ")[0]

    def __init__(self, threads):
        super().__init__(threads)
        graph_tool.openmp_set_num_threads(threads)

    def load(self, edges, directed):
        g = graph_tool.Graph(directed=directed)
        g.add_vertex(edges.n)
        self.weight = g.new_edge_property("double")
        g.add_edge_list(np.column_stack((edges.src, edges.dst, edges.weight)), eprops=[self.weight])
        return g

    def build(self, edges):
        self.g = None
        self.g = self.load(edges, True)
        self.length = self.g.new_edge_property("double", 1 / self.weight.a)
        self.reverse = graph_tool.GraphView(self.g, reversed=True)

    def undirected(self, ties):
        self.g = self.reverse = self.length = None
        self.g = self.load(ties, False)

    def pagerank(self):
        x = gc.pagerank(self.g, damping=DAMPING, weight=self.weight, epsilon=TOLERANCE)
        return lambda: np.array(x.a) / np.sum(x.a)

    def eigenvector(self):
        _, x = gc.eigenvector(self.g, weight=self.weight, epsilon=TOLERANCE)
        return lambda: np.array(x.a) / np.linalg.norm(x.a)

    def hits(self):
        _, a, h = gc.hits(self.g, weight=self.weight, epsilon=TOLERANCE)
        return lambda: np.concatenate([h.a / np.sum(h.a), a.a / np.sum(a.a)])

    def katz(self):
        x = gc.katz(self.g, alpha=self.edges.katz_alpha(), epsilon=TOLERANCE)
        return lambda: np.array(x.a) / np.linalg.norm(x.a)

    def betweenness(self):
        b, _ = gc.betweenness(self.g)
        return lambda: b.a

    def betweenness_sampled(self):
        n = self.edges.n
        b, _ = gc.betweenness(self.g, pivots=self.edges.samples(), norm=False)
        return lambda: 2 * b.a / ((n - 1) * (n - 2)) * n / 64

    def edge_betweenness(self):
        _, b = gc.betweenness(self.g, norm=False)
        return lambda: np.array(b.a)[self.edges.canonical()] / (self.edges.n * (self.edges.n - 1))

    def closeness(self):
        c = gc.closeness(self.reverse)
        return lambda: c.a

    def harmonic(self):
        c = gc.closeness(self.reverse, harmonic=True, norm=False)
        return lambda: c.a

    def kcore(self):
        k = gt.kcore_decomposition(self.g)
        return lambda: k.a

    def clustering(self):
        c = gk.local_clustering(self.g)
        return lambda: c.a

    def wcc(self):
        of, _ = gt.label_components(self.g, directed=False)
        return lambda: of.a

    def scc(self):
        of, _ = gt.label_components(self.g, directed=True)
        return lambda: of.a

    def articulation(self):
        _, cut, _ = gt.label_biconnected_components(self.g)
        return lambda: np.flatnonzero(cut.a)

    def bridges(self):
        of, _, sizes = gt.label_biconnected_components(self.g)

        def values():
            ends = np.sort(self.g.get_edges()[:, :2], axis=1)
            alone = ends[np.asarray(sizes)[of.a] == 1]
            return np.sort(alone[:, 0] * self.edges.n + alone[:, 1])

        return values

    def distances(self, weights):
        d = gt.shortest_distance(self.g, source=self.edges.source, weights=weights)
        return lambda: d.a

    def bfs(self):
        return self.distances(None)

    def dijkstra(self):
        return self.distances(self.length)


GraphTool.main()
