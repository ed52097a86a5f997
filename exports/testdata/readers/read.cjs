// Reads an export with graphology and prints what came in, as JSON.
//
// usage: NODE_PATH=.../node_modules node read.cjs FILE
'use strict';
const fs = require('fs');
const graphology = require('graphology');
const {MultiGraph} = graphology;

const warnings = [];
for (const level of ['warn', 'error', 'warning', 'info']) console[level] = (...words) => warnings.push(words.join(' '));
process.on('warning', w => warnings.push(String(w)));

const path = process.argv[2];
const text = fs.readFileSync(path, 'utf8');
const parse = path.endsWith('.gexf') ? require('graphology-gexf').parse : require('graphology-graphml').parse;
const graph = parse(MultiGraph, text, {addMissingNodes: false});

const keys = each => {
  const all = new Set();
  each((_, attributes) => Object.keys(attributes).forEach(key => all.add(key)));
  return [...all].sort();
};
console.log(JSON.stringify({
  nodes: graph.order,
  edges: graph.size,
  nodeAttributes: keys(f => graph.forEachNode(f)),
  edgeAttributes: keys(f => graph.forEachEdge(f)),
  warnings
}));
