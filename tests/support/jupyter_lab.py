"""A live JupyterLab on this machine, and a browser that runs a notebook in it from first to last cell."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

_TOKEN = "tests"
_READY = "return !!(window.jupyterapp?.shell?.currentWidget?.context?.isReady && jupyterapp.shell.currentWidget.sessionContext?.session?.kernel)"
# Whether every cell has run: in the model, since cells out of sight have no element.
_STATE = """
const panel = jupyterapp.shell.currentWidget;
const cells = [...panel.content.model.cells].filter((cell) => cell.type === "code");
return {
  left: cells.filter((cell) => cell.executionCount === null).length,
  busy: panel.sessionContext.session.kernel.status !== "idle",
  errors: cells.flatMap((cell) => cell.outputs.toJSON()).filter((output) => output.output_type === "error")
    .map((output) => `${output.ename}: ${output.evalue}`),
};
"""


@contextlib.contextmanager
def served(project, folder):
    """The address of a JupyterLab that serves a copy of the project, as `make lab` does, and asks nothing of a network."""
    for name in ("notebooks", "corpora", "experiments"):
        shutil.copytree(project / name, folder / name, ignore=shutil.ignore_patterns(".ipynb_checkpoints", "runs"))
    shutil.copytree(project / "docs/images", folder / "docs/images")  # pictures that notebooks show
    settings = {f"JUPYTER_{name}_DIR": str(folder / name.lower()) for name in ("CONFIG", "DATA", "RUNTIME")}
    environment = {
        **os.environ,
        **settings,
        "IPYTHONDIR": str(folder / "ipython"),
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    }
    command = [
        sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ip=127.0.0.1", "--port=0",
        f"--IdentityProvider.token={_TOKEN}", f"--ServerApp.root_dir={folder}", "--LabApp.expose_app_in_browser=True",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate", "--LabApp.news_url=None",
        "--LabApp.extension_manager=readonly",
    ]  # fmt: skip
    log = folder / "lab.log"
    with log.open("wb") as file:
        server = subprocess.Popen(command, env=environment, stdout=file, stderr=subprocess.STDOUT, cwd=folder)
    try:
        yield _address(server, log)
    finally:
        server.terminate()
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _address(server, log: Path):
    """Where it listens, once it answers."""
    end = time.monotonic() + 90
    while time.monotonic() < end:
        found = re.search(r"http://127\.0\.0\.1:(\d+)/lab", log.read_text(encoding="utf-8", errors="replace"))
        assert server.poll() is None, log.read_text(encoding="utf-8", errors="replace")
        if found:
            address = f"http://127.0.0.1:{found[1]}"
            with (
                contextlib.suppress(OSError),
                urllib.request.urlopen(f"{address}/api?token={_TOKEN}", timeout=5) as answer,
            ):
                json.load(answer)
                return address
        time.sleep(0.2)
    raise AssertionError(log.read_text(encoding="utf-8", errors="replace"))


def run_through(driver, address, name, seconds=300):
    """Open a notebook, run every cell, and return the errors that cells ended with."""
    driver.get(f"{address}/lab/tree/{name}.ipynb?token={_TOKEN}&reset")
    _until(lambda: driver.execute_script(_READY), 90, "the notebook did not open")
    # Not a restart: JupyterLab itself reports the requests that a restart cancels as errors.
    driver.execute_script("jupyterapp.commands.execute('notebook:clear-all-cell-outputs')")
    _until(lambda: driver.execute_script(_STATE)["left"] > 0, 30, "the outputs were not cleared")
    driver.execute_script("jupyterapp.commands.execute('notebook:run-all-cells')")

    def done():
        state = driver.execute_script(_STATE)
        return state["errors"] or (not state["left"] and not state["busy"])

    _until(done, seconds, "the notebook did not end")
    return driver.execute_script(_STATE)["errors"]


def _until(holds, seconds, otherwise):
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, otherwise
        time.sleep(0.3)
