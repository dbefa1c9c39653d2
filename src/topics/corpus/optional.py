"""Libraries of the extra "files": imported when a file needs them, missed with the command that installs them."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from topics.errors import MissingExtra

PACKAGES = {"docx": "python-docx", "openpyxl": "openpyxl", "pyarrow": "pyarrow", "trafilatura": "trafilatura"}
"""Module to the package that brings it."""


def library(name: str) -> Any:
    """A module of the extra.

    Raises
    ------
    MissingExtra
        Its package is not installed.
    """
    root = name.partition(".")[0]
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] != root:
            raise
        raise MissingExtra(PACKAGES[root], "files") from error
