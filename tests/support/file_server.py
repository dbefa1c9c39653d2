"""A file server on this machine that does to a download what servers on the net do."""

from __future__ import annotations

import contextlib
import re
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Served:
    """One path of the server, and how it behaves; `cuts` and `statuses` are used up request by request."""

    data: bytes = b""
    etag: str | None = '"1"'
    modified: str | None = None
    ranges: bool = True
    says_length: bool = True
    cuts: list[int] = field(default_factory=list)
    """Bytes after which the connection is closed."""
    statuses: list[int] = field(default_factory=list)
    redirect: str | None = None
    silent: bool = False
    """Nothing comes after the head."""
    trickles: bool = False
    """One byte at a time, with a rest after each."""
    honours_if_range: bool = True
    chunked: bool = False
    """In pieces of 1,000 bytes, each with its length before it; implies no length of the whole."""


class FileServer:
    """Paths to what is served; `requests` are (path, Range) in their order."""

    def __init__(self) -> None:
        self.paths: dict[str, Served] = {}
        self.requests: list[tuple[str, str | None]] = []
        self.over = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()

    def serve(self, path: str, data: bytes = b"", **how) -> str:
        """The address of a path that serves these bytes."""
        self.paths[path] = Served(data, **how)
        return self.address(path)

    def address(self, path: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self._server.server_port}{path}"

    def stop(self) -> None:
        self.over.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@contextlib.contextmanager
def serving():
    """A server for the length of the block."""
    server = FileServer()
    try:
        yield server
    finally:
        server.stop()


def _handler(server: FileServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_arguments) -> None:
            """Say nothing."""

        def do_GET(self) -> None:
            server.requests.append((self.path, self.headers["Range"]))
            with contextlib.suppress(ConnectionError):
                _answer(self, server.paths.get(self.path), server)

    return Handler


def _answer(handler: BaseHTTPRequestHandler, served: Served | None, server: FileServer) -> None:
    status = 404 if served is None else served.statuses.pop(0) if served.statuses else 200
    if served is None or status != 200:
        handler.send_error(status)
        return
    if served.redirect:
        handler.send_response(302)
        handler.send_header("Location", served.redirect)
        handler.send_header("Content-Length", "0")
        handler.end_headers()
        return
    start = _range_start(handler, served)
    if start > len(served.data):
        handler.send_error(416)
        return
    body = served.data[start:]
    if served.chunked:
        handler.protocol_version = "HTTP/1.1"  # chunks are unknown to 1.0
        handler.close_connection = True
    handler.send_response(206 if start else 200)
    if start:
        handler.send_header("Content-Range", f"bytes {start}-{len(served.data) - 1}/{len(served.data)}")
    if served.chunked:
        handler.send_header("Transfer-Encoding", "chunked")
    elif served.says_length:
        handler.send_header("Content-Length", str(len(body)))
    for name, value in (("ETag", served.etag), ("Last-Modified", served.modified)):
        if value:
            handler.send_header(name, value)
    handler.end_headers()
    _send(handler, served, body, server)


def _send(handler: BaseHTTPRequestHandler, served: Served, body: bytes, server: FileServer) -> None:
    if served.silent:
        handler.wfile.flush()
        server.over.wait()
    elif served.trickles:
        for byte in body:
            handler.wfile.write(bytes([byte]))
            if server.over.wait(0.01):
                return
    elif served.chunked:
        pieces = [body[at : at + 1000] for at in range(0, len(body), 1000)]
        whole = b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"
        handler.wfile.write(whole[: served.cuts.pop(0)] if served.cuts else whole)
    elif served.cuts:
        handler.wfile.write(body[: served.cuts.pop(0)])
    else:
        handler.wfile.write(body)


def _range_start(handler: BaseHTTPRequestHandler, served: Served) -> int:
    found = re.fullmatch(r"bytes=(\d+)-", handler.headers["Range"] or "")
    if not found or not served.ranges:
        return 0
    same = handler.headers["If-Range"] in (served.etag, served.modified)
    return int(found[1]) if same or not served.honours_if_range else 0
