# `make` prints the menu. Needs only Python 3.11 or newer; everything else goes into .venv.
PYTHON ?= $(firstword $(foreach p,python3 python3.13 python3.12 python3.11 python,$(shell $(p) -c 'import sys; sys.version_info >= (3, 11) and print("$(p)")' 2>&1 | grep -x '$(p)')))
BIN := .venv/$(if $(filter Windows_NT,$(OS)),Scripts,bin)
STDLIB = $(shell $(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("stdlib"))')
# Exact versions also for what pip builds wheels with, so that two machines build the same thing.
export PIP_CONSTRAINT := constraints.txt

.DEFAULT_GOAL := help
.PHONY: help run test test-nvim011 vscode screenshots recording check bench soak generate dist clean

help:  ## this menu
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: .venv/run.stamp  ## install, then complete this repository and the standard library, and time it
	$(BIN)/pilotfish bench --workspace . --workspace "$(STDLIB)"

test: .venv/dev.stamp .venv/neovim.stamp  ## all tests
	$(BIN)/python -m pytest

test-nvim011: .venv/dev.stamp  ## all tests, where Neovim 0.12 cannot be had: those in Neovim only in 0.11
	PILOTFISH_NEOVIMS=0.11 $(BIN)/python -m pytest

vscode: .venv/dev.stamp  ## the extension for VS Code, in build/
	$(BIN)/python -m clients.vscode.scripts.pack

check: .venv/dev.stamp  ## style, types, layers, generated files
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pilotfish.settings.document --check
	$(BIN)/python -m pilotfish.models.document --check
	$(BIN)/python -m pilotfish.bench.document --check
	$(BIN)/python -m clients.vscode.scripts.generate --check
	$(BIN)/python -m clients.neovim.scripts.help --check
	$(BIN)/python -m clients.vscode.scripts.check
	$(BIN)/python -m tests.neovim.lua

screenshots: .venv/dev.stamp  ## the pictures of VS Code in docs/images
	$(BIN)/python -m tests.vscode.screenshots

bench: .venv/dev.stamp  ## make every run of docs/benchmarks.md anew (LARGE=DIR: in that tree too; ONLY="latency tabby")
	$(BIN)/python tests/quality/benchmarks.py $(ONLY) $(if $(LARGE),--large "$(LARGE)")

soak: .venv/dev.stamp .venv/neovim.stamp  ## the long forms of the tests: minutes to hours
	PILOTFISH_SOAK=100 $(BIN)/python -m pytest --timeout 7200

recording: .venv/dev.stamp .venv/neovim.stamp  ## the film of Neovim in docs/images
	$(BIN)/python -m tests.neovim.recording

generate: .venv/dev.stamp  ## write the generated files anew
	$(BIN)/python -m pilotfish.settings.document
	$(BIN)/python -m pilotfish.models.document
	$(BIN)/python -m pilotfish.bench.document
	$(BIN)/python -m clients.vscode.scripts.generate
	$(BIN)/python -m clients.neovim.scripts.help

dist: .venv/dev.stamp  ## wheel and source archive, in dist/
	$(BIN)/python -m build --outdir dist .

clean:  ## remove everything that this file makes
	$(if $(PYTHON),$(PYTHON),python3) -c 'import shutil; [shutil.rmtree(p, True) for p in (".venv", "dist", "build", "tests/neovim/node_modules", "clients/vscode/node_modules", "clients/vscode/dist")]'

.venv/run.stamp: pyproject.toml constraints.txt | .venv/made.stamp
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

.venv/dev.stamp: requirements-dev.txt tests/vscode/package-lock.json tests/neovim/package-lock.json .venv/run.stamp
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement requirements-dev.txt
	$(BIN)/python -m tests.e2e.emacs
	$(BIN)/python -m tests.vscode.install
	$(BIN)/python -m tests.neovim.lua --install
	$(BIN)/python -m tests.neovim.terminal
	@touch $@

.venv/neovim.stamp: tests/neovim/install.py .venv/dev.stamp
	$(BIN)/python -m tests.neovim.install
	@touch $@

.venv/made.stamp:
	$(if $(PYTHON),$(PYTHON),$(error pilotfish needs Python 3.11 or newer; say which with: make PYTHON=/path/to/python3)) -m venv .venv
	@touch $@
