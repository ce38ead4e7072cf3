# Everything a fresh clone needs is python3 (3.11 or later) with venv and pip.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
MADE := $(VENV)/.made

.PHONY: demo test check bench clean

demo: $(MADE)-core
	$(BIN)/callsmith synth examples/quickstart.yaml

test: $(MADE)-test
	$(BIN)/python -m pytest -n 2

check: $(MADE)-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(MADE)-test
	$(BIN)/python benchmarks/throughput.py
	$(BIN)/python benchmarks/memory.py
	$(BIN)/python benchmarks/wording.py
	$(BIN)/python benchmarks/scale.py
	$(BIN)/python benchmarks/engine.py
	$(BIN)/python benchmarks/grammar.py
	$(BIN)/python benchmarks/recipes.py

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

# Editable, so that a second `make` after a change of the code needs no install.
$(MADE)-core: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	touch $@

$(MADE)-test: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[test]'
	touch $@ $(MADE)-core

$(MADE)-dev: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[test,dev]'
	touch $@ $(MADE)-core $(MADE)-test
