"""NetworKit, on as many threads as it is told.

Its Katz centrality scales in every step, and so is another measure.
"""

import networkit as nk
import numpy as np

from peer import DAMPING, TOLERANCE, Peer


FORMS = {
    "betweenness": "unweighted",
    "betweenness_sampled": "unweighted",
    "edge_betweenness": "indexed",
    "closeness": "reverse",
    "harmonic": "reverse",
    "bfs": "unweighted",
    "dijkstra": "lengths",
    "eccentricity": "unweighted",
    "kcore": "unweighted",
    "clustering": "unweighted",
    "articulation": "unweighted",
    "bridges": "unweighted",
}


class NetworKit(Peer):
    name, version = "NetworKit", nk.__version__

    def __init__(self, threads):
        super().__init__(threads)
        nk.setNumberOfThreads(threads)
        nk.setSeed(1, True)
        self.form, self.other = "", None

    def load(self, edges, weights, directed):
        ends = edges.src.astype(np.uint64), edges.dst.astype(np.uint64)
        return nk.GraphFromCoo((weights, ends), n=edges.n, weighted=True, directed=directed)

    def build(self, edges):
        self.g = None
        self.g = self.load(edges, edges.weight, True)

    def ready(self, task):
        """The graph in another form, for tasks that want one."""
        form = FORMS.get(task, "")
        if form == self.form:
            return
        self.form, self.other = form, None
        if form == "unweighted":
            self.other = nk.graphtools.toUnweighted(self.g)
        elif form == "indexed":
            self.other = nk.graphtools.toUnweighted(self.g)
            self.other.indexEdges()
        elif form == "reverse":
            self.other = nk.graphtools.transpose(nk.graphtools.toUnweighted(self.g))
        elif form == "lengths":
            self.other = self.load(self.edges, 1 / self.edges.weight, True)

    def undirected(self, ties):
        self.g, self.form, self.other = None, "", None
        self.g = self.load(ties, ties.weight, False)

    def run(self, algorithm):
        algorithm.run()
        return algorithm

    def scores(self, algorithm):
        a = self.run(algorithm)
        return lambda: a.scores()

    def partition(self, algorithm):
        a = self.run(algorithm)
        return lambda: a.getPartition().getVector()

    def pagerank(self):
        p = nk.centrality.PageRank(
            self.g, DAMPING, TOLERANCE, distributeSinks=nk.centrality.SinkHandling.DistributeSinks
        )
        p.norm = nk.centrality.Norm.L1_NORM
        return self.scores(p)

    def eigenvector(self):
        return self.scores(nk.centrality.EigenvectorCentrality(self.g, TOLERANCE))

    def betweenness(self):
        return self.scores(nk.centrality.Betweenness(self.other, normalized=True))

    def betweenness_sampled(self):
        # Its bound is on the share of pairs, as in kg; its scores are twice the share.
        a = self.run(nk.centrality.KadabraBetweenness(self.other, 0.01, 0.1))
        return lambda: np.array(a.scores()) / 2

    def edge_betweenness(self):
        b = self.run(nk.centrality.Betweenness(self.other, computeEdgeCentrality=True))

        def values():
            by_id, ends = b.edgeScores(), []
            self.other.forEdges(lambda u, v, w, i: ends.append((u, v, by_id[i])))
            return np.array([x for _, _, x in sorted(ends)]) / (self.edges.n * (self.edges.n - 1))

        return values

    def closeness(self):
        return self.scores(
            nk.centrality.Closeness(self.other, True, nk.centrality.ClosenessVariant.GENERALIZED)
        )

    def harmonic(self):
        return self.scores(nk.centrality.HarmonicCloseness(self.other, normalized=False))

    def eccentricity(self):
        far = [nk.distance.Eccentricity.getValue(self.other, v)[1] for v in self.other.iterNodes()]
        return lambda: far

    def kcore(self):
        return self.scores(nk.centrality.CoreDecomposition(self.other))

    def clustering(self):
        return self.scores(nk.centrality.LocalClusteringCoefficient(self.other, turbo=True))

    def wcc(self):
        return self.partition(nk.components.WeaklyConnectedComponents(self.g))

    def scc(self):
        return self.partition(nk.components.StronglyConnectedComponents(self.g))

    def articulation(self):
        b = self.run(nk.components.BiconnectedComponents(self.other))
        return lambda: [v for v in self.other.iterNodes() if len(b.getComponentsOfNode(v)) > 1]

    def bridges(self):
        b = self.run(nk.components.BiconnectedComponents(self.other))
        return lambda: sorted(
            min(c) * self.edges.n + max(c) for c in b.getComponents() if len(c) == 2
        )

    def louvain(self):
        return self.partition(nk.community.PLM(self.g, refine=True))

    def leiden(self):
        return self.partition(nk.community.ParallelLeiden(self.g, iterations=2))

    def distances(self, algorithm):
        a = self.run(algorithm)
        return lambda: a.getDistances()

    def bfs(self):
        return self.distances(nk.distance.BFS(self.other, self.edges.source, storePaths=False))

    def dijkstra(self):
        return self.distances(nk.distance.Dijkstra(self.other, self.edges.source, storePaths=False))


NetworKit.main()
