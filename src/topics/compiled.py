"""numba's decorator for every compiled loop: kept on disk where that can be written, in memory elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

Function = TypeVar("Function", bound=Callable[..., Any])


def compiled(function: Function) -> Function:
    """The function compiled for the types of its first call; the machine code is cached beside its module if possible.

    numba raises at decoration where neither the module's folder nor the user's cache can be written.
    """
    import numba

    try:
        kernel = numba.njit(cache=True, nogil=True)(function)
    except RuntimeError:
        kernel = numba.njit(nogil=True)(function)
    return cast("Function", kernel)
