# Everything that a person or a machine does with this checkout. Needs Python 3.11 or newer, and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
JOBS ?= 2

.DEFAULT_GOAL := help
.PHONY: help install run test check lint types imports tests long faults kills hostile neighbours flat month teeth
.PHONY: strip-score train-strip bench lock clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | sort

# --- setting up: a virtual environment in the checkout, exactly the locked packages ---
$(VENV)/ready: requirements-dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Syndicate needs Python 3.11 or newer; set PYTHON=... for make")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

# The lock holds everything; older pips stumble over lxml's extra, which two of these ask for, when they resolve it again.
$(VENV)/bench-ready: requirements-bench.txt $(VENV)/ready
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-bench.txt
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

# Neighbours share what takes long to start (a database server, a sandbox), so each process takes one stretch of the
# tests; and the programs that tests start are compiled once, whatever the environment says.
tests: export PYTHONDONTWRITEBYTECODE =
tests: install
	$(BIN)/pytest -n $(JOBS) --dist worksteal -m "not long"

long: install ## the long tests, which `make test` leaves out (about an hour)
	$(BIN)/pytest -n $(JOBS) -m long

# The long forms; what they need and found stands in docs/faults.md. The short ones are part of `make test`.
faults: install ## kills, full disks, hostile feeds: everything of tests/faults (about an hour)
	$(BIN)/pytest -n $(JOBS) tests/faults

kills: install ## kill -9 at every call of an ingest that changes a file, 200 random kills, failing disks (10 minutes)
	$(BIN)/pytest -n $(JOBS) tests/faults/test_crashes.py tests/faults/test_full_disk.py

hostile: install ## 10,000 hostile feeds of 28 families, with what they cost (10 minutes)
	$(BIN)/pytest -s -m long tests/faults/test_hostile.py

neighbours: install ## good sources among hostile ones through 2,700 polls (10 minutes)
	$(BIN)/pytest -s -m long tests/faults/test_good_neighbours.py

flat: install ## the memory of 20,000 fetch-read-publish cycles; CYCLES=2000 for fewer (20 minutes)
	CYCLES=$(or $(CYCLES),20000) $(BIN)/pytest -s -m long tests/faults/test_flat.py

month: install ## 10,000 sources polled through a month, with the figures (half a minute)
	$(BIN)/pytest -s -m long tests/ingest/test_pace.py

teeth: install ## plant defects in a scratch copy and show that the tests catch them
	$(BIN)/python tools/teeth.py

# --- measuring ---
strip-score: $(VENV)/bench-ready ## how much boilerplate goes, and what stays, beside other tools
	$(BIN)/python bench/strip_score.py

train-strip: $(VENV)/bench-ready ## train the stripper's weights on the sets of this repository, and show what they reach (2 minutes)
	$(BIN)/python tools/train_strip.py $(TRAIN)

bench: $(VENV)/bench-ready ## speed of ingest and of serving
	$(BIN)/python bench/ingest.py
	bench/serve

# --- housekeeping ---
LOCK := uv pip compile -q --generate-hashes --universal --python-version 3.11 --no-header --no-emit-index-url --no-annotate
lock: ## write the locks again from pyproject.toml (needs uv)
	$(LOCK) $(UPGRADE) pyproject.toml -o requirements.txt
	$(LOCK) $(UPGRADE) --group build -c requirements.txt -o requirements-build.txt
	$(LOCK) pyproject.toml --group dev -c requirements.txt -c requirements-build.txt -o requirements-dev.txt
	$(LOCK) pyproject.toml --group dev --group bench -c requirements-dev.txt -o requirements-bench.txt

clean: ## remove everything that make made, but no data
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
