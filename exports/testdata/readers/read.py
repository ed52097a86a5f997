"""Reads an export with NetworkX or igraph and prints what came in, as JSON.

usage: read.py networkx|igraph FILE
"""

import json
import sys
import warnings


def networkx(path):
    import networkx as nx

    if path.endswith(".graphml"):
        graph = nx.read_graphml(path, force_multigraph=True)
    elif path.endswith(".gexf"):
        graph = nx.read_gexf(path)
    else:
        with open(path, encoding="utf-8") as file:
            graph = nx.node_link_graph(json.load(file), edges="links")
    nodes = {key for _, data in graph.nodes(data=True) for key in data}
    edges = {key for _, _, data in graph.edges(data=True) for key in data}
    return graph.number_of_nodes(), graph.number_of_edges(), nodes, edges


def igraph(path):
    import igraph as ig

    graph = ig.Graph.Read_GraphML(path)
    return graph.vcount(), graph.ecount(), set(graph.vs.attributes()), set(graph.es.attributes())


def main():
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        nodes, edges, node_attributes, edge_attributes = {"networkx": networkx, "igraph": igraph}[sys.argv[1]](sys.argv[2])
    print(json.dumps({
        "nodes": nodes,
        "edges": edges,
        "nodeAttributes": sorted(node_attributes),
        "edgeAttributes": sorted(edge_attributes),
        "warnings": [str(w.message) for w in caught],
    }))


main()
