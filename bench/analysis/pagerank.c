// PageRank as one would write it by hand: the bound that kg's kernel is held
// against. It has the definition and the stopping rule of kg's (weighted, damping
// .85, the mass of dangling nodes spread evenly, L1 change at most 1e-8), rows of
// incoming arcs, and no concern for reproducible bits or for being stopped.
//
//	cc -O3 -march=native -fopenmp -o pagerank pagerank.c -lm
//	pagerank EDGES VALUES THREADS REPEATS
//
// It prints one line of JSON, as every peer does.
#include <fcntl.h>
#include <math.h>
#include <omp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static const double damping = 0.85, tolerance = 1e-8;
static const int max_iterations = 1000;

typedef struct {
	uint32_t n, m;
	uint32_t *offsets, *sources; // rows of incoming arcs
	double *weights;             // beside sources
	double *share;               // 1/outgoing strength; 0 without outgoing arcs
} graph;

static void die(const char *what) {
	perror(what);
	exit(1);
}

static void *room(size_t n, size_t size) {
	void *p = calloc(n, size);
	if (!p) die("memory");
	return p;
}

static double now(void) {
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec * 1e-9;
}

static const char *number(const char *p, uint32_t *x) {
	*x = 0;
	while (*p >= '0' && *p <= '9') *x = *x * 10 + (*p++ - '0');
	return p + 1; // and what separates
}

// edge_list reads lines of "from to weight" into three numbers each.
static uint32_t *edge_list(const char *path, uint32_t *m) {
	int fd = open(path, O_RDONLY);
	struct stat st;
	if (fd < 0 || fstat(fd, &st) < 0) die(path);
	const char *text = mmap(NULL, st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (text == MAP_FAILED) die(path);
	const char *end = text + st.st_size;
	*m = 0;
	for (const char *p = text; p < end && (p = memchr(p, '\n', end - p)); p++) ++*m;
	uint32_t *edges = room(*m, 3 * sizeof *edges), *e = edges;
	for (const char *p = text; e < edges + 3 * (size_t)*m;) p = number(p, e++);
	munmap((void *)text, st.st_size);
	close(fd);
	return edges;
}

static graph build(const uint32_t *edges, uint32_t m) {
	graph g = {.m = m};
	for (const uint32_t *e = edges; e < edges + 3 * (size_t)m; e += 3) {
		if (e[0] >= g.n) g.n = e[0] + 1;
		if (e[1] >= g.n) g.n = e[1] + 1;
	}
	g.offsets = room(g.n + 2, sizeof *g.offsets);
	g.sources = room(m, sizeof *g.sources);
	g.weights = room(m, sizeof *g.weights);
	g.share = room(g.n, sizeof *g.share);
	for (const uint32_t *e = edges; e < edges + 3 * (size_t)m; e += 3) {
		g.offsets[e[1] + 2]++;
		g.share[e[0]] += e[2];
	}
	for (uint32_t i = 1; i < g.n + 2; i++) g.offsets[i] += g.offsets[i - 1];
	for (const uint32_t *e = edges; e < edges + 3 * (size_t)m; e += 3) {
		uint32_t at = g.offsets[e[1] + 1]++;
		g.sources[at] = e[0];
		g.weights[at] = e[2];
	}
	for (uint32_t i = 0; i < g.n; i++)
		if (g.share[i] > 0) g.share[i] = 1 / g.share[i];
	return g;
}

// pagerank leaves the scores in x and returns the number of iterations.
static int pagerank(const graph *g, double *x, double *given, double *next) {
	double dangling = 0, change = 1;
	for (uint32_t i = 0; i < g->n; i++) {
		x[i] = 1.0 / g->n;
		given[i] = x[i] * g->share[i];
		if (g->share[i] == 0) dangling += x[i];
	}
	int iterations = 0;
	while (change > tolerance && iterations < max_iterations) {
		double base = (1 - damping + damping * dangling) / g->n;
		change = dangling = 0;
#pragma omp parallel for schedule(dynamic, 4096) reduction(+ : change, dangling)
		for (uint32_t i = 0; i < g->n; i++) {
			double sum = 0;
			for (uint32_t k = g->offsets[i]; k < g->offsets[i + 1]; k++) sum += given[g->sources[k]] * g->weights[k];
			double y = damping * sum + base;
			change += fabs(y - x[i]);
			x[i] = y;
			next[i] = y * g->share[i];
			if (g->share[i] == 0) dangling += y;
		}
		double *swap = given;
		given = next, next = swap;
		iterations++;
	}
	return iterations;
}

int main(int argc, char **argv) {
	if (argc != 5) {
		fprintf(stderr, "usage: pagerank EDGES VALUES THREADS REPEATS\n");
		return 2;
	}
	omp_set_num_threads(atoi(argv[3]));
	uint32_t m;
	uint32_t *edges = edge_list(argv[1], &m);
	graph g = build(edges, m);
	free(edges);
	double *x = room(g.n, sizeof *x), *given = room(g.n, sizeof *x), *next = room(g.n, sizeof *x);
	int iterations = 0, repeats = atoi(argv[4]);
	printf("{\"task\": \"pagerank\", \"seconds\": [");
	for (int r = 0; r < repeats; r++) {
		double start = now();
		iterations = pagerank(&g, x, given, next);
		printf("%s%.9f", r ? ", " : "", now() - start);
	}
	struct rusage usage;
	getrusage(RUSAGE_SELF, &usage);
	printf("], \"iterations\": %d, \"rss_mb\": %.1f, \"values\": \"%s\"}\n", iterations, usage.ru_maxrss / 1024.0, argv[2]);
	FILE *out = fopen(argv[2], "wb");
	if (!out || fwrite(x, sizeof *x, g.n, out) != g.n || fclose(out)) die(argv[2]);
	return 0;
}
