# Three commands matter: `make optimize`, `make serve` and `make test`. Each sets up what it needs; `make help` lists the rest.
# Paths are relative, so the checkout may stand in a folder with spaces in its name.

REPO ?= examples/shopfloor
ARGS ?=
export REPO PYTHON

.DEFAULT_GOAL := help
.PHONY: help setup optimize serve test check format lock results bench clean

help: ## list these targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1|\2/p' Makefile | awk -F'|' '{ printf "%-16s %s\n", $$1, $$2 }'

setup: ## make .venv with Hasten in it, and install the sandbox
	@scripts/setup --sandbox

optimize: ## make a repository faster: REPO=<path or git URL>, ARGS="--json report.json"
	@scripts/setup --sandbox
	@.venv/bin/hasten optimize "$$REPO" $(ARGS)

serve: ## serve the API and work on its jobs: ARGS="--port 8000"
	@scripts/setup --sandbox
	@exec .venv/bin/hasten serve $(ARGS)

test: ## pass every test; ARGS go to pytest
	@scripts/setup --dev --sandbox
	@scripts/test $(ARGS)

check: ## lint, format, types and the import chain
	@scripts/setup --dev
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/python -m mypy
	@.venv/bin/lint-imports --no-logo

format: ## put the code into the form that check asks for
	@scripts/setup --dev
	@.venv/bin/ruff check --fix-only --quiet .
	@.venv/bin/ruff format .

lock: ## resolve the dependencies anew and write the locks
	@scripts/setup --dev
	@scripts/lock

results: ## run the benchmarks and write docs/results.md
	@scripts/setup --dev --sandbox
	@.venv/bin/python benchmarks/results.py $(ARGS)

bench: ## measure the service on a PostgreSQL and a Redis of its own and write docs/performance.md
	@scripts/setup --dev --sandbox
	@.venv/bin/python -m benchmarks.service $(ARGS)

clean: ## remove what make and the tools left in this folder
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build dist *.egg-info
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
