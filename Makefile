# `make demo` and `make test` set up all they need: a machine with Python >= 3.11 and make is enough.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
SHARED ?= ../shared

.PHONY: demo test lint types docs check conformance bench clean

$(VENV)/.installed: pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.12 …")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --editable ".[pytest,trio]" --group test --group lint --group docs
	touch $@

# The main job: a program with a hook, a permission callback and a tool of its own, on recorded real sessions.
demo: $(VENV)/.installed
	$(BIN)/python docs/examples/demo.py

# The project's tests.
test: $(VENV)/.installed
	$(BIN)/python -m pytest

lint: $(VENV)/.installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.installed
	$(BIN)/mypy

docs: $(VENV)/.installed
	$(BIN)/mkdocs build --strict --quiet

check: test lint types docs

# Every scenario of a shared folder of recordings against what its program observed on the real CLI.
conformance: $(VENV)/.installed
	$(BIN)/python -m tests.conformance --shared $(SHARED)

# Speed, side by side with the official SDK, which gets an environment of its own.
bench: $(VENV)/.installed
	$(BIN)/python -m benchmarks $(BENCH)

clean:
	rm -rf $(VENV) .venv-* build dist site .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage*
