# picklight: the verbs. Each one does its own set-up; `make` alone lists them.
#
#   make run                  a whole small warehouse and the page to watch it; Ctrl-C stops everything
#   make test                 every test; ARGS="tests/wire -x" narrows it
#   make hil                  tests on a real kernel with real devices, in virtual machines; ARGS narrows it, too
#   make check                format, lint, types, import floors, numbers, wire contract
#   make bench                our speed as a ratio to what the wire and the disk allow; ONLY=name runs one
#   make setup                only the set-up, for run and for test
#   make lock                 renew the lock files after a change of dependencies in pyproject.toml
#   make clean                remove what the verbs made (the environment, caches, run folders)

SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help run test hil check bench setup setup-run setup-test setup-hil lock clean format lint types imports numbers contract

BIN := .venv/bin
LOCK := $(BIN)/python -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header pyproject.toml --extra build

help:
	@sed -n '2,/^$$/s/^# \{0,1\}//p' Makefile

run: setup-run
	@$(BIN)/picklight floor start $(ARGS)

test: setup-test
	@PATH="$$PATH:/usr/sbin" $(BIN)/python -m pytest -n auto --maxprocesses 4 --dist loadgroup --no-loadscope-reorder $(ARGS)

hil: setup-hil
	@$(BIN)/python -m tests.hil.bed test $(ARGS)

check: format lint types imports numbers contract

bench: setup-test
	@$(BIN)/python -m bench $(if $(ONLY),--only $(ONLY)) $(ARGS)

setup: setup-test

setup-run:
	@tools/setup.sh run

setup-test:
	@tools/setup.sh test

setup-hil: setup-test
	@tools/setup.sh hil

format: setup-test
	@$(BIN)/ruff format --check --quiet . || { echo "make check: renew with: $(BIN)/ruff format ."; exit 1; }

lint: setup-test
	@$(BIN)/ruff check --quiet .

types: setup-test
	@$(BIN)/mypy --strict

imports: setup-test
	@$(BIN)/lint-imports --no-logo

numbers: setup-test
	@$(BIN)/python -m tools.numbers

contract: setup-test
	@$(BIN)/python -m tools.contract --check
	@$(BIN)/python -m tools.devices --check

lock: setup-test
	@$(BIN)/python -m pip install --quiet uv
	@$(LOCK) --output-file requirements.lock
	@$(LOCK) --extra dev --constraint requirements.lock --output-file requirements-dev.lock

clean:
	@rm -rf .venv build dist run .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache *.egg-info
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
