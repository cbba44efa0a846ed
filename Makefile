# Two commands do everything on a fresh machine with Python >= 3.11:
#   make demo    sets up, runs a virtual 96-well co-culture screen from cells to a report, prints hits beside what was planted
#   make test    sets up, lints, and passes the tests
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed
# A machine may force a slow BLAS; nothing here depends on it.
export OMP_NUM_THREADS ?= 1
export NO_MKDOCS_2_WARNING := 1
SOAK_MINUTES ?= 30

.PHONY: demo demo-images test lint types floors unit hostile bench soak docs pictures serve-docs web lock clean help

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "coculture needs Python 3.11 or newer; name one with: make PYTHON=python3.12 ..."; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
	@touch $@

demo: $(STAMP) ## a virtual 96-well co-culture screen, simulated, analysed, reported; the hits beside what was planted
	$(BIN)/python examples/virtual_screen/run_virtual_screen.py demo-results

demo-images: $(STAMP) ## the same from pixels: draw a plate of images with planted effects, read it, compare the hits
	$(BIN)/python examples/demo/run_demo.py demo-images-results

test: lint unit docs ## everything that must hold

lint: $(STAMP) ## style, types, direction of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python tests/house/floors.py

unit: $(STAMP) ## the tests, with coverage; then the kernels once more without compilation
	$(BIN)/coverage erase
	$(BIN)/python -m pytest -n 2 --dist loadfile --durations 15 --cov --cov-report=
	NUMBA_DISABLE_JIT=1 $(BIN)/python -m pytest -q -n 2 --dist loadfile -m kernel --cov --cov-append --cov-report=
	$(BIN)/coverage report

faults: $(STAMP) ## a seeded campaign of 124 random faults, with its outcome by kind (COCULTURE_FAULTS=n for another number)
	COCULTURE_FAULTS=$${COCULTURE_FAULTS:-124} $(BIN)/python -m pytest -q tests/faults

soak: $(STAMP) ## run, strike, resume, serve and ask for half an hour (SOAK_MINUTES): memory, processes, handles, files
	$(BIN)/python tests/soak/soak.py --minutes $(SOAK_MINUTES)

docs: $(STAMP) ## build the documentation; a broken link is an error
	$(BIN)/mkdocs build --strict --quiet --site-dir build/site

pictures: demo-images ## run two screens and take the pictures of docs/workbench.md (needs Chromium and fonts for Chinese)
	$(BIN)/coculture run examples/assays/t_cell_killing/screen.toml -o build/pictures/killing
	$(BIN)/python docs/draw_workbench_figures.py demo-images-results/results build/pictures/killing

hostile: $(STAMP) ## every door against hundreds of altered and hand-made hostile inputs each (the tests draw a few)
	COCULTURE_HOSTILE=400 $(BIN)/python -m pytest tests/hostile -q
	$(BIN)/python tests/hostile/coverage_guided.py 180

bench: requirements.lock pyproject.toml ## install the peers beside us and measure (see benchmarks/README.md)
	$(PYTHON) -m venv .venv-bench
	.venv-bench/bin/python -m pip install --quiet --disable-pip-version-check -e '.[bench]'
	.venv-bench/bin/python benchmarks/run_all.py

web: ## bundle what runs in the browser of the workbench (needs npm)
	cd web-client && npm ci --ignore-scripts --no-audit --no-fund && npm run build

lock: ## resolve the dependencies again (needs uv)
	uv pip compile --universal --python-version 3.11 --no-header --extra test --extra docs pyproject.toml -o requirements.lock

clean: ## remove what was built, keep the environment
	rm -rf build dist site demo-results demo-images-results .pytest_cache .mypy_cache .ruff_cache .coverage*
