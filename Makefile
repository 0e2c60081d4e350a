# Two commands do everything: `make story` and `make test`. See README.md.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin

.PHONY: story test lab notebooks pictures lint clean help

help:
	@echo "make story      read the report, run the notebooks, leave build/site/index.html"
	@echo "make test       run all tests: unit, notebooks, browser"
	@echo "make lab        open JupyterLab on the notebooks; OPTIONS=--allow-root as root"
	@echo "make notebooks  run the notebooks in place, for a commit"
	@echo "make pictures   take the README's pictures from the built site"
	@echo "make lint       ruff and mypy"
	@echo "make clean      take away what was built"

story: $(VENV)/installed
	$(BIN)/zjlib refresh

test: $(VENV)/tests-installed
	tests/install-browser
	$(BIN)/python -m pytest -n 2 --dist loadfile

lab: $(VENV)/installed
	$(BIN)/jupyter lab notebooks $(OPTIONS)

notebooks: $(VENV)/installed
	$(BIN)/python tools/run_notebooks.py

pictures: story $(VENV)/tests-installed
	tests/install-browser
	$(BIN)/python tools/take_pictures.py

lint: $(VENV)/tests-installed
	$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/installed: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[formats]'
	touch $@

$(VENV)/tests-installed: $(VENV)/installed
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[formats,cluster,app,test,dev]'
	touch $@

clean:
	rm -rf build dist .pytest_cache .mypy_cache .ruff_cache
	find . -maxdepth 3 -name '*.so' -not -path './$(VENV)/*' -delete
