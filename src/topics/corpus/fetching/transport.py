"""One request over the network: https only, within a time, and to no host but those that were named.

What may pass by itself (a slow or busy server, a cut connection) is `Cut`; what will not is a `ReadError`.
"""

from __future__ import annotations

import http.client
import ssl
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urlsplit

from topics import display
from topics.corpus.fetching.catalogue import check_address
from topics.errors import ReadError, SettingsError

_MAX_REDIRECTS = 5
_BUSY = frozenset((408, 425, 429, 500, 502, 503, 504))
RANGE_NOT_THERE = 416


class Cut(Exception):
    """The connection gave no more; the same request may do better later. Its text is the reason."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a server is waited for.

    Parameters
    ----------
    timeout : float
        Seconds without a byte, or with fewer than `rate` bytes a second, after which the connection is given up.
    attempts : int
        Connections in a row that bring next to nothing.
    pause : float
        Seconds before the second connection; doubled each time.
    rate : float
        Bytes a second.
    """

    timeout: float = 30.0
    attempts: int = 5
    pause: float = 1.0
    rate: float = 1024.0


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows a redirect to the same host, and to those that the catalogue names."""

    max_redirections = _MAX_REDIRECTS
    max_repeats = 2

    def __init__(self, hosts: Sequence[str]) -> None:
        self._hosts = hosts

    def redirect_request(
        self, req: urllib.request.Request, fp: Any, code: int, msg: str, headers: Any, newurl: str
    ) -> urllib.request.Request | None:
        """The next request, unless it leads elsewhere."""
        before, after = urlsplit(req.full_url), urlsplit(newurl)
        shown = display.one_line(f"{after.scheme}://{after.netloc}", 120)
        try:
            check_address(newurl)
        except SettingsError as error:
            raise ReadError(f"{req.full_url}: redirects to {shown}, which is not https; nothing was fetched") from error
        same = (after.hostname, after.port) == (before.hostname, before.port)
        if not same and not any(_is_host(after.hostname or "", host) for host in self._hosts):
            raise ReadError(
                f"{req.full_url}: redirects to {shown}, which the catalogue does not know; nothing was taken from "
                "there, see the publisher's page"
            )
        return super().redirect_request(req, fp, code, msg, headers, newurl)


@contextmanager
def opened(
    address: str, hosts: Sequence[str], headers: Mapping[str, str], patience: Patience
) -> Iterator[tuple[int, http.client.HTTPResponse]]:
    """Status and response of a GET; 200, 206 and 416 only.

    Raises
    ------
    Cut
        The server is slow, busy, away, or its answer broke off; also when reading inside the block.
    ReadError
        The server says no, or sends elsewhere.
    """
    check_address(address)
    request = urllib.request.Request(  # noqa: S310 - check_address
        address, headers={"User-Agent": "arabic-topics", "Accept-Encoding": "identity", **headers}
    )
    opener = urllib.request.build_opener(_Redirects(hosts))
    try:
        with opener.open(request, timeout=patience.timeout) as response:
            yield response.status, response
    except urllib.error.HTTPError as error:
        with error:
            if error.code != RANGE_NOT_THERE:
                raise _refusal(address, error) from error
            yield error.code, cast("http.client.HTTPResponse", error.fp)
    except (OSError, http.client.HTTPException) as error:
        raise _failure(address, error) from error


def _refusal(address: str, error: urllib.error.HTTPError) -> Exception:
    if error.code in _BUSY:
        return Cut(f"the server answers {error.code}")
    reason = display.one_line(str(error.reason), 80)
    return ReadError(f"{address}: the server answers {error.code} ({reason}); see the publisher's page")


def _failure(address: str, error: Exception) -> Exception:
    """What the system says of a connection, as a cause that may pass or one that will not."""
    cause = error.reason if isinstance(error, urllib.error.URLError) else error
    if isinstance(cause, ssl.SSLCertVerificationError):
        return ReadError(
            f"{address}: its certificate is not valid here ({cause.verify_message}); check the clock and the network"
        )
    if isinstance(cause, TimeoutError):
        return Cut("the server is silent")
    return Cut(display.one_line(str(getattr(cause, "strerror", None) or cause) or type(cause).__name__, 120))


def _is_host(host: str, known: str) -> bool:
    return host.endswith(known[1:]) if known.startswith("*.") else host == known
