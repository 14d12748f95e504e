# `make demo` and `make test` do all of their own set-up in .venv; nothing else on the machine is touched.
PYTHON ?= python3
BIN = .venv/bin

.PHONY: demo test test-long bench simulate pictures clean

demo: .venv/installed
	$(BIN)/driftd demo

test: .venv/installed-dev
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/driftd rules test
	$(BIN)/driftd rules test rules
	$(BIN)/python -m pytest -n 2 --dist loadfile

test-long: .venv/installed-dev
	$(BIN)/python -m pytest --long

# Writes docs/performance.md: about 25 minutes on two idle cores, 4 GB of disk while it runs. CACHE=... keeps data and tools.
bench: .venv/installed-dev
	$(BIN)/python -m benchmarks.speed $(if $(CACHE),--cache $(CACHE))

# What docs/verdicts.md rests on: about 40 minutes on two cores; stopped, it goes on where it was. COMMIT=... names the seeds.
simulate: .venv/installed-dev
	OPENBLAS_NUM_THREADS=1 $(BIN)/python -m benchmarks.verdicts $(if $(COMMIT),--commit $(COMMIT))

# Writes the README's pictures; needs Chromium (Debian: apt-get install chromium).
pictures: .venv/installed-dev
	$(BIN)/python benchmarks/pictures.py

.venv/made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "driftd needs Python 3.11 or later; $(PYTHON) is `$(PYTHON) --version 2>&1`."; \
	  echo "Name another one: make PYTHON=python3.12 ..."; exit 2; }
	@$(PYTHON) -m venv .venv || { rm -rf .venv; \
	  echo "$(PYTHON) -m venv failed. On Debian and Ubuntu: apt-get install python3-venv"; exit 2; }
	@touch $@

.venv/installed: .venv/made pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

.venv/installed-dev: .venv/made pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@ .venv/installed

clean:
	rm -rf .venv demo build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
