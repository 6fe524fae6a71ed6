# make demo: try everything on this machine.  make test: the whole test suite.
# Everything is installed into .venv; nothing outside of it is touched.

SHELL := /bin/bash
VENV := .venv
PY := $(VENV)/bin/python
ARGS ?=
N ?= 200
SEED ?=
ONLY ?=
PYTEST_ARGS ?=

.PHONY: demo run test check bench chaos lock clean

demo: $(VENV)/run.stamp
	@$(PY) -m bot demo $(ARGS)

run: $(VENV)/run.stamp
	@$(PY) -m bot run $(ARGS)

test: $(VENV)/dev.stamp
	$(PY) -m pytest -n 3 --dist worksteal $(PYTEST_ARGS)

check: $(VENV)/dev.stamp
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	$(VENV)/bin/mypy
	PYTHONPATH=. $(VENV)/bin/lint-imports

bench: $(VENV)/dev.stamp
	@$(PY) -m tests.bench $(ONLY)

chaos: $(VENV)/dev.stamp
	@$(PY) -m tests.chaos --kills $(N) $(if $(SEED),--seed $(SEED))

$(VENV)/pip.stamp: .ci/setup
	@bash .ci/setup $(VENV)
	@touch $@

$(VENV)/run.stamp: $(VENV)/pip.stamp .ci/run.lock pyproject.toml
	@$(PY) -m pip install --quiet --disable-pip-version-check -r .ci/run.lock
	@$(PY) -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/dev.stamp: $(VENV)/run.stamp .ci/dev.lock
	@$(PY) -m pip install --quiet --disable-pip-version-check -r .ci/dev.lock
	@touch $@

lock: $(VENV)/dev.stamp
	$(PY) -m pip install --quiet pip-tools
	bash .ci/lock $(VENV)

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis
