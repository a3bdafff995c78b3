# Everything this repository makes. Each target works from a bare clone: it needs GNU make, Python 3.11-3.13 and
# the package registries, and it never needs an active environment.

VENV := .venv
BIN := $(VENV)/bin

# What to install: `lock` (pinned, hashes checked), `oldest` (the lower bounds), `newest` (the latest allowed).
PINS ?= lock
# A Python to build .venv with; by default the first suitable one on the PATH.
PYTHON ?=
# `make lock UPGRADE=--upgrade` moves the pins to the latest versions; plain `make lock` keeps what still fits.
UPGRADE ?=

STAMP := $(VENV)/.installed-$(PINS)
PIP := PIP_DISABLE_PIP_VERSION_CHECK=1 $(BIN)/python -m pip install -qq --no-input
SUITABLE := import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))
EDITABLE = $(PIP) --no-deps --no-build-isolation -e .
INSTALL_lock = $(PIP) --no-deps --require-hashes --only-binary :all: -r requirements.lock && $(EDITABLE)
INSTALL_oldest = $(PIP) --no-deps --only-binary :all: -r constraints-oldest.txt && $(EDITABLE)
INSTALL_newest = $(PIP) --upgrade --upgrade-strategy eager -e '.[dev]'
COMPILE := $(BIN)/uv pip compile pyproject.toml --quiet --python-version 3.11 --only-binary :all: \
    --no-emit-index-url --no-header --no-annotate $(UPGRADE)
UNIVERSAL := $(COMPILE) --universal --fork-strategy fewest --generate-hashes
OLDEST := $(COMPILE) --upgrade --python-platform x86_64-manylinux_2_28 --resolution lowest-direct

.PHONY: help setup demo test quick pytest notebooks check bench labs samples api lock clean
.DELETE_ON_ERROR:

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(firstword $(MAKEFILE_LIST)) | awk -F '\t' '{ printf "make %-10s %s\n", $$1, $$2 }'

setup: $(STAMP) ## create .venv with the pinned packages (again only when the pins change)

$(STAMP): pyproject.toml $(wildcard requirements.lock constraints-oldest.txt)
	@if ! $(BIN)/python -c '$(SUITABLE)' >/dev/null 2>&1; then \
	  found=; \
	  for candidate in $(or $(PYTHON),python3 python3.13 python3.12 python3.11 python); do \
	    if "$$candidate" -c '$(SUITABLE)' >/dev/null 2>&1; then found=$$candidate; break; fi; \
	  done; \
	  if [ -z "$$found" ]; then \
	    echo "Needed: Python 3.11, 3.12 or 3.13 with its venv module (Debian, Ubuntu: apt install python3-venv)." >&2; \
	    echo "If it is not on the PATH, name it: make setup PYTHON=/path/to/python3.12" >&2; \
	    exit 1; \
	  fi; \
	  echo "Creating $(VENV) with $$("$$found" --version)" >&2; \
	  "$$found" -m venv --clear $(VENV); \
	fi
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(BIN)/python -m ensurepip >/dev/null
	@echo "Installing the packages ($(PINS)) into $(VENV): about 3 GB, a few minutes" >&2
	@$(INSTALL_$(PINS))
	@rm -f $(VENV)/.installed-* && touch $@

# One test process per core; tests that share what they make stay in one of them (conftest.py), and
# what takes long comes first, as conftest.py has sorted it.
PYTEST = $(BIN)/python -m pytest -n logical --dist loadfile --no-loadscope-reorder

demo: setup ## grade the sample class and write the class report
	@$(BIN)/autograder demo

# The tests run even when a check has failed, so that one run tells everything; the status is that of both.
test: setup ## all checks, then all tests
	@status=0; $(MAKE) --no-print-directory check || status=1; $(PYTEST) || status=1; exit $$status

pytest: setup ## only the tests
	@$(PYTEST)

quick: setup ## the tests that are not slow
	@$(PYTEST) -m "not slow"

# Every cell, demonstrations too, which grading skips: the solutions, then the notebooks as students get them.
notebooks: labs ## run all notebooks from end to end, as CI does
	@for notebook in workspace/source/*/*.ipynb labs/*/*.ipynb; do \
	  echo "$$notebook"; LABKIT_BUDGET=quick $(BIN)/jupyter execute --timeout=1200 "$$notebook" || exit 1; \
	done

check: setup ## lint, types, and whether labs/ is current
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/autograder build --check

bench: setup ## time `autograder grade` against plain `nbgrader autograde`
	@$(BIN)/python -m autograder.bench

labs: setup ## build labs/ from solutions/, and the table of labs in README.md
	@$(BIN)/autograder build
	@$(BIN)/python -m tools.readme

samples: setup ## write the sample class anew
	@$(BIN)/python -m autograder.quality.samples.make

api: setup ## write docs/api/ from labkit's docstrings
	@$(BIN)/python -m tools.api

lock: setup ## pin the packages again, write environment.yml (UPGRADE=--upgrade: the latest versions)
	@$(BIN)/python -m tools.environment
	@$(UNIVERSAL) --extra dev -o requirements.lock
	@$(UNIVERSAL) --extra local -c requirements.lock -o requirements-students.lock
	@$(OLDEST) --extra dev -o constraints-oldest.txt
	@for file in requirements.lock requirements-students.lock constraints-oldest.txt; do \
	  sed '/^#/d' "$$file" > "$$file.new" && \
	  { echo "# Written by \`make lock\` from pyproject.toml; not edited by hand."; cat "$$file.new"; } > "$$file" && \
	  rm "$$file.new"; \
	done

clean: ## remove .venv and caches; never workspace/
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage
	find . -name __pycache__ -type d -not -path './workspace/*' -prune -exec rm -rf {} +
