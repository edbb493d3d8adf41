# Everything that a person or a machine does with this checkout. Needs Python 3.11 or newer, and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
JOBS ?= 2

.DEFAULT_GOAL := help
.PHONY: help install run test check lint types imports tests long faults teeth strip-score bench lock clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | sort

# --- setting up: a virtual environment in the checkout, exactly the locked packages ---
$(VENV)/ready: requirements-dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Syndicate needs Python 3.11 or newer; set PYTHON=... for make")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/bench-ready: requirements-bench.txt $(VENV)/ready
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-bench.txt
	@touch $@

install: $(VENV)/ready ## set up the virtual environment

# --- running ---
run: install ## ingest seeds/ and serve it all on http://127.0.0.1:8080
	$(BIN)/syndicate up

# --- testing ---
test: install check tests ## everything a change must pass

check: lint types imports

lint: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: install
	$(BIN)/mypy

imports: install
	$(BIN)/lint-imports

tests: install
	$(BIN)/pytest -n $(JOBS) -m "not long"

long: install ## the long tests too
	$(BIN)/pytest -n $(JOBS) -m long

faults: install ## kills, full disks, hostile feeds: the long form
	$(BIN)/pytest -n $(JOBS) tests/faults

teeth: install ## plant defects in a scratch copy and show that the tests catch them
	$(BIN)/python tools/teeth.py

# --- measuring ---
strip-score: $(VENV)/bench-ready ## how much boilerplate goes, and what stays, beside other tools
	$(BIN)/python bench/strip_score.py

bench: $(VENV)/bench-ready ## speed of ingest and of serving
	$(BIN)/python bench/ingest.py
	bench/serve

# --- housekeeping ---
lock: ## write the locks again from pyproject.toml (needs uv)
	uv pip compile -q pyproject.toml --generate-hashes --universal --python-version 3.11 --no-header --no-emit-index-url --no-annotate $(UPGRADE) -o requirements.txt
	uv pip compile -q pyproject.toml --group dev --generate-hashes --universal --python-version 3.11 --no-header --no-emit-index-url --no-annotate -c requirements.txt -o requirements-dev.txt
	uv pip compile -q pyproject.toml --group dev --group bench --generate-hashes --universal --python-version 3.11 --no-header --no-emit-index-url --no-annotate -c requirements-dev.txt -o requirements-bench.txt

clean: ## remove everything that make made, but no data
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
