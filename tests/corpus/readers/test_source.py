import io
import os
import subprocess
import sys

import pytest

from topics.corpus import Corpus
from topics.corpus.readers.source import Source
from topics.errors import ReadError


class Piped:
    def __init__(self, data):
        self.buffer = io.BytesIO(data)


def test_standard_input_is_json_lines(monkeypatch):
    lines = '{"text": "خبر", "id": "1"}\nbroken\n{"text": "آخر", "id": "2"}\n'
    monkeypatch.setattr(sys, "stdin", Piped(lines.encode()))
    corpus = Corpus.read("-")
    assert [article.id for article in corpus] == ["1", "2"]
    assert [(row.file, row.line) for row in corpus.skipped] == [("stdin", 2)]


def test_other_encodings_are_piped_too(monkeypatch):
    text = "خبر عن المدينة والميناء"
    monkeypatch.setattr(sys, "stdin", Piped(f'{{"text": "{text}"}}\n'.encode("cp1256")))
    assert next(Corpus.stream("-")).text == text


def test_an_empty_pipe_is_counted(monkeypatch):
    monkeypatch.setattr(sys, "stdin", Piped(b""))
    assert [row.reason for row in Corpus.read("-").skipped] == ["the file is empty"]


def test_a_pipe_of_the_system_works(tmp_path):
    program = "import topics; print(len(list(topics.Corpus.stream('-'))))"
    lines = '{"text": "خبر"}\n' * 5000
    done = subprocess.run([sys.executable, "-c", program], input=lines.encode(), capture_output=True, check=True)
    assert done.stdout.strip() == b"5000"


def test_a_source_can_be_opened_again(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes(b"abc")
    source = Source.of_path(path)
    assert source.read() == source.read() == b"".join(source.chunks())
    with source.seekable() as file:
        assert file.seek(0, 2) == 3


@pytest.mark.skipif(os.name == "nt", reason="named pipes")
@pytest.mark.parametrize("suffix", [".jsonl", ".csv.gz", ".zip", ".txt"])
def test_a_named_pipe_is_refused_and_not_waited_for(tmp_path, suffix):
    """FAULTS.md 8; among other files of a folder it is skipped and counted."""
    os.mkfifo(tmp_path / f"a{suffix}")
    with pytest.raises(ReadError, match="is a pipe or a device; give a file, or - for"):
        Corpus.read(tmp_path / f"a{suffix}")
    (tmp_path / "b.txt").write_text("خبر", encoding="utf-8")
    if suffix != ".zip":
        corpus = Corpus.read(tmp_path)
        assert [article.id for article in corpus] == ["b"]
        assert corpus.skipped.total() == 1
