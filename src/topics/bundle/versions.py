"""The versions that a bundle's numbers may depend on."""

from __future__ import annotations

import sys
from functools import cache

FORMAT = 1
RULES = 1  # raised whenever equal settings give other terms for some text

_LIBRARIES = ("arabic-topics", "gensim", "numba", "numpy", "safetensors", "scikit-learn", "scipy")


def versions() -> dict[str, str]:
    """Name -> version of Python, this package and the libraries under it, without importing them."""
    return dict(_versions())


@cache
def _versions() -> dict[str, str]:
    from importlib.metadata import PackageNotFoundError, version

    found = {"python": f"{sys.version_info.major}.{sys.version_info.minor}"}
    for name in _LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found
