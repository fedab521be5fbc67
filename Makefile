# Every target has a line in `make help`. Only CPython >= 3.11 is needed; the rest is installed here.
SHELL := /bin/sh
VENV := .venv/bin
# The first Python of this machine that is new enough; or name one: make PYTHON=/path/to/python3
PYTHON ?= $(or $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& { echo $$python; break; }; done),python3)
# Two processes: more gain little on two cores. `make test ARGS="tests/leads -n0"` runs a part.
ARGS ?= -n 2
APPS := smarketing jobs shell accounts leads sla reporting scripts
# For commands that read the settings and ask no server.
WITHOUT_SERVERS := DEBUG=1 DATABASE_URL=postgresql://none/none REDIS_URL=redis://none
COMPILE := $(VENV)/uv pip compile -q --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header --upgrade

.DEFAULT_GOAL := help

.PHONY: help
help:  ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: up
up: install assets  ## Start the whole product here and print its address (PORT=8000)
	@$(VENV)/python manage.py up --with-parent

.PHONY: test
test: install-dev assets  ## Run the whole suite, browser tests included (ARGS="tests/leads -n0")
	@$(VENV)/python scripts/chromium.py
	$(VENV)/pytest $(ARGS)

.PHONY: lint
lint: install-dev  ## Check style, types, templates and the structure
	$(VENV)/ruff check
	$(VENV)/ruff format --check
	$(WITHOUT_SERVERS) $(VENV)/mypy $(wildcard $(APPS))
	@# Templates are linted, not re-indented: white space counts inside their inline texts.
	$(VENV)/djlint --quiet --lint templates
	$(VENV)/pytest -q -n0 -p no:randomly tests/test_architecture.py

.PHONY: format
format: install-dev  ## Format the code in place
	$(VENV)/ruff check --fix
	$(VENV)/ruff format

.PHONY: chaos
chaos: install-dev assets  ## Kill parents, workers and servers for real, and see all recover
	$(VENV)/pytest -n0 -m chaos tests/chaos

.PHONY: bench
bench: install-dev  ## Measure, and print the figures as JSON
	@for file in benchmarks/*.py; do [ ! -e "$$file" ] || $(VENV)/python "$$file" || exit 1; done

.PHONY: screenshots
screenshots: install-dev assets  ## Take the pictures of the main screens anew
	@$(VENV)/python scripts/chromium.py
	$(VENV)/pytest -n0 -m screenshots tests/e2e

.PHONY: messages
messages: install-dev  ## Extract the translatable texts into locale/
	$(WITHOUT_SERVERS) $(VENV)/python manage.py makemessages --all --no-location --no-obsolete \
		--ignore=node_modules --ignore=vendor_static --ignore=var --ignore=tests

.PHONY: assets
assets:  ## Install the browser files (Tabler, icons, charts, font) when they changed
	@$(VENV)/python scripts/assets.py

.PHONY: lock
lock: install-dev  ## Lock the newest allowed version of every dependency
	$(COMPILE) pyproject.toml -o requirements/server.txt
	$(COMPILE) pyproject.toml --extra pdf -c requirements/server.txt -o requirements/pdf.txt
	$(COMPILE) pyproject.toml --extra embedded -o requirements/up.txt
	$(COMPILE) pyproject.toml --extra embedded --extra dev -o requirements/dev.txt
	$(COMPILE) requirements/node.in -o requirements/node.txt
	$(VENV)/python scripts/lock_assets.py

.PHONY: clean
clean:  ## Remove what was installed and built; the data in var/ stay
	rm -rf .venv node_modules vendor_static var/static var/test var/log
	rm -rf .mypy_cache .pytest_cache .ruff_cache .hypothesis .coverage htmlcov test-results
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.PHONY: install install-dev
install:
	@$(PYTHON) scripts/install.py up
install-dev:
	@$(PYTHON) scripts/install.py dev
