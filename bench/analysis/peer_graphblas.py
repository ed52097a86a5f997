"""SuiteSparse:GraphBLAS through graphblas-algorithms, the Python sibling of LAGraph.

Its loops are Python around calls of the library: on a small graph the calls
themselves are most of the time.
"""

import importlib.metadata

import graphblas as gb

gb.init("suitesparse", blocking=True)

import graphblas_algorithms as ga
import numpy as np

from peer import DAMPING, TOLERANCE, Peer


class GraphBLAS(Peer):
    name, version = "GraphBLAS", importlib.metadata.version("suitesparse-graphblas")

    def __init__(self, threads):
        super().__init__(threads)
        gb.ss.config["nthreads"] = threads

    def build(self, edges):
        self.g = None
        self.g = ga.DiGraph(gb.Matrix.from_coo(edges.src, edges.dst, edges.weight, nrows=edges.n, ncols=edges.n))

    def undirected(self, ties):
        self.g = None
        src, dst = np.concatenate((ties.src, ties.dst)), np.concatenate((ties.dst, ties.src))
        self.g = ga.Graph(gb.Matrix.from_coo(src, dst, 1.0, nrows=ties.n, ncols=ties.n))

    def dense(self, vector, missing=0.0):
        return lambda: vector.to_dense(missing)

    def pagerank(self):
        return self.dense(ga.algorithms.pagerank(self.g, alpha=DAMPING, tol=TOLERANCE / self.edges.n, max_iter=1000))

    def eigenvector(self):
        return self.dense(ga.algorithms.eigenvector_centrality(self.g, tol=TOLERANCE / self.edges.n, max_iter=1000))

    def hits(self):
        h, a = ga.algorithms.hits(self.g, tol=TOLERANCE / self.edges.n, max_iter=1000)
        return lambda: np.concatenate([h.to_dense(0.0), a.to_dense(0.0)])

    def clustering(self):
        return self.dense(ga.algorithms.clustering(self.g))

    def bfs(self):
        return self.dense(ga.algorithms.single_source_shortest_path_length(self.g, self.edges.source), -1)


GraphBLAS.main()
