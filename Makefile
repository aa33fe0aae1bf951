# Everything a newcomer needs is `make run` and `make test`; `make help` lists the rest.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= $(shell command -v python3.11 || command -v python3.12 || command -v python3.13 || command -v python3)
VENV ?= .venv
BIN := $(VENV)/bin
SAMPLE ?= samples/violence-at-home.txt
SERVE ?= 1
# On Linux machines where plain torch brings CUDA packages, choose the CPU build:
#   make run TORCH_INDEX=https://download.pytorch.org/whl/cpu
TORCH_INDEX ?=
PIP := $(BIN)/python -m pip --disable-pip-version-check
PIP_INSTALL := $(PIP) install --quiet --constraint constraints.txt $(if $(TORCH_INDEX),--extra-index-url $(TORCH_INDEX))
CHROMIUM ?= $(shell command -v chromium || command -v chromium-browser || command -v google-chrome || echo /usr/bin/chromium)
APT := $(shell [ "$$(id -u)" = 0 ] || echo sudo) apt-get
PYTEST := CMIS_TEST_CHROMIUM=$(CHROMIUM) $(BIN)/python -m pytest

.PHONY: help
help: ## List what make can do
	@grep -hE '^[a-z][a-zA-Z0-9_-]*:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | sort | awk -F'\t' '{printf "  %-18s %s\n", $$1, $$2}'

$(VENV)/.python:
	@"$(PYTHON)" -c 'import sys; sys.exit("Python 3.11 or newer is needed; found " + sys.version.split()[0] + ". Install it, or say: make PYTHON=/path/to/python3.11") if sys.version_info < (3, 11) else None'
	@echo "Creating $(VENV) with $(PYTHON)"
	@"$(PYTHON)" -m venv $(VENV)
	@$(PIP) install --quiet --upgrade pip
	@touch $@

$(VENV)/.run: $(VENV)/.python pyproject.toml constraints.txt
	@echo "Installing the pinned parts (a few minutes the first time)"
	@$(PIP_INSTALL) --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.run
	@echo "Installing the developers' parts"
	@$(PIP_INSTALL) --editable '.[dev]'
	@touch $@

.PHONY: setup
setup: $(VENV)/.dev ## Install everything, developers' parts included

.PHONY: run
run: $(VENV)/.run ## Load the knowledge, draft a sample, then serve (SERVE=0 ends after drafting)
	@$(BIN)/cmis start --sample $(SAMPLE) $(if $(filter 0,$(SERVE)),--no-serve)

.PHONY: chromium
chromium:
	@[ -x "$(CHROMIUM)" ] || { echo "Installing Chromium for the browser tests"; $(APT) update -qq && $(APT) install -y -qq --no-install-recommends chromium >/dev/null; }

.PHONY: test
test: setup chromium lint ## Everything that must be green: lint, types, imports, data, all tests, coverage
	@$(BIN)/cmis kb check
	@$(BIN)/cmis kb prepare
	@CMIS_DATA_DIR=.make/eval $(BIN)/cmis eval smoke
	@$(PYTEST) tests -n 2 --dist loadscope --no-loadscope-reorder --max-worker-restart 0 --cov --cov-report=term --cov-fail-under=90

.PHONY: unit
unit: setup ## Only the quick tests
	@$(PYTEST) tests/unit -q

.PHONY: lint
lint: setup ## Style, types and the direction of imports
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

.PHONY: format
format: setup ## Format the code and mend what can be mended
	@$(BIN)/ruff check --fix . || true
	@$(BIN)/ruff format .

.PHONY: bench
bench: setup ## Benchmarks; the figures go to docs/benchmarks.md
	@$(BIN)/python -m tests.benchmark.drafting --write

.PHONY: bench-masking
bench-masking: setup ## How long masking takes; the figures go to docs/benchmarks.md
	@$(BIN)/python -m tests.benchmark.masking --write

.PHONY: bench-coding
bench-coding: setup ## How long coding takes; the figures go to docs/benchmarks.md
	@$(BIN)/python -m tests.benchmark.coding --write

.PHONY: bench-record
bench-record: setup ## A caseload page and a case search among 50,000 cases; the figures go to docs/benchmarks.md
	@$(BIN)/python -m tests.benchmark.record --write

.PHONY: bench-ui
bench-ui: setup chromium ## How long the pages take with 5,000 cases; the figures go to docs/benchmarks.md
	@CMIS_TEST_CHROMIUM=$(CHROMIUM) $(BIN)/python -m tests.benchmark.pages --write

.PHONY: drills
drills: setup ## The long drills in full: 300 kills, 200 answers of a hostile model, 10,000 narratives masked and restored, many hands in one case
	@DRILLS=1 $(PYTEST) -q tests/integration/test_planner_hostile_model.py tests/acceptance/test_api_access.py tests/acceptance/test_api_many_hands.py
	@DRILLS=1 $(BIN)/python -m tests.benchmark.round_trip --write
	@$(BIN)/python -m tests.benchmark.kills --write

$(VENV)-model/.ready: tests/real_model/requirements.txt
	@"$(PYTHON)" -m venv $(VENV)-model
	@$(VENV)-model/bin/python -m pip install --quiet --upgrade pip
	@$(VENV)-model/bin/python -m pip install --quiet -r tests/real_model/requirements.txt
	@touch $@

.PHONY: test-model
test-model: setup $(VENV)-model/.ready ## Draft one story with a real, small local language model
	@$(BIN)/python -m tests.real_model.draft $(VENV)-model/bin/python $(VENV)-model/weights

.PHONY: eval
eval: setup ## Every evaluation on the embedded defaults; one report
	@$(BIN)/cmis eval all

.PHONY: eval-smoke
eval-smoke: setup ## Small evaluations against the stored floors
	@CMIS_DATA_DIR=.make/eval $(BIN)/cmis eval smoke

.make/bench-venv/.done: tests/benchmark/peers.txt
	@mkdir -p .make && "$(PYTHON)" -m venv .make/bench-venv
	@.make/bench-venv/bin/python -m pip install --quiet --disable-pip-version-check --requirement tests/benchmark/peers.txt
	@touch $@

.PHONY: bench-retrieval
bench-retrieval: setup .make/bench-venv/.done ## Search against its peers; the figures go to docs/benchmarks.md
	@$(BIN)/python -m tests.benchmark.retrieval

.PHONY: screenshots
screenshots: setup chromium ## Take docs/screenshots anew from the running demo
	@CMIS_TEST_CHROMIUM=$(CHROMIUM) $(BIN)/python -m tests.acceptance.screenshots

.PHONY: constraints
constraints: ## Resolve all versions anew into constraints.txt
	@rm -rf .make/resolve && "$(PYTHON)" -m venv .make/resolve && .make/resolve/bin/python -m pip install -q -U pip
	@.make/resolve/bin/python -m pip install -q torch==2.13.0 && .make/resolve/bin/python -m pip install -q '.[dev]'
	@.make/resolve/bin/python -m pip freeze --exclude cmis-planner | sed 's/^torch==\([0-9.]*\).*/torch==\1/' > constraints.txt

.PHONY: clean
clean: ## Remove the environment and caches (never the data)
	@rm -rf $(VENV) .make build *.egg-info .mypy_cache .ruff_cache .pytest_cache htmlcov .coverage*
