# `make demo` and `make test` set up all they need: a machine with Python >= 3.11 and make is enough.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
SHARED ?= ../shared
# The other major version of `mcp`, and the SDK whose programs run on ours: each in an environment of its own.
MCP1 ?= mcp>=1.23,<2
OFFICIAL ?= claude-agent-sdk==0.2.187
# The plugins of pytest that stand beside ours.
NEIGHBOURS ?= pytest-asyncio pytest-randomly pytest-recording syrupy
TYPESCRIPT ?= @anthropic-ai/claude-agent-sdk@0.3.332

.PHONY: demo test test-mcp1 test-official test-plugins test-typescript downstream lint types docs check conformance
.PHONY: fidelity bench clean

# An environment with this project in it, for its tests; $(1): what else pip is to install.
define environment
@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.12 …")'
@echo "Making the environment $(@D), once; it takes up to a minute."
@$(PYTHON) -m venv $(@D)
@$(@D)/bin/python -m pip install --quiet --upgrade "pip>=25.1"
@$(@D)/bin/python -m pip install --quiet --editable ".[pytest,trio]" --group test $(1)
@touch $@
endef

$(VENV)/.installed: pyproject.toml
	$(call environment,--group lint --group docs)

$(VENV)-mcp1/.installed: pyproject.toml
	$(call environment,"$(MCP1)")

$(VENV)-official/.installed: pyproject.toml
	$(call environment,"$(OFFICIAL)")

$(VENV)-plugins/.installed: pyproject.toml
	$(call environment,$(NEIGHBOURS))

# The main job: a program with a hook, a permission callback and a tool of its own, on recorded real sessions.
demo: $(VENV)/.installed
	$(BIN)/python docs/examples/demo.py

# The project's tests.
test: $(VENV)/.installed
	$(BIN)/python -m pytest -n auto

# The tests of tools and servers with mcp 1.x; `make test` has 2.x.
test-mcp1: $(VENV)-mcp1/.installed
	$(VENV)-mcp1/bin/python -m pytest tests/client/test_mcp_*.py tests/client/test_tool_*.py \
		tests/client/test_defects_mcp_closing.py tests/dropin tests/seed

# The official SDK on our transports and cassettes, and the same programs on both SDKs.
test-official: $(VENV)-official/.installed
	$(VENV)-official/bin/python -m pytest tests/official

# Our pytest plugin beside others, in one run of pytest.
test-plugins: $(VENV)-plugins/.installed
	$(VENV)-plugins/bin/python -m pytest tests/neighbours \
		-p no:asyncio -p no:randomly -p no:recording -p no:syrupy

# Its own CLI is an optional dependency, which is left out: ours stand in for it.
$(VENV)-typescript/.installed:
	@mkdir -p $(@D)
	@npm install --prefix $(@D) --omit=optional --ignore-scripts --no-audit --no-fund --loglevel=error "$(TYPESCRIPT)"
	@touch $@

# The official TypeScript SDK on scripts and cassettes, and the recorder around it; needs node and npm.
test-typescript: $(VENV)/.installed
	@command -v npm >/dev/null && $(MAKE) --no-print-directory $(VENV)-typescript/.installed \
		|| echo "npm is missing or could not install the SDK: the tests are skipped"
	TYPESCRIPT_SDK=$(abspath $(VENV)-typescript) $(BIN)/python -m pytest tests/typescript

# A project as a user of ours has it, tested only through the plugin: both engines, two workers, random order; and its
# copy for the official SDK, in which only the import is another.  Their environments have what it names, no more.
DOWNSTREAM := docs/examples/downstream
DOWNSTREAM_COPY := build/downstream_official

define downstream_environment
@echo "Making the environment $(@D), once; it takes up to a minute."
@$(PYTHON) -m venv $(@D)
@$(@D)/bin/python -m pip install --quiet --upgrade "pip>=25.1"
@$(@D)/bin/python -m pip install --quiet --editable ".[pytest]" --group $(DOWNSTREAM)/pyproject.toml:test httpx $(1)
@touch $@
endef

$(VENV)-downstream/.installed: pyproject.toml $(DOWNSTREAM)/pyproject.toml
	$(call downstream_environment)

$(VENV)-downstream-official/.installed: pyproject.toml $(DOWNSTREAM)/pyproject.toml
	$(call downstream_environment,"$(OFFICIAL)")

downstream: $(VENV)-downstream/.installed $(VENV)-downstream-official/.installed
	$(call run_downstream,$(DOWNSTREAM),$(VENV)-downstream)
	$(PYTHON) $(DOWNSTREAM)/on_official_sdk.py $(DOWNSTREAM_COPY)
	$(call run_downstream,$(DOWNSTREAM_COPY),$(VENV)-downstream-official)

define run_downstream
cd $(1) && $(abspath $(2))/bin/python -m pytest -q -n 2 -p no:cacheprovider --claude-engine=in-process
cd $(1) && $(abspath $(2))/bin/python -m pytest -q -n 2 -p no:cacheprovider --claude-engine=subprocess
endef

lint: $(VENV)/.installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.installed
	$(BIN)/mypy

docs: $(VENV)/.installed
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet

check: test lint types docs

# Every scenario of a shared folder of recordings against what its program observed on the real CLI: replayed, recorded
# anew and replayed again, and replayed into the official SDK.
conformance: $(VENV)/.installed $(VENV)-official/.installed
	$(BIN)/python -m tests.conformance --shared $(SHARED) --official $(VENV)-official/bin/python

# The scripted fake against the same recordings, frame by frame: docs/reference/fidelity.md, `FIDELITY=--write` writes it.
fidelity: $(VENV)/.installed $(VENV)-official/.installed
	$(BIN)/python -m tests.fidelity --shared $(SHARED) --official $(VENV)-official/bin/python $(FIDELITY)

# Speed, side by side with the official SDK, which gets an environment of its own.
bench: $(VENV)/.installed
	$(BIN)/python -m benchmarks $(BENCH)

clean:
	rm -rf $(VENV) $(VENV)-* build dist site .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage*
