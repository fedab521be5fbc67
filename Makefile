# Every target has a line in `make help`. Only CPython >= 3.11 is needed; the rest is installed here.
PYTHON ?= python3
VENV := .venv/bin

.DEFAULT_GOAL := help

.PHONY: help
help:  ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: assets
assets:  ## Install the browser files (Tabler, icons, charts, font) when they changed
	@$(VENV)/python scripts/assets.py
