"""numba's decorator for every compiled loop: kept on disk where that can be written, in memory elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

Function = TypeVar("Function", bound=Callable[..., Any])


def compiled(function: Function) -> Function:
    """The function compiled for the types of its first call; the machine code is cached beside its module if possible.

    numba raises at decoration where neither the module's folder nor the user's cache can be written.
    """
    return _compiled(function)


def dividing(function: Function) -> Function:
    """`compiled`, where 1.0 / 0.0 is infinite as in numpy: loops that look out for it take one number at a time."""
    return _compiled(function, error_model="numpy")


def lent(function: Function) -> Function:
    """`compiled`, for loops that make no array: numba counts no references to those that they are lent.

    It counts them wherever a call or a slice hands them on, which costs more than looking a word up. The option has no
    public name; a numba without it is slower and gives the same.
    """
    from numba.core.options import DefaultOptions

    return _compiled(function, **({"_nrt": False} if hasattr(DefaultOptions, "_nrt") else {}))


def _compiled(function: Function, **options: Any) -> Function:
    import numba

    try:
        kernel = numba.njit(cache=True, nogil=True, **options)(function)
    except RuntimeError:
        kernel = numba.njit(nogil=True, **options)(function)
    return cast("Function", kernel)


def inlined(function: Function) -> Function:
    """A function to be written out where compiled loops call it.

    numba counts references to every array that a call hands over, which costs more than looking a word up.
    """
    import numba

    return cast("Function", numba.njit(nogil=True, inline="always")(function))
