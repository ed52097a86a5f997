# What go build and go test do not do by themselves. CI is .ci/run.

PARTS ?= $(or $(TMPDIR),/tmp)/kg-bench
PYTHON = $(PARTS)/venv/bin/python

.PHONY: build test bench bench-setup bench-load bench-analysis

build: ## one static binary, with Cayley's page inside
	go generate ./internal/query
	CGO_ENABLED=0 go build -o kg ./cmd/kg

test: ## what needs nothing from outside
	go test ./...

bench: bench-load bench-analysis ## both tables: see bench/README.md

bench-setup: ## installs the peers into PARTS
	bench/setup $(PARTS)

# QUICK=1 for some minutes, FULL=1 for hours; ARGS is passed on.
bench-load: bench-setup
	$(PYTHON) bench/load/run.py --parts $(PARTS) $(if $(QUICK),--quick) $(if $(FULL),--full) $(ARGS)

bench-analysis: bench-setup
	$(PYTHON) bench/analysis/run.py --parts $(PARTS) $(if $(QUICK),--quick) $(if $(FULL),--full) $(ARGS)
