# « make help » lists what can be done; everything works from a clean clone, on Debian with Python 3.11 and make.

SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

VENV := .venv
BIN := $(VENV)/bin
MANAGE := $(BIN)/python manage.py
PYTEST := $(BIN)/pytest -q --durations=15
WORKERS ?= $(shell cores=$$(nproc); echo $$((cores > 4 ? 4 : cores)))
RUNTIME := $(VENV)/installed-runtime
DEV := $(VENV)/installed-dev
ROOMS := territoires_en_commun annuaire ressources blog agenda search
SHELL_SCRIPTS := .ci/*

# Every process, and there are many, would compile the project again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help run dev test test-databases test-sqlite test-postgres test-browser check format-check lint contracts \
	production-check empty-database-check fix bench lock clean

help: ## Affiche cette aide
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(RUNTIME): requirements.txt .ci/venv
	@.ci/venv requirements.txt
	@touch $@

$(DEV): requirements-dev.txt .ci/venv
	@.ci/venv requirements-dev.txt
	@touch $(RUNTIME) $@

run: $(RUNTIME) ## Sert le site complet sur http://127.0.0.1:8000, avec la démonstration (Ctrl-C l'arrête)
	@exec $(BIN)/python -m territoires_en_commun.operations

dev: $(DEV) ## Comme run, en développement : rechargement à chaque changement, pages d'erreur détaillées
	@exec $(BIN)/python -m territoires_en_commun.operations --development

test: test-databases test-browser ## Teste tout : SQLite, PostgreSQL, puis le navigateur

# A server that lives for a few minutes does not gain what its best compiler costs.
test-databases test-sqlite test-postgres: export ES_JAVA_OPTS := -XX:TieredStopAtLevel=1

test-databases: $(DEV) # one Elasticsearch for both
	@.ci/with-elasticsearch $(MAKE) --no-print-directory test-sqlite test-postgres

test-sqlite: $(DEV) ## Teste sur SQLite, avec un Elasticsearch jetable
	@echo "== Tests sur SQLite"
	@.ci/with-elasticsearch $(PYTEST) --ignore=tests/browser -n $(WORKERS) --dist loadgroup

test-postgres: $(DEV) ## Teste sur un PostgreSQL jetable, avec un Elasticsearch jetable
	@echo "== Tests sur PostgreSQL"
	@.ci/with-postgres .ci/with-elasticsearch $(PYTEST) --ignore=tests/browser -n $(WORKERS) --dist loadgroup

test-browser: $(DEV) ## Teste dans Chromium : parcours, clavier, axe, validité du HTML
	@echo "== Tests dans le navigateur"
	@.ci/browser-tools $(PYTEST) tests/browser -n $(WORKERS) --dist loadgroup

check: export FILLED_SITE := $(CURDIR)/var/tools/filled-site
check: format-check lint contracts production-check empty-database-check test ## Vérifie tout : c'est ce que fait l'intégration continue
	@echo "Tout est bon."

format-check: $(DEV)
	@echo "== Mise en forme"
	@$(BIN)/ruff format --check --quiet .

lint: $(DEV)
	@echo "== Règles d'écriture"
	@$(BIN)/ruff check --quiet .
	@$(BIN)/djlint --lint --quiet $(ROOMS)
	@$(BIN)/shellcheck $(SHELL_SCRIPTS)

contracts: $(DEV)
	@echo "== Dépendances entre applications et entre paquets"
	@$(BIN)/lint-imports --no-logo | tail -2
	@$(BIN)/pip check --quiet

# Settings of production behind HTTPS, and nothing taken from the .env of this machine.
PRODUCTION := env SECRET_KEY=$$(head -c 48 /dev/urandom | base64 | tr -d '\n/+=') SITE_URL=https://exemple.gouv.fr \
	BEHIND_PROXY=1 DEBUG=0

production-check: $(DEV)
	@echo "== Réglages de production et migrations"
	@$(PRODUCTION) DATABASE_URL=sqlite://:memory: $(MANAGE) check --deploy --fail-level WARNING
	@$(PRODUCTION) DATABASE_URL=sqlite://:memory: $(MANAGE) makemigrations --check --dry-run

empty-database-check: $(DEV)
	@echo "== D'une base vide à un site rempli, sur SQLite et sur PostgreSQL"
	@.ci/fill-from-empty & beside=$$!; given=0; .ci/with-postgres .ci/fill-from-empty --given-database || given=$$?; \
		wait $$beside && exit $$given

fix: $(DEV) ## Met en forme et corrige ce qui peut l'être
	@$(BIN)/ruff format --quiet .
	@$(BIN)/ruff check --fix .

bench: $(DEV) ## Mesure : recherche, territoires, import, pages, annuaire, inscriptions, première visite
	@for script in bench/*.py; do echo "== $$script"; $(BIN)/python "$$script"; done

COMPILE := $(BIN)/uv pip compile --quiet --generate-hashes --no-emit-index-url --python-version 3.11 $(UPGRADE)

lock: $(DEV) ## Recompile les dépendances d'après pyproject.toml (UPGRADE=--upgrade prend les dernières versions)
	@$(COMPILE) --extra meaning pyproject.toml -o requirements.txt
	@$(COMPILE) --extra meaning --extra dev pyproject.toml -c requirements.txt -o requirements-dev.txt

clean: ## Efface ce qui se reconstruit ; garde .env, la base, les médias et les courriels
	rm -rf $(VENV) var/static var/static.stamp var/tools var/browser-failures
	rm -rf .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
