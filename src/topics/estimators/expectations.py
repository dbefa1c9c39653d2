"""E[log p] under a Dirichlet distribution, and its exponential, for whole arrays at a time.

Both rest on digamma, which a loop that branches computes one number at a time. Here each number takes the same
steps, so that the compiler does four or eight at once, with the bits that it would give one by one.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from topics.compiled import compiled, dividing, inlined

if TYPE_CHECKING:
    from topics.estimators.shapes import Array, Integers

MOST = 708.0  # exp(-MOST) is the least normal number
_LOG2_E, _LN2_HIGH, _LN2_LOW = 1.4426950408889634, 6.93147180369123816490e-01, 1.90821492927058770002e-10
_WHOLE = 1.5 * 2.0**52  # added to a number of less than 2**51, leaves the nearest whole one in the low bits


@compiled
def digamma(x: float) -> float:
    """Derivative of the logarithm of gamma at x > 0, relative error about 1e-13.

    Bernardo (1976), Algorithm AS 103, with the recurrence up to 7 and terms of the asymptotic
    series to x^-14, for full double precision. Near the root at 1.4616 the error is absolute, 1e-14.
    """
    result = 0.0
    while x < 7.0:
        result -= 1.0 / x
        x += 1.0
    r = 1.0 / (x * x)
    series = r * (1 / 12 - r * (1 / 120 - r * (1 / 252 - r * (1 / 240 - r * (1 / 132 - r * (691 / 32760 - r / 12))))))
    return result + math.log(x) - 0.5 / x - series


@inlined
def _shifted(x: float) -> tuple[float, float]:
    """exp(digamma(x + 8)), and digamma(x + 8) - digamma(x), relative errors about 5e-15.

    The first by its series at x + 7.5, of which digamma's own is the logarithm; the second is the sum of
    1 / (x + i) for i from 0 to 7, as one fraction.
    """
    a = x * (x + 7.0)
    b, c, d = a + 6.0, a + 10.0, a + 12.0
    ab, cd = a * b, c * d
    steps = (2.0 * x + 7.0) * ((a + b) * cd + (c + d) * ab) / (ab * cd)
    z = 1.0 / (x + 7.5)
    u = z * z
    tail = u * (2709398569 / 367873228800 - u * (499769010050743 / 24103053950976000 - u * 0.08238185223878776))
    series = 1 / 24 - u * (37 / 5760 - u * (10313 / 2903040 - u * (5509121 / 1393459200 - tail)))
    return x + 7.5 + z * series, steps


@inlined
def exp_digamma(x: Array, out: Array, words: Array, bits: Integers) -> None:
    """exp(digamma(x)) for x > 0, relative error about 1e-14; 0 where it would be below 1e-300.

    Parameters
    ----------
    x, out : ndarray of shape (n,)
    words, bits : ndarray of shape (n,)
        Room to work in: `bits` is ``words.view(np.int64)``.
    """
    for k in range(len(x)):
        top, steps = _shifted(x[k])
        steps = steps if steps < MOST else MOST  # noqa: FURB136 - max would test for nan, and part the loop
        words[k] = _WHOLE - steps * _LOG2_E
        power = words[k] - _WHOLE
        f = (-steps - power * _LN2_HIGH) - power * _LN2_LOW
        # Taylor's series of exp for |f| <= log(2) / 2.
        e = f * (1 / 40320 + f * (1 / 362880 + f * (1 / 3628800 + f * (1 / 39916800 + f / 479001600))))
        e = f * (1 / 24 + f * (1 / 120 + f * (1 / 720 + f * (1 / 5040 + e))))
        e = 1.0 + f * (1.0 + f * (1 / 2 + f * (1 / 6 + e)))
        out[k] = top * e
    for k in range(len(x)):
        bits[k] = (bits[k] + 1023) << 52  # the exponent of 2 ** power
    for k in range(len(x)):
        out[k] *= words[k]


@dividing
def exp_expectations(parameters: Array, out: Array) -> None:
    """exp(E[log p]) of each row p, whose Dirichlet parameters are a row of `parameters`."""
    words = np.empty(parameters.shape[1])
    bits = words.view(np.int64)
    for d in range(len(parameters)):
        exp_digamma(parameters[d], out[d], words, bits)
        scale = math.exp(-digamma(parameters[d].sum()))
        for k in range(parameters.shape[1]):
            out[d, k] *= scale


@dividing
def _shifted_row(x: Array, top: Array, steps: Array) -> None:
    for k in range(len(x)):
        top[k], steps[k] = _shifted(x[k])


def expectations(parameters: Array) -> Array:
    """E[log p] of each row p, as gensim's `dirichlet_expectation` gives it.

    Parameters
    ----------
    parameters : ndarray of shape (n_rows, n)
        Dirichlet parameters, above 0.
    """
    parameters = np.ascontiguousarray(parameters, dtype=np.float64)
    out, steps = np.empty_like(parameters), np.empty(parameters.shape[1])
    for d, row in enumerate(parameters):
        _shifted_row(row, out[d], steps)
        np.log(out[d], out=out[d])
        out[d] -= steps + digamma(float(row.sum()))
    return out
