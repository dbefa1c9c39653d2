from __future__ import annotations

import hashlib
import io
import os
import zipfile

import pytest

from topics.corpus.fetching import File, Patience
from topics.corpus.fetching.download import download
from topics.errors import ReadError, WriteError

DATA = bytes(range(256)) * 600
SHA256 = hashlib.sha256(DATA).hexdigest()
MD5 = hashlib.md5(DATA).hexdigest()


def exact(address, **more):
    return File("a.csv", address, size=len(DATA), **{"sha256": SHA256} | more)


def left(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_file_is_fetched_whole_with_its_checksum_beside_it(server, tmp_path, patience):
    seen = []
    file = exact(server.serve("/a", DATA), md5=MD5)
    received = download(file, tmp_path, patience=patience, progress=lambda *told: seen.append(told))
    assert (received.path.read_bytes(), received.size, received.sha256) == (DATA, len(DATA), SHA256)
    assert left(tmp_path) == ["a.csv", "a.csv.sha256"]
    assert (tmp_path / "a.csv.sha256").read_text() == f"{SHA256}  a.csv\n"
    assert seen[0] == ("a.csv", 0, len(DATA))
    assert seen[-1] == ("a.csv", len(DATA), len(DATA))


def test_the_second_run_asks_no_server(server, tmp_path, patience):
    file = exact(server.serve("/a", DATA))
    first = download(file, tmp_path, patience=patience)
    assert download(file, tmp_path, patience=patience) == first
    assert len(server.requests) == 1


def test_a_cut_is_gone_on_with_where_it_was(server, tmp_path, patience):
    address = server.serve("/a", DATA, cuts=[1000, 50_000])
    assert download(exact(address), tmp_path, patience=patience).path.read_bytes() == DATA
    assert server.requests == [("/a", None), ("/a", "bytes=1000-"), ("/a", "bytes=51000-")]


@pytest.mark.parametrize("cut", [2500, 1007 * 3, -5])
def test_a_cut_between_or_inside_chunks_is_noticed(server, tmp_path, patience, cut):
    address = server.serve("/a", DATA, cuts=[cut], chunked=True, ranges=False)
    assert download(File("a.csv", address, at_most=len(DATA)), tmp_path, patience=patience).path.read_bytes() == DATA
    assert [path for path, _ in server.requests] == ["/a", "/a"]


def test_the_next_run_goes_on_where_the_last_gave_up(server, tmp_path, patience):
    address = server.serve("/a", DATA, cuts=[1000, 0, 0])
    with pytest.raises(ReadError, match=r"broke off at 1,000 bytes \(152,600 bytes are missing\); what came is kept"):
        download(exact(address), tmp_path, patience=patience)
    assert left(tmp_path) == ["a.csv.part", "a.csv.part.json"]
    download(exact(address), tmp_path, patience=patience)
    assert server.requests[-1] == ("/a", "bytes=1000-")
    assert left(tmp_path) == ["a.csv", "a.csv.sha256"]


def test_ctrl_c_keeps_what_came(server, tmp_path, patience):
    def interrupt(_name, done, _of):
        if done:
            raise KeyboardInterrupt

    file = exact(server.serve("/a", DATA))
    with pytest.raises(KeyboardInterrupt):
        download(file, tmp_path, patience=patience, progress=interrupt)
    kept = (tmp_path / "a.csv.part").stat().st_size
    assert 0 < kept <= len(DATA)
    assert download(file, tmp_path, patience=patience).path.read_bytes() == DATA
    assert server.requests[1:] in ([("/a", f"bytes={kept}-")], [])


def test_a_run_killed_before_the_name_asks_no_server_again(server, tmp_path, patience, monkeypatch):
    file, replace = exact(server.serve("/a", DATA)), os.replace

    def refuse(source, target):
        if str(source).endswith(".part"):
            raise OSError(28, "No space left on device")
        replace(source, target)

    with monkeypatch.context() as patch:
        patch.setattr("os.replace", refuse)
        with pytest.raises(WriteError, match="No space left"):
            download(file, tmp_path, patience=patience)
    assert download(file, tmp_path, patience=patience).path.read_bytes() == DATA
    assert len(server.requests) == 1


def test_a_last_change_is_enough_to_go_on(server, tmp_path, patience):
    address = server.serve("/a", DATA, cuts=[1000], etag=None, modified="Wed, 21 Oct 2015 07:28:00 GMT")
    download(exact(address), tmp_path, patience=patience)
    assert server.requests[1] == ("/a", "bytes=1000-")


@pytest.mark.parametrize("etag", [None, 'W/"1"'])
def test_without_a_sure_sign_of_the_edition_a_cut_begins_anew(server, tmp_path, patience, etag):
    address = server.serve("/a", DATA, cuts=[1000], etag=etag)
    assert download(exact(address), tmp_path, patience=patience).path.read_bytes() == DATA
    assert server.requests == [("/a", None), ("/a", None)]


def test_a_server_that_ignores_ranges_sends_all_again(server, tmp_path, patience):
    address = server.serve("/a", DATA, cuts=[1000], ranges=False)
    assert download(exact(address), tmp_path, patience=patience).path.read_bytes() == DATA
    assert server.requests == [("/a", None), ("/a", "bytes=1000-")]


@pytest.mark.parametrize("honours_if_range", [True, False])
def test_a_file_that_changed_on_the_server_begins_anew(server, tmp_path, patience, honours_if_range):
    address = server.serve("/a", b"x" * 5000, cuts=[1000, 0, 0])
    file = File("a.csv", address, at_most=len(DATA))
    with pytest.raises(ReadError, match="broke off"):
        download(file, tmp_path, patience=patience)
    server.serve("/a", DATA, etag='"2"', honours_if_range=honours_if_range)
    assert download(file, tmp_path, patience=patience).path.read_bytes() == DATA


def test_a_file_that_shrank_on_the_server_begins_anew(server, tmp_path, patience):
    address = server.serve("/a", DATA, cuts=[1000, 0, 0])
    file = File("a.csv", address, at_most=len(DATA))
    with pytest.raises(ReadError, match="broke off"):
        download(file, tmp_path, patience=patience)
    server.serve("/a", b"short", etag='"2"', honours_if_range=False)
    assert download(file, tmp_path, patience=patience).path.read_bytes() == b"short"


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"sha256": "0" * 64}, f"came with the SHA-256 {SHA256}, not 0000"),
        ({"md5": "0" * 32}, f"came with the MD5 {MD5}, not 0000"),
    ],
)
def test_a_wrong_checksum_is_not_kept(server, tmp_path, patience, wrong, message):
    with pytest.raises(ReadError, match=message):
        download(exact(server.serve("/a", DATA), **wrong), tmp_path, patience=patience)
    assert left(tmp_path) == []


def test_a_length_that_the_catalogue_does_not_know_is_refused_before_a_byte(server, tmp_path, patience):
    address = server.serve("/a", DATA + b"more")
    with pytest.raises(ReadError, match="is 153,604 bytes now, not 153,600; the publisher changed the file"):
        download(exact(address), tmp_path, patience=patience)
    assert left(tmp_path) == []


def test_a_truncated_file_without_a_length_is_not_kept(server, tmp_path, patience):
    address = server.serve("/a", DATA[:-1], says_length=False)
    with pytest.raises(ReadError, match="came with 153,599 bytes, not 153,600"):
        download(exact(address), tmp_path, patience=patience)
    assert left(tmp_path) == []


@pytest.mark.parametrize("kept", [0.5, 0.99])
def test_a_truncated_zip_without_a_length_or_checksum_is_not_kept(server, tmp_path, patience, kept):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.txt", "خبر " * 1000)
    data = packed.getvalue()
    address = server.serve("/a", data[: int(len(data) * kept)], says_length=False)
    with pytest.raises(ReadError, match="is no zip archive: cut short"):
        download(File("a.zip", address, at_most=10_000), tmp_path, patience=patience)
    assert left(tmp_path) == []


@pytest.mark.parametrize(
    ("says_length", "message"),
    [(True, "is 153,600 bytes, and 100,000 are the most"), (False, "sends more than the 100,000 bytes")],
)
def test_an_oversized_file_is_not_taken(server, tmp_path, patience, says_length, message):
    file = File("a.csv", server.serve("/a", DATA, says_length=says_length), at_most=100_000)
    with pytest.raises(ReadError, match=message):
        download(file, tmp_path, patience=patience)
    assert left(tmp_path) == []


def test_a_size_that_a_page_rounds_is_met_within_a_tolerance(server, tmp_path, patience):
    address = server.serve("/a", DATA)
    assert download(File("a.csv", address, size=150_000, size_rounded=True), tmp_path, patience=patience)
    with pytest.raises(ReadError, match="the most it may be"):
        download(File("b.csv", address, size=130_000, size_rounded=True), tmp_path, patience=patience)


def test_a_silent_server_is_given_up(server, tmp_path):
    address = server.serve("/a", DATA, silent=True)
    with pytest.raises(ReadError, match=r"broke off at 0 bytes \(the server is silent\)"):
        download(exact(address), tmp_path, patience=Patience(timeout=0.1, attempts=2, pause=0))
    assert len(server.requests) == 2
    assert left(tmp_path) == []


def test_a_server_that_trickles_is_given_up(server, tmp_path):
    address = server.serve("/a", DATA, trickles=True)
    with pytest.raises(ReadError, match=r"broke off at \d+ bytes \(the server is too slow\)"):
        download(exact(address), tmp_path, patience=Patience(timeout=0.2, attempts=1, pause=0, rate=1e6))


def test_a_file_that_nobody_fetched_is_not_taken_for_it(server, tmp_path, patience):
    (tmp_path / "a.csv").write_bytes(b"mine")
    address = server.serve("/a", DATA)
    with pytest.raises(WriteError, match="is not the file that was fetched"):
        download(exact(address), tmp_path, patience=patience)
    with pytest.raises(WriteError, match="no note says that it was fetched"):
        download(File("a.csv", address, at_most=len(DATA)), tmp_path, patience=patience)
    assert ((tmp_path / "a.csv").read_bytes(), server.requests) == (b"mine", [])


def test_a_file_that_was_changed_since_is_told(server, tmp_path, patience):
    file = File("a.csv", server.serve("/a", DATA), at_most=len(DATA))
    download(file, tmp_path, patience=patience).path.write_bytes(b"changed")
    with pytest.raises(WriteError, match="is not the file that was fetched"):
        download(file, tmp_path, patience=patience)


def test_a_disk_without_room_is_told_before_a_byte(server, tmp_path, patience, monkeypatch):
    monkeypatch.setattr("topics.corpus.fetching.parts.shutil.disk_usage", lambda _: type("Usage", (), {"free": 10}))
    with pytest.raises(WriteError, match="wants 153,600 bytes more and the disk has 10"):
        download(exact(server.serve("/a", DATA)), tmp_path, patience=patience)
    assert left(tmp_path) == []
