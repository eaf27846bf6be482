# jiedui 结对. Two commands suffice: `make demo` and `make test`. Each sets up what it needs by itself.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help demo web test test-core check check-wheel audit bench overlays soak doctor lock clean

JOBS ?= 2
PLANS ?= plans
BIN := .venv/bin

help: ## what there is to do
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 14

demo: ## plan the real 2016 scenario, verify the plan and show it
	@.ci/system install
	@.ci/setup run
	@.ci/demo $(PLANS)

web: ## build the web view, which jiedui serve then opens at /; does nothing where it is of these sources
	@.ci/system install
	@.ci/setup run
	@.ci/web

test: ## all tests
	@.ci/system install office browser
	@.ci/setup test
	@.ci/parts
	@$(BIN)/python -m pytest -n $(JOBS) --dist loadfile

test-core: ## the tests that need no system packages; installs none
	@.ci/system require
	@.ci/setup test
	@.ci/parts
	@$(BIN)/python -m pytest -n $(JOBS) --dist loadfile -m "not system"

check: ## style, types and the direction of imports; of the web view, style and types
	@.ci/system install
	@.ci/setup check
	@status=0; \
	$(BIN)/ruff check . || status=1; \
	$(BIN)/ruff format --check . || status=1; \
	$(BIN)/mypy || status=1; \
	$(BIN)/lint-imports --no-logo || status=1; \
	.ci/web types format || status=1; \
	exit $$status

check-wheel: ## the wheel, and the one that the sdist makes without Node, each alone in a fresh environment, answer from any folder and serve the view
	@.ci/system install
	@.ci/setup run
	@.ci/web
	@.ci/wheel

audit: ## ask an advisory service about the locked packages; needs a network (exit status 5 where there is none)
	@.ci/system install
	@.ci/setup check
	@$(BIN)/python .ci/audit run check

bench: ## measure everything; writes docs/benchmarks (takes long)
	@.ci/system install browser
	@.ci/setup bench
	@.ci/web
	@$(BIN)/python -m benchmarks
	@$(BIN)/python -m benchmarks web

overlays: ## plan china-2016 and every what-if, compare all in one workbook, have LibreOffice convert it and read it back
	@.ci/system install office
	@.ci/setup test
	@.ci/overlays $(PLANS)/overlays

soak: ## bad days at the size of the country, hundreds of kills, rules at their extremes; writes docs/benchmarks (takes more than an hour)
	@.ci/system install
	@.ci/setup bench
	@.ci/parts
	@$(BIN)/python -m benchmarks soak kills extremes contract hostile soak-service

doctor: ## what this machine lacks
	@.ci/system doctor
	@if [ -x $(BIN)/jiedui ]; then $(BIN)/jiedui doctor; fi

lock: ## resolve the locked packages anew; UPGRADE=1 takes newer versions
	@.ci/lock $(if $(UPGRADE),--upgrade)

clean: ## remove what was built; plans and data stay
	@rm -rf .venv build dist api/view api/web/node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
