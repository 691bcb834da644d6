# Two commands are enough: `make run` and `make test`. All that is installed lives in .venv and .cache.

PYTHON ?= python3
TESTS ?= tests

# Serving needs no tools; once they are in .venv, they are kept in step.
LOCK := $(if $(filter-out install run,$(MAKECMDGOALS))$(wildcard .venv/requirements-dev.lock),requirements-dev.lock,requirements.lock)
READY := .venv/$(LOCK)
BIN := .venv/bin
CATALOGUES := $(wildcard assoc_intranet/translations/*/LC_MESSAGES/messages.po)
COMPILED := $(CATALOGUES:.po=.mo)
MESSAGES := .cache/messages.pot

.DEFAULT_GOAL := help
.PHONY: help install run test check lock messages translations sizes bench faults judges audit

help: ## This list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-13s %s\n", $$1, $$2}' Makefile

install: $(READY) $(COMPILED) ## Install what is missing into .venv, and serve nothing

run: $(READY) $(COMPILED) ## Install what is missing and serve on this machine (PORT=5000 DATA_DIR=instance DEMO=1)
ifeq ($(DEMO),1)
	@export DATA_DIR="$${DATA_DIR:-instance}/demo"; $(BIN)/assoc-intranet demo && exec $(BIN)/assoc-intranet serve
else
	@exec $(BIN)/assoc-intranet serve
endif

test: $(READY) $(COMPILED) ## Every test, on SQLite then on PostgreSQL (TESTS=tests/polls for some of them)
	@tools/debian-packages
	$(BIN)/pytest -n auto $(TESTS)
	@if reason=$$($(BIN)/python -m tests.engines 2>&1); \
	then set -x; TEST_ENGINE=postgres $(BIN)/pytest -n auto --ignore=tests/browser $(TESTS); \
	else echo "SKIPPED, the whole suite on PostgreSQL: $$reason."; fi

check: $(READY) $(COMPILED) judges ## Style, types, templates, French, locks, holes, validity of every page
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/djlint --lint --quiet templates
	$(BIN)/pytest -q tests/house/test_lock.py tests/house/test_translations.py
	@tools/valid-pages

lock: ## Write the locks again after a change of pyproject.toml (UPGRADE=1 for the newest versions)
	$(call compile,requirements.lock,$(SERVED))
	$(call compile,requirements-dev.lock,$(SERVED) --group dev --constraint requirements.lock)
	$(call compile,tools/judges/requirements.lock,--group judges)
	$(call compile,tools/judges/audit.lock,--group audit)

SERVED := pyproject.toml --extra postgres --group build

compile = uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--no-emit-find-links --custom-compile-command "make lock" $(if $(UPGRADE),--upgrade) \
	$(2) --output-file $(1)

messages:
	@mkdir -p $(dir $(MESSAGES))
	@$(BIN)/pybabel --quiet extract --mapping-file pyproject.toml --keyword lazy_gettext --keyword _l \
	  --keyword lazy_ngettext:1,2 --add-location file --sort-by-file --no-wrap --project assoc-intranet \
	  --output-file $(MESSAGES) assoc_intranet templates

translations: $(READY) messages ## Collect the sentences of the code into the catalogues
	@for language in en fr; do $(BIN)/pybabel --quiet update --init-missing --no-fuzzy-matching --ignore-obsolete \
	  --no-wrap --input-file $(MESSAGES) --output-dir assoc_intranet/translations --locale $$language; done
	@$(BIN)/pybabel compile --statistics --directory assoc_intranet/translations

sizes: ## How long functions, files and templates are: a look, not a rule
	@$(PYTHON) tools/sizes.py

bench: $(READY) $(COMPILED) ## Measure the real server; results in bench/results.json
	$(BIN)/python -m bench

judges: $(READY) .cache/judges/lock ## Outside judges without a network: planted holes first, then ours
	$(BIN)/python -m tools.judges

audit: $(READY) $(COMPILED) .cache/audit/lock .cache/lighthouse/package.json ## Attack the running server; figures in docs/audit.md (QUICK=1)
	@tools/debian-packages
	$(BIN)/python -m tools.judges.audit

faults: $(READY) $(COMPILED) ## Break the real server on purpose; figures in docs/reliability.md (QUICK=1 for a short form)
	$(BIN)/python -m bench.faults

.venv/%.lock: %.lock pyproject.toml tools/install
	@PYTHON="$(PYTHON)" tools/install $<
	@cp $< $@

.cache/judges/lock: tools/judges/requirements.lock
.cache/audit/lock: tools/judges/audit.lock
.cache/judges/lock .cache/audit/lock:
	@PYTHON="$(PYTHON)" tools/judges/install $< $(@D)

.cache/lighthouse/package.json: tools/judges/lighthouse/package-lock.json
	@tools/judges/install-lighthouse $(<D) $(@D)

%.mo: %.po | $(READY)
	@$(BIN)/pybabel --quiet compile --input-file $< --output-file $@
