# Every target works on a fresh clone: what it needs is installed into .venv first.
#
#   make demo      the first look: builds, compresses a volume with every codec, draws a picture
#   make test      all tests; SEGPRESSO_DATA=FOLDER names real volumes for those that use them
#   make lint      formatting, types and static analysis
#   make sanitize  the C++ tests under AddressSanitizer, UndefinedBehaviorSanitizer, ThreadSanitizer
#   make fuzz      every decoder under libFuzzer; SECONDS=600 for each
#   make bench     size, speed and memory against all other programs

# The core is built while what it is used with is installed.
MAKEFLAGS += -j2

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/pip install --quiet --disable-pip-version-check
SOURCES := $(shell find CMakeLists.txt pyproject.toml core bindings src -type f \
             -not -path '*/__pycache__/*' -not -path 'core/tests/*' -not -path 'core/fuzz/*')
TOOLS := PATH="$(CURDIR)/$(BIN):$$PATH"

# For example `make demo DATA=labels.nrrd`.
DATA ?=
SECONDS ?= 60
BENCH_VOLUMES ?= pinky40_512 fib25_train2_ws spl_knee
DATA_FOLDER ?= $(or $(SEGPRESSO_DATA),../shared/data)

.PHONY: demo test test-all lint format sanitize fuzz bench clean

demo: $(VENV)/.all
	@$(BIN)/segpresso demo $(if $(DATA),--data "$(DATA)") -o demo

test: $(VENV)/.test
	$(TOOLS) tools/test_core.sh
	$(BIN)/python -m pytest tests --pyargs segpresso

test-all: $(VENV)/.test
	$(TOOLS) tools/test_core.sh
	$(BIN)/python -m pytest tests --pyargs segpresso --slow --timeout 3600

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(TOOLS) tools/lint_core.sh

format: $(VENV)/.dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(TOOLS) tools/lint_core.sh --fix

sanitize: $(VENV)/.dev
	$(TOOLS) tools/sanitize.sh

fuzz: $(VENV)/.dev
	$(TOOLS) tools/fuzz.sh $(SECONDS)

bench: $(VENV)/.test
	$(BIN)/segpresso bench $(wildcard $(BENCH_VOLUMES:%=$(DATA_FOLDER)/%.npy.xz)) -o benchmarks/out
	$(BIN)/python -m benchmarks.originals --data "$(DATA_FOLDER)" -o benchmarks/out

clean:
	rm -rf build demo benchmarks/out $(VENV)

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.libraries: $(VENV)/bin/python pyproject.toml
	@$(BIN)/python tools/list_requirements.py all > $(VENV)/libraries.txt
	@$(PIP) --no-compile -r $(VENV)/libraries.txt
	@touch $@

$(VENV)/.wheel: $(VENV)/bin/python $(SOURCES)
	@echo "building, a minute or two"
	@rm -rf build/wheel
	@$(BIN)/pip wheel --quiet --disable-pip-version-check --no-deps --wheel-dir build/wheel .
	@touch $@

$(VENV)/.all: $(VENV)/.libraries $(VENV)/.wheel
	@$(PIP) --no-deps --force-reinstall build/wheel/*.whl
	@touch $@

$(VENV)/.test: $(VENV)/.all
	@echo "installing what the tests need"
	@$(BIN)/python tools/list_requirements.py test > $(VENV)/test.txt
	@$(PIP) -r $(VENV)/test.txt
	@touch $@

$(VENV)/.dev: $(VENV)/.all
	@echo "installing what development needs"
	@$(BIN)/python tools/list_requirements.py dev > $(VENV)/dev.txt
	@$(PIP) -r $(VENV)/dev.txt
	@touch $@
