# « make help » lists what can be done. Everything below works from a clean clone.

SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

VENV := .venv
BIN := $(VENV)/bin
MANAGE := $(BIN)/python manage.py
PYTEST := $(BIN)/pytest
WORKERS ?= 2

.PHONY: help run dev test test-sqlite test-postgres test-browser check fix bench lock clean

help: ## Affiche cette aide
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

test-sqlite: ## Teste sur SQLite
	$(PYTEST) --ignore=tests/browser -n $(WORKERS) -q
