# Two commands for a newcomer: `make demo` and `make test`. Both set up what they need.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PYTEST_WORKERS ?= 2

.PHONY: demo test check format lint types rules-check sample docs bench bench-check clean

$(VENV)/.runtime: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	touch $@

$(VENV)/.dev: $(VENV)/.runtime
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	touch $@

demo: $(VENV)/.runtime
	$(BIN)/auditor demo

test: $(VENV)/.dev
	$(BIN)/python -m pytest -q -n $(PYTEST_WORKERS) --dist loadgroup

format: $(VENV)/.dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lint: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(VENV)/.dev
	$(BIN)/mypy

rules-check: $(VENV)/.dev
	$(BIN)/auditor rules check

check: lint types test rules-check

# Rewrites what is generated: the golden sample run, and the pages made from the code.
sample: $(VENV)/.dev
	$(BIN)/python scripts/write_sample.py

docs: $(VENV)/.dev
	$(BIN)/python scripts/write_docs.py

$(VENV)/.bench: $(VENV)/.dev
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[bench]'
	touch $@

# The whole table takes about a quarter of an hour; the check of ratios, two minutes.
bench: $(VENV)/.bench
	$(BIN)/python -m bench

bench-check: $(VENV)/.dev
	$(BIN)/python -m bench --check

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis
