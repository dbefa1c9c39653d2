# `make` lists what there is to do. Whatever it is happens in .venv, which is made first if it is not
# there: by a Python that is on the machine, from uv.lock, with a uv of this version.
UV_VERSION := 0.13.9

# An interpreter to make .venv with; else the first of these that can:
PYTHON ?=
PYTHONS := $(if $(PYTHON),"$(PYTHON)",python3 python3.13 python3.12 python3.11 python)

BIN := .venv/bin
READY := .venv/.ready

export UV_PROJECT_ENVIRONMENT := .venv
export UV_PYTHON_DOWNLOADS := never
export PIP_DISABLE_PIP_VERSION_CHECK := 1
unexport VIRTUAL_ENV UV_PYTHON

.DEFAULT_GOAL := help
.PHONY: help demo test test-slow test-offline test-oldest test-newest fuzz check notebooks pretrained docs bench lab audit FORCE

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' Makefile

demo: $(READY) ## the main job on the demo corpus: the sorted table and the way to the report
	$(BIN)/topics demo

test: check ## check, then all tests but the slow ones, and the examples in docstrings
	$(BIN)/python -m pytest --doctest-modules --ignore=src/topics/scale tests src/topics

test-slow: $(READY) ## the tests that take long, need Debian's chromium, or push large data
	$(BIN)/python -m pytest -m "slow or browser or load"

test-offline: $(READY) ## the tests where no network can be reached; every attempt is counted, and one is a failure
	@unshare -rn true || { echo 'test-offline: needs Linux and the right to make a network namespace (unshare -rn)'; exit 2; }
	unshare -rn $(BIN)/python tests/support/offline.py -m pytest $(TESTS)

test-oldest: $(READY) ## the tests with the oldest version of each package that is allowed, in .venv-oldest; PYTHON= chooses
	@$(call MAKE_OTHER,oldest,--resolution lowest-direct)
	NUMBA_CACHE_DIR="$(CURDIR)/.venv-oldest/numba" .venv-oldest/bin/python -m pytest $(TESTS)

test-newest: $(READY) ## the same with the newest of each that is out, in .venv-newest
	@$(call MAKE_OTHER,newest,--upgrade)
	NUMBA_CACHE_DIR="$(CURDIR)/.venv-newest/numba" .venv-newest/bin/python -m pytest $(TESTS)

fuzz: $(READY) ## hostile input for text, bundles, readers, settings, reports: make fuzz SECONDS=600 TARGET=csv
	@$(BIN)/uv sync --quiet --frozen --inexact --extra lab --extra files --extra scale --group fuzz
	PYTHONPATH=tests/support $(BIN)/python -m fuzzing $(TARGET) --seconds $(or $(SECONDS),600)

check: $(READY) ## style, layout and types, without running anything
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

notebooks: $(READY) ## run notebooks/*.ipynb again, in place
	cd notebooks && "$(CURDIR)/$(BIN)/python" -c "$$RUN_NOTEBOOKS" *.ipynb

pretrained: $(READY) ## train the model that ships, src/topics/data/models/themes-ar.topics
	$(BIN)/python experiments/pretrained.py

bench: $(READY) ## speed and quality beside other libraries: make bench CORPUS=path
	@test -n "$(CORPUS)" || { echo 'bench: on which articles? Say make bench CORPUS=path'; exit 2; }
	$(BIN)/uv sync --quiet --frozen --inexact --group bench
	@set -e; for script in text_speed lda; do echo "benchmarks/$$script.py"; $(BIN)/python benchmarks/$$script.py "$(CORPUS)"; done

docs: $(READY) ## the documentation as pages, docs/_build/html; a warning or a broken link fails
	$(BIN)/uv sync --quiet --frozen --inexact --extra lab --extra files --extra scale --group docs
	$(BIN)/python -m sphinx -W --keep-going -q -b html docs docs/_build/html
	@echo "docs/_build/html/index.html"

lab: $(READY) ## the notebooks in JupyterLab
	$(BIN)/jupyter lab --ServerApp.root_dir="$(CURDIR)" --LabApp.default_url=/lab/tree/notebooks

audit: $(READY) ## licences of what is installed, known vulnerabilities of the lock; asks the network, so no part of check
	$(BIN)/python benchmarks/licences.py
	$(BIN)/uv audit --frozen

# ---- .venv ---------------------------------------------------------------------------------------

# An environment holds absolute paths: in a folder that was moved or copied it is made anew.
ifneq ($(shell cat $(READY) 2> /dev/null),$(CURDIR))
$(READY): FORCE
endif

$(READY): pyproject.toml uv.lock
	@[ ! -f $(READY) ] || [ "$$(cat $(READY))" = "$(CURDIR)" ] || rm -rf .venv
	@[ ! -d .venv ] || $(BIN)/python -c "$$IS_WHOLE" 2> /dev/null || rm -rf .venv
	@[ -d .venv ] || { $(MAKE_VENV); }
	@[ "$$($(BIN)/uv --version 2> /dev/null | cut -d ' ' -f 2)" = $(UV_VERSION) ] || { \
	  echo "Installing uv $(UV_VERSION) into .venv"; \
	  $(BIN)/python -m pip install --quiet uv==$(UV_VERSION); }
	@echo "Installing the packages of uv.lock into .venv; the first time this takes a minute or more"
	@$(BIN)/uv sync --quiet --frozen --inexact --extra lab --extra files --extra scale
	@printf '%s' "$(CURDIR)" > $(READY)

# An environment of its own kind, by the Python of .venv or the one that PYTHON names.
define MAKE_OTHER
$(BIN)/uv venv --quiet --clear --python "$(or $(PYTHON),$(BIN)/python)" .venv-$(1) && \
echo "Installing into .venv-$(1)" && \
$(BIN)/uv pip install --quiet --python .venv-$(1)/bin/python $(2) --editable ".[lab,files,scale]" --group dev
endef

# The first Python that is of the right version and can make environments (Debian splits that off).
define MAKE_VENV
why='no Python was found'; \
for python in $(PYTHONS); do \
  answer=$$("$$python" -c "$$CAN_SERVE" 2> /dev/null) || continue; \
  if [ "$$answer" = yes ]; then \
    echo "Making .venv with $$python"; \
    "$$python" -m venv .venv && exit 0; \
    echo "$$python -m venv .venv failed: mend what it says above, or name another: make PYTHON=python3.12"; exit 1; \
  fi; \
  case "$$why" in *'has no venv'*) ;; *) why="$$answer";; esac; \
done; \
echo "topics needs Python 3.11, 3.12 or 3.13 with venv, but $$why: install it (Debian, Ubuntu: apt install python3 python3-venv), or name one: make PYTHON=/path/to/python3.12"; \
exit 1
endef

define CAN_SERVE
import sys
version = "%d.%d" % sys.version_info[:2]
if not (3, 11) <= sys.version_info[:2] < (3, 14):
    print("%s is %s" % (sys.executable, version))
else:
    try:
        import ensurepip, venv
        print("yes")
    except ImportError:
        print("%s (%s) has no venv" % (sys.executable, version))
endef
export CAN_SERVE

# Not left half made, and by a Python that is still right.
define IS_WHOLE
import sys, pip
sys.exit(sys.prefix == sys.base_prefix or not (3, 11) <= sys.version_info[:2] < (3, 14))
endef
export IS_WHOLE

# ---- notebooks -----------------------------------------------------------------------------------

# What a run leaves in a notebook must be the same for everybody: no times, no path of this machine.
define RUN_NOTEBOOKS
import pathlib, sys
import nbclient, nbformat
for name in sys.argv[1:]:
    print(name, flush=True)
    notebook = nbformat.read(name, as_version=4)
    nbclient.NotebookClient(notebook, timeout=600, kernel_name="python3", record_timing=False).execute()
    for cell in notebook.cells:
        # A widget lives in its kernel; what stays is what it says of itself. Its name there is random.
        for output in cell.get("outputs", []):
            output.get("data", {}).pop("application/vnd.jupyter.widget-view+json", None)
        cell.metadata = {key: value for key, value in cell.metadata.items() if key == "tags"}
    notebook.metadata = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
                         "language_info": {"name": "python"}}
    text = nbformat.writes(notebook)
    for folder in (pathlib.Path.cwd().parent, pathlib.Path.home()):
        if str(folder) in text:
            sys.exit(f"{name}: an output names {folder}: print no absolute path, then run make notebooks again")
    pathlib.Path(name).write_text(text + "\n", encoding="utf-8", newline="\n")
endef
export RUN_NOTEBOOKS
