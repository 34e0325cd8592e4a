# What one types here. `make` alone lists it.
.DEFAULT_GOAL := help
.PHONY: help run start dev test coverage check benchmark torture clean

# The newest Python that can make an environment with pip in it.
PYTHON ?= $(shell for python in python3.13 python3.12 python3.11 python3 python; do \
	$$python -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 \
	&& echo $$python && break; done)
VENV := .venv
IN_VENV := $(VENV)/bin/python
PIP := $(IN_VENV) -m pip install --quiet --disable-pip-version-check

help: ## List what can be typed
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(VENV)/.installed ## Open the product with the fictional partnership in it; AREA=E09000003: a council's published figures
	@$(IN_VENV) -m demo --serve $(if $(AREA),--area "$(AREA)")

start: $(VENV)/.installed ## Open the product with your own store, empty the first time
	@$(IN_VENV) -m scorecards start

dev: $(VENV)/.installed-dev ## As `make run`, and a saved change shows at once
	@STREAMLIT_SERVER_FILE_WATCHER_TYPE=auto STREAMLIT_SERVER_RUN_ON_SAVE=true $(IN_VENV) -m demo --serve

test: $(VENV)/.installed-dev ## Run every test; narrow it with options="tests/test_rag.py"
	@$(IN_VENV) -m pytest -n 2 --dist loadfile --no-loadscope-reorder $(options)

coverage: $(VENV)/.installed-dev ## Run every test and show the lines that none of them reached; half as fast
	@$(IN_VENV) -m pytest -n 2 --dist loadfile --no-loadscope-reorder --cov --cov-report=term $(options)

check: $(VENV)/.installed-dev ## Check style, types and the definitions
	@$(IN_VENV) -m ruff check .
	@$(IN_VENV) -m ruff format --check .
	@$(IN_VENV) -m mypy
	@$(IN_VENV) -m scorecards check

benchmark: $(VENV)/.installed-dev ## Time loading, measuring and opening pages
	@$(PIP) -r benchmarks/requirements.txt
	@$(IN_VENV) -m benchmarks

torture: $(VENV)/.installed-dev ## Kill, fill up and fault a store some hundred times: half an hour or more
	@$(IN_VENV) -m tests.torture

clean: ## Remove what was installed and cached; never your data
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage .coverage.* htmlcov

# A stamp is older than the requirements once they change, so make installs again.
$(VENV)/.installed: requirements.txt
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer with venv is needed, and none was found." \
		"On Debian or Ubuntu: sudo apt-get install python3-venv. Elsewhere: https://www.python.org/downloads/" >&2; exit 1; }
	@test -x $(IN_VENV) || { echo "Making $(VENV) with $(PYTHON) ..."; $(PYTHON) -m venv $(VENV); }
	@echo "Installing what the product needs (about a minute, once) ..."
	@$(PIP) -r requirements.txt
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed requirements-dev.txt
	@echo "Installing what its tests need ..."
	@$(PIP) -r requirements-dev.txt
	@touch $@
