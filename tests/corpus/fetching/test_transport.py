from __future__ import annotations

import socket
import ssl
import urllib.error

import pytest

from topics.corpus.fetching import Patience
from topics.corpus.fetching.transport import Cut, opened
from topics.errors import ReadError, SettingsError

PATIENCE = Patience(timeout=5)


def read(address, hosts=()):
    with opened(address, hosts, {}, PATIENCE) as (_, response):
        return response.read()


def test_a_redirect_on_the_same_host_is_followed(server):
    server.serve("/b", b"there")
    assert read(server.serve("/a", redirect="/b")) == b"there"


def test_a_redirect_to_a_host_that_is_named_is_followed(server):
    server.serve("/b", b"there")
    # 127.0.0.2 is this machine too; the server listens on 127.0.0.1 only, so the name has to be what counts.
    address = server.serve("/a", redirect=server.address("/b", host="127.0.0.2"))
    with pytest.raises((Cut, ReadError)) as away:
        read(address, hosts=["127.0.0.2"])
    assert "redirects to" not in str(away.value)


def test_a_redirect_to_elsewhere_is_refused_before_it_is_asked(server):
    address = server.serve("/a", redirect=server.address("/b", host="127.0.0.2"))
    with pytest.raises(ReadError, match=r"redirects to http://127\.0\.0\.2:\d+, which the catalogue does not know"):
        read(address)
    assert [path for path, _ in server.requests] == ["/a"]


@pytest.mark.parametrize("to", ["https://evil.example/a", "https://x.hf.co.evil.example/a", "https://hf.co/a"])
def test_a_redirect_to_a_host_like_the_one_named_is_refused(server, to):
    with pytest.raises(ReadError, match="which the catalogue does not know"):
        read(server.serve("/a", redirect=to), hosts=["*.hf.co"])


@pytest.mark.parametrize("to", ["http://example.org/a", "ftp://example.org/a", "file:///etc/passwd"])
def test_a_redirect_away_from_https_is_refused(server, to):
    with pytest.raises(ReadError, match=r"which is not https|answers 302"):
        read(server.serve("/a", redirect=to), hosts=["example.org"])


def test_a_ring_of_redirects_ends(server):
    with pytest.raises(ReadError, match="answers 302"):
        read(server.serve("/a", redirect="/a"))


@pytest.mark.parametrize("address", ["http://example.org/a", "ftp://127.0.0.1/a", "file:///etc/passwd", "https://"])
def test_only_https_is_fetched(address):
    with pytest.raises(SettingsError, match="only https addresses are fetched"):
        read(address)


def test_a_file_that_is_not_there_is_told_with_the_next_step(server):
    with pytest.raises(ReadError, match=r"answers 404 \(Not Found\); see the publisher's page"):
        read(server.address("/none"))


def test_a_busy_server_may_do_better_later(server):
    address = server.serve("/a", b"there", statuses=[503])
    with pytest.raises(Cut, match="503"):
        read(address)
    assert read(address) == b"there"


def test_a_server_that_is_away_may_come_back():
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    with pytest.raises(Cut):
        read(f"http://127.0.0.1:{port}/a")


def test_a_certificate_that_is_not_valid_is_final(server, monkeypatch):
    fault = ssl.SSLCertVerificationError("no")
    fault.verify_message = "expired"

    def refuse(*_arguments, **_options):
        raise urllib.error.URLError(fault)

    monkeypatch.setattr("urllib.request.OpenerDirector.open", refuse)
    with pytest.raises(ReadError, match=r"its certificate is not valid here \(expired\)"):
        read(server.address("/a"))
