# make help lists the targets.
PYTHON ?= python3
PORT ?= 8501
HOST ?= 127.0.0.1
PY := .venv/bin/python
BUDGET ?= 30
# The text as typed: make must not read a $ in it.
override Q := $(value Q)
export Q

.DEFAULT_GOAL := help
.PHONY: help setup run refresh build explore check status test lint bench load accuracy screenshots wasm clean

help: ## list the targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):[^#]*## /\1\t/' | expand -t 12

run: setup ## install, refresh, build, open the explorer (PORT=8501)
	@$(PY) -m crawler crawl --budget $(BUDGET) || test $$? -ne 2
	@$(PY) -m crawler build
	@$(PY) -m explorer serve --host $(HOST) --port $(PORT)

setup: .venv/.installed ## install into .venv

.venv/.installed: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; set PYTHON=/path/to/python3.11"; exit 2; }
	@$(PYTHON) -m venv .venv || { echo "venv could not be made; on Debian: apt-get install python3-venv"; exit 2; }
	@echo "installing into .venv (some minutes)"
	@$(PY) -m pip install --quiet --no-compile --disable-pip-version-check --constraint constraints.txt --editable '.[dev]' \
	  || { echo "The packages could not be installed: pip needs the network (or a package index, PIP_INDEX_URL) this once. Where all of them are there already: touch .venv/.installed"; exit 2; }
	@touch $@

refresh: setup ## ask the live sources, archive what is good, build
	@$(PY) -m crawler refresh --budget $(BUDGET)

build: setup ## replay archive and bundled pages into data/devices.duckdb
	@$(PY) -m crawler build

explore: setup data/devices.duckdb ## open the explorer on the database as it is
	@$(PY) -m explorer serve --host $(HOST) --port $(PORT)

check: setup data/devices.duckdb ## ask from the terminal: make check Q="SH-41A"
	@$(PY) -m explorer check -- "$$Q"

data/devices.duckdb: | setup
	@$(PY) -m crawler build

status: setup ## sources, freshness, counts, last runs
	@$(PY) -m crawler status

test: setup ## run the tests
	@$(PY) -m pytest

lint: setup ## ruff and mypy
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy

bench: setup ## measure against the targets, print a table
	@$(PY) -m tests.bench
	@$(PY) -m tests.bench_pages
	@$(PY) -m tests.bench_nginx

load: setup ## everybody at once, on loopback; needs wrk
	@$(PY) -m tests.load

accuracy: setup data/devices.duckdb ## how often the written queries find their device, beside two baselines
	@$(PY) -m tests.accuracy

screenshots: setup ## a picture of every page into docs/screenshots/ (needs Chromium)
	@$(PY) -m tests.screenshots

wasm: ## fill docs/wasm/vendor/ from npm, for the page that asks the data in the browser (needs Node.js)
	@cd docs/wasm && npm install --no-package-lock --no-audit --no-fund --silent
	@cd docs/wasm && node_modules/.bin/esbuild libraries.js --bundle --minify --format=esm --target=es2022 \
	  --log-level=warning --outfile=vendor/libraries.js
	@cd docs/wasm && cp node_modules/@duckdb/duckdb-wasm/dist/duckdb-eh.wasm \
	  node_modules/@duckdb/duckdb-wasm/dist/duckdb-browser-eh.worker.js vendor/

clean: ## remove .venv and what is built; the archive stays
	rm -rf .venv build *.egg-info .pytest_cache .ruff_cache .mypy_cache .hypothesis data/devices.duckdb* data/exports docs/wasm/node_modules docs/wasm/vendor
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
