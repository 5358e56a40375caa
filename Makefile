# What a newcomer needs: `make demo` and `make test`. Everything is installed into .venv from the lock file.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STORE := .demo/store
PORT ?= 8000

.PHONY: help install demo test soak lint lock pictures clean

help:
	@echo "make demo   install, load the examples and serve them on http://127.0.0.1:$(PORT)/"
	@echo "make test   install and run the tests (under ten minutes)"
	@echo "make soak   run the long tests"
	@echo "make lint   ruff, mypy --strict, import-linter"
	@echo "make pictures  make the pictures of the README (Chromium and LibreOffice)"
	@echo "make lock   resolve the dependencies again into requirements.lock"

install: $(VENV)/.installed

$(VENV)/.installed: pyproject.toml requirements.lock
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

demo: install
	$(BIN)/jixiao load examples --store file:$(STORE)
	$(BIN)/jixiao serve --store file:$(STORE) --port $(PORT)

test: install
	$(BIN)/python -m pytest -n 2 --dist loadfile

soak: install
	$(BIN)/python -m pytest -m soak -n 2 --dist loadfile

lint: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

lock:
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-emit-index-url \
		--no-annotate --extra dev --extra fast --output-file requirements.lock pyproject.toml

pictures: install
	$(BIN)/python docs/pictures.py

clean:
	rm -rf $(VENV) .demo dist build
