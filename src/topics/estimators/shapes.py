"""Names for what goes in and out: types of arrays for the type checker, no code."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Array: TypeAlias = npt.NDArray[np.float64]
Flags: TypeAlias = npt.NDArray[np.bool_]
Integers: TypeAlias = npt.NDArray[np.int64]
Matrix: TypeAlias = Any  # a CSR matrix or array of scipy, whose stubs part the two; in fit also what becomes one
Labels: TypeAlias = Any  # an array-like of anything
