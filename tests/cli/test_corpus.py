from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys

import pytest

from topics.corpus import Article, Corpus, copies, write
from topics.corpus.concordance import find

TEXT = "وصلت الباخرة صباح اليوم إلى ميناء المدينة وعلى متنها مئة سيارة جديدة"
NAMES = ["نتائج المقالات", "a b", "a\nb", "\u202eabc\u2069", "٢٠٢٦-٠٣"]


def word(number):
    return "".join("ابتثجحخدذر"[int(digit)] for digit in f"{number:03d}")


def text(number):
    return " ".join(word(number) + letter for letter in "سشصضطظعغفقكلم")


@pytest.fixture
def news(tmp_path):
    """24 articles of two newspapers, four of them printed twice; two without a date."""
    rows = [
        Article(
            text(k % 20),
            id=f"n{k}",
            title=f"هجرة رقم {k}",
            date=f"2026-03-{k + 1:02d}" if k < 22 else None,
            source=("الأفق", "الميناء")[k // 12],
            themes=["a"] if k % 2 else [],
            extra={"own": k},
        )
        for k in range(24)
    ]
    path = tmp_path / "in" / "news.jsonl"
    path.parent.mkdir()
    write(rows, path)
    return path


def last_json(out):
    (line,) = out.splitlines()
    return json.loads(line)


class TestConvert:
    @pytest.mark.parametrize("suffix", [".csv", ".tsv", ".xlsx", ".parquet", ".jsonl.gz", ""])
    def test_articles_become_any_format(self, topics_command, news, tmp_path, suffix):
        out = tmp_path / f"out{suffix}"
        code, shown, err = topics_command("corpus", "convert", news, "--out", out)
        assert (code, err) == (0, "")
        assert shown == f"24 articles written to {out}\n"
        assert Corpus.read(out).fingerprint == Corpus.read(news).fingerprint

    def test_what_was_skipped_and_repaired_is_told(self, topics_command, tmp_path):
        (tmp_path / "a.jsonl").write_text('{"text": "خبر\\u0000"}\n{bad\n{"text": ""}\n', encoding="utf-8")
        arguments = ("corpus", "convert", tmp_path / "a.jsonl", "--out", tmp_path / "b.csv")
        code, out, _ = topics_command(*arguments)
        assert code == 0
        assert out.startswith("1 articles written")
        assert "    1  control characters removed" in out.splitlines()
        facts = last_json(topics_command(*arguments, "--json")[1])
        assert (facts["n_articles"], facts["skipped"], facts["repaired"]) == (1, 2, 1)
        assert facts["boilerplate"] is None
        code, out, err = topics_command(*arguments, "--strict")
        assert (code, out) == (1, "")
        assert "a.jsonl, line 1: control characters removed" in err

    def test_columns_are_named(self, topics_command, tmp_path):
        (tmp_path / "a.csv").write_text('c1,"c,2",c3\nعنوان,خبر طويل,x\n', encoding="utf-8")
        out = tmp_path / "b.jsonl"
        code, _, _ = topics_command(
            "corpus", "convert", tmp_path / "a.csv", "--out", out, "--columns", "title=c1,text=c,2", "--columns", "id="
        )
        assert code == 0
        article = Corpus.read(out)[0]
        assert (article.title, article.text, dict(article.extra)) == ("عنوان", "خبر طويل", {"c3": "x"})

    def test_boilerplate_is_reported_on_request_and_dropped_on_another(self, topics_command, tmp_path):
        rows = [Article(f"{text(k)}\nشارك الخبر", id=str(k), source="الأفق") for k in range(25)]
        write(rows, tmp_path / "a.jsonl")
        arguments = ("corpus", "convert", tmp_path / "a.jsonl", "--out", tmp_path / "b.jsonl")
        assert "شارك" not in topics_command(*arguments)[1]
        out = topics_command(*arguments, "--boilerplate")[1]
        assert "شارك الخبر" in out
        assert "1 lines and openings recur in one source: kept; leave them out with --drop-boilerplate" in out
        assert len(Corpus.read(tmp_path / "b.jsonl").find("شارك")) == 25
        facts = last_json(topics_command(*arguments, "--drop-boilerplate", "--json")[1])
        assert facts["boilerplate_dropped"]
        assert facts["boilerplate"][0]["line"] == "شارك الخبر"
        assert facts["reasons"] == {"boilerplate line removed: شارك الخبر": 25}
        assert not len(Corpus.read(tmp_path / "b.jsonl").find("شارك"))

    def test_articles_come_through_a_pipe(self, news, tmp_path):
        command = [sys.executable, "-m", "topics", "corpus", "convert", "-", "--out", str(tmp_path / "b.csv")]
        done = subprocess.run(command, input=news.read_bytes(), capture_output=True, check=True)
        assert done.stdout.startswith(b"24 articles")
        assert not done.stderr


class TestDedupe:
    def test_the_earliest_of_each_group_stays_and_the_rest_is_told(self, topics_command, news, tmp_path):
        out, groups = tmp_path / "kept.csv", tmp_path / "groups.jsonl"
        code, shown, err = topics_command("corpus", "dedupe", news, "--out", out, "--groups", groups)
        assert (code, err) == (0, "")
        lines = shown.splitlines()
        assert lines[0] == f"20 of 24 articles kept in {out}"
        assert lines[1] == (
            "4 dropped: 8 articles stand in 4 groups of near duplicates, 4 pairs, 4 of them between two sources"
        )
        assert [article.id for article in Corpus.read(out)] == [f"n{k}" for k in range(20)]
        rows = [json.loads(line) for line in groups.read_text(encoding="utf-8").splitlines()]
        assert [(row["kept"], row["ids"], row["n_across"]) for row in rows] == [
            (f"n{k}", [f"n{k}", f"n{k + 20}"], 1) for k in range(4)
        ]

    def test_facts_are_one_json_value(self, topics_command, news, tmp_path):
        facts = last_json(topics_command("corpus", "dedupe", news, "--out", tmp_path / "k.jsonl", "--json")[1])
        assert (facts["n_articles"], facts["n_kept"], facts["n_dropped"]) == (24, 20, 4)
        assert facts["duplicates"] == {"n_articles": 8, "n_groups": 4, "n_pairs": 4, "n_across": 4}
        assert facts["dropped"] == {"الميناء": 4}
        assert [group["kept"] for group in facts["groups"]] == ["n0", "n1", "n2", "n3"]

    def test_a_threshold_can_be_given(self, topics_command, tmp_path):
        words = text(0).split()
        write([Article(" ".join(words), id="1"), Article(" ".join([*words[:11], "غير"]), id="2")], tmp_path / "a.jsonl")
        for threshold, kept in (("0.9", 2), ("0.5", 1)):
            arguments = ("--out", tmp_path / "b.jsonl", "--threshold", threshold, "--json")
            assert last_json(topics_command("corpus", "dedupe", tmp_path / "a.jsonl", *arguments)[1])["n_kept"] == kept


class TestSplit:
    def test_copies_stay_together_and_a_random_split_is_told(self, topics_command, news, tmp_path):
        code, out, err = topics_command("corpus", "split", news, "--out", tmp_path / "s", "--test-size", "0.25")
        assert (code, err) == (0, "")
        assert [line.split()[:3] for line in out.splitlines()[1:3]] == [
            ["18", "75.0%", "train"],
            ["6", "25.0%", "test"],
        ]
        assert "Pairs of near duplicates parted: 0 by this split, by group;" in out
        assert "a random split of the same sizes parts 1.6 on average" in out
        train, test = (Corpus.read(tmp_path / "s" / f"{part}.jsonl") for part in ("train", "test"))
        assert copies([*train, *test]).n_pairs == copies(train).n_pairs + copies(test).n_pairs == 4

    def test_by_time_the_test_is_later_and_undated_articles_are_in_a_file_of_their_own(
        self, topics_command, news, tmp_path
    ):
        arguments = ("corpus", "split", news, "--by", "time", "--out", tmp_path / "s", "--format", "csv")
        code, out, _ = topics_command(*arguments)
        assert code == 0
        assert "2 articles have no date, so they are in neither part" in out
        train, test, left = (Corpus.read(tmp_path / "s" / f"{part}.csv") for part in ("train", "test", "left_out"))
        assert max(article.date for article in train) < min(article.date for article in test)
        assert [article.id for article in left] == ["n22", "n23"]
        assert len(train) + len(test) == 22

    def test_by_source_whole_newspapers_are_tested(self, topics_command, news, tmp_path):
        arguments = ("--by", "source", "--test-size", "0.5", "--out", tmp_path / "s", "--json")
        facts = last_json(topics_command("corpus", "split", news, *arguments)[1])
        assert (facts["n_train"], facts["n_test"], facts["parted_pairs"]) == (12, 12, 4)
        assert {article.source for article in Corpus.read(facts["files"]["test"])} in ({"الأفق"}, {"الميناء"})

    def test_the_random_state_decides(self, topics_command, news, tmp_path):
        for name, state in (("a", "1"), ("b", "1"), ("c", "2")):
            topics_command("corpus", "split", news, "--out", tmp_path / name, "--random-state", state)
        a, b, c = ((tmp_path / name / "test.jsonl").read_bytes() for name in "abc")
        assert a == b != c

    def test_nothing_is_replaced(self, topics_command, news, tmp_path):
        (tmp_path / "s").mkdir()
        (tmp_path / "s" / "test.jsonl").write_text("قديم", encoding="utf-8")
        code, out, err = topics_command("corpus", "split", news, "--out", tmp_path / "s")
        assert (code, out) == (1, "")
        assert "is there already; name a new folder" in err
        assert (tmp_path / "s" / "test.jsonl").read_text(encoding="utf-8") == "قديم"


class TestFind:
    def test_a_word_is_shown_in_its_context_right_to_left(self, topics_command, news):
        code, out, err = topics_command("corpus", "find", "الهجرة", news, "--n", "3")
        assert (code, err) == (0, "")
        lines = out.splitlines()
        assert lines[0] == "\u2068الهجرة\u2069: 24 places in 24 articles"
        assert len(lines) == 5
        assert all(line.startswith("\u2067") and "[هجرة] رقم" in line for line in lines[1:4])
        assert len({line.index("[") for line in lines[1:4]}) == 1
        assert lines[4] == "... and 21 more"

    def test_places_are_json_lines_of_the_original(self, topics_command, news):
        code, out, _ = topics_command("corpus", "find", "هجرة", news, "--json")
        rows = [json.loads(line) for line in out.splitlines()]
        assert code == 0
        assert rows == find(Corpus.read(news), "هجرة").to_rows()
        assert len(topics_command("corpus", "find", "هجرة", news, "--json", "--n", "2")[1].splitlines()) == 2

    @pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".jsonl", ".parquet"])
    def test_every_place_goes_to_a_table(self, topics_command, news, tmp_path, suffix):
        out = tmp_path / f"places{suffix}"
        code, shown, _ = topics_command("corpus", "find", "هجرة", news, "--n", "1", "--out", out)
        assert code == 0
        assert f"24 places written to {out}" in shown
        assert len(Corpus.read(out, columns={"text": "word", "id": None})) == 24

    def test_level_and_width_are_those_that_are_asked_for(self, topics_command, news):
        assert "24 places" in topics_command("corpus", "find", "بالهجرة", news)[1]
        assert topics_command("corpus", "find", "بالهجرة", news, "--level", "none")[1].startswith(
            "\u2068بالهجرة\u2069: 0 places"
        )
        row = json.loads(topics_command("corpus", "find", "رقم", news, "--width", "5", "--json")[1].splitlines()[0])
        assert row["before"] == "هجرة "

    @pytest.mark.skipif(os.name == "nt", reason="pseudo-terminals")
    @pytest.mark.parametrize("columns", [50, 90])
    def test_lines_fit_the_terminal(self, news, columns):
        import fcntl
        import pty
        import struct
        import termios

        from topics.display import columns_of

        reading, writing = pty.openpty()
        fcntl.ioctl(writing, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
        command = [sys.executable, "-m", "topics", "corpus", "find", "هجرة", str(news)]
        environment = {name: value for name, value in os.environ.items() if name != "COLUMNS"}
        done = subprocess.Popen(command, stdout=writing, stderr=subprocess.DEVNULL, env=environment)
        os.close(writing)
        shown = b""
        try:
            while piece := os.read(reading, 4096):
                shown += piece
        except OSError:  # the end of a pseudo-terminal
            pass
        os.close(reading)
        assert done.wait() == 0
        lines = shown.decode().splitlines()
        assert len(lines) == 22
        assert max(map(columns_of, lines)) <= columns


@pytest.mark.parametrize(
    "arguments",
    [
        ("corpus", "nonsense"),
        ("corpus", "convert", "x.txt"),
        ("corpus", "convert", "--out", "x.csv"),
        ("corpus", "convert", "x.csv", "--out", "y.csv", "--columns", "body"),
        ("corpus", "convert", "x.csv", "--out", "y.csv", "--columns", "texte=body"),
        ("corpus", "dedupe", "x.csv", "--out", "y.csv", "--threshold", "2"),
        ("corpus", "split", "x.csv", "--out", "y", "--by", "topic"),
        ("corpus", "split", "x.csv", "--out", "y", "--test-size", "1"),
        ("corpus", "split", "x.csv", "--out", "y", "--format", "doc"),
        ("corpus", "find", "هجرة"),
        ("corpus", "find", "هجرة", "x.csv", "--level", "root"),
        ("corpus", "find", "هجرة", "x.csv", "--n", "0"),
    ],
)
def test_wrong_usage_is_2(topics_command, arguments):
    """FAULTS.md 49."""
    code, out, err = topics_command(*arguments)
    assert (code, out) == (2, "")
    assert "Error: " in err


@pytest.mark.parametrize(
    "arguments",
    [
        ("convert", "{}/missing.csv", "--out", "{}/y.csv"),
        ("convert", "{}/in/news.jsonl", "--out", "{}/missing/y.csv"),
        ("convert", "{}/in/news.jsonl", "--out", "{}/y.doc"),
        ("convert", "{}/in/news.tar", "--out", "{}/y.csv"),
        ("dedupe", "{}/missing.csv", "--out", "{}/y.csv"),
        ("dedupe", "{}/in/news.jsonl", "--out", "{}/y.doc"),
        ("dedupe", "{}/in/news.jsonl", "--out", "{}/y.csv", "--groups", "{}/y.doc"),
        ("split", "{}/missing.csv", "--out", "{}/y"),
        ("split", "{}/in/news.jsonl", "--out", "{}/missing/y"),
        ("find", "هجرة", "{}/missing.csv"),
        ("find", "هجرة", "{}/in/news.jsonl", "--out", "{}/y.doc"),
    ],
)
def test_what_could_not_be_done_is_1_and_one_line(topics_command, news, tmp_path, arguments):
    """FAULTS.md 7 and 49: a tar, a missing file, a place without a folder."""
    (news.parent / "news.tar").write_bytes(b"\0" * 1024)
    before = sorted(tmp_path.rglob("*"))
    code, out, err = topics_command("corpus", *(part.format(tmp_path) for part in arguments))
    assert (code, out) == (1, "")
    assert err.startswith("topics: ")
    assert len(err.splitlines()) == 1
    assert str(tmp_path) in err
    assert sorted(tmp_path.rglob("*")) == before


def test_a_query_without_a_word_is_told(topics_command, news):
    code, out, err = topics_command("corpus", "find", "؟!", news)
    assert (code, out) == (1, "")
    assert "holds no word to look for" in err


@pytest.mark.parametrize("command", ["convert", "dedupe", "split", "find"])
def test_an_input_without_articles_is_told_and_leaves_nothing(topics_command, tmp_path, command):
    (tmp_path / "a.jsonl").write_text("\ufeff", encoding="utf-8")
    place = ("x",) if command == "find" else ()
    code, out, err = topics_command("corpus", command, *place, tmp_path / "a.jsonl", "--out", tmp_path / "b.jsonl")
    assert (code, out) == (1, "")
    assert "no article was found" in err
    assert [path.name for path in tmp_path.iterdir()] == ["a.jsonl"]


@pytest.mark.skipif(os.name == "nt", reason="names that Windows does not take")
@pytest.mark.parametrize("name", NAMES)
def test_an_output_may_have_any_name_and_the_line_that_tells_it_stays_one(topics_command, news, tmp_path, name):
    """FAULTS.md 20 and 45."""
    out = tmp_path / f"{name}.csv"
    for command in ("convert", "dedupe"):
        code, shown, err = topics_command("corpus", command, news, "--out", out)
        assert (code, err) == (0, "")
        assert not set(shown) & {"\u202e", "\x1b"}
        assert len(shown.splitlines()[0]) > len("24 articles")
        assert len(Corpus.read(out)) in (20, 24)
    assert topics_command("corpus", "split", news, "--out", tmp_path / name)[0] == 0
    assert len(Corpus.read(tmp_path / name)) == 24


@pytest.mark.skipif(os.name == "nt", reason="names that Windows does not take")
def test_a_symbolic_link_is_written_through_and_stays_one(topics_command, news, tmp_path):
    """FAULTS.md 20."""
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "a.csv").write_text("قديم", encoding="utf-8")
    link = tmp_path / "link.csv"
    link.symlink_to(tmp_path / "real" / "a.csv")
    assert topics_command("corpus", "convert", news, "--out", link)[0] == 0
    assert link.is_symlink()
    assert len(Corpus.read(tmp_path / "real" / "a.csv")) == 24


def _as_anybody():
    """Take from root, before a program starts, the right to pass over permissions."""
    import ctypes

    for capability in (1, 2):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
        ctypes.CDLL(None).prctl(24, capability, 0, 0, 0)  # PR_CAPBSET_DROP


@pytest.mark.skipif(sys.platform != "linux", reason="permissions, and how root is kept from passing over them")
def test_a_read_only_home_and_input_are_enough_and_a_read_only_output_is_refused(news, tmp_path):
    """FAULTS.md 20."""
    locked, out = tmp_path / "locked", tmp_path / "out"
    locked.mkdir()
    out.mkdir()
    for folder in (news.parent, locked):
        folder.chmod(0o555)
    environment = {**os.environ, "HOME": str(locked), "XDG_CACHE_HOME": str(locked), "NUMBA_CACHE_DIR": str(locked)}
    try:
        for place, code in ((out, 0), (locked, 1)):
            command = [sys.executable, "-m", "topics", "corpus", "convert", news, "--out", place / "a.csv"]
            done = subprocess.run(command, capture_output=True, check=False, env=environment, preexec_fn=_as_anybody)
            assert done.returncode == code, done.stderr
            assert b"Traceback" not in done.stderr
        assert b"cannot be written (Permission denied)" in done.stderr
        assert len(Corpus.read(out / "a.csv")) == 24
        assert not list(locked.iterdir())
    finally:
        news.parent.chmod(0o755)
        locked.chmod(0o755)


COMMANDS = """
import sys
from topics.cli import main
for line in (
    "corpus convert {0} --out c.csv",
    "corpus dedupe {0} --out d.jsonl --groups g.csv --json",
    "corpus split {0} --out s",
    "corpus find هجرة {0}",
    "show {0} --picture p.svg",
):
    code = main(line.format("news.jsonl").split())
    assert code == 0, line
"""


def test_output_is_the_same_bytes_in_every_locale(news, tmp_path):
    """FAULTS.md 36."""
    c, windows = {"LANG": "C", "LC_ALL": "C", "PYTHONHASHSEED": "3"}, {"PYTHONUTF8": "0", "PYTHONIOENCODING": "cp1256"}
    found = []
    for place, changes in (("a", {}), ("b", c), ("c", windows)):
        folder = tmp_path / place
        folder.mkdir()
        (folder / "news.jsonl").write_bytes(news.read_bytes())
        (folder / "all.py").write_text(COMMANDS, encoding="utf-8")
        done = subprocess.run(
            [sys.executable, "all.py"], capture_output=True, check=True, cwd=folder, env=os.environ | changes
        )
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        found.append((done.stdout, [(path.name, path.read_bytes()) for path in files]))
    assert found[0] == found[1] == found[2]
    assert len(found[0][1]) == 8


def test_titles_and_sources_cannot_rewrite_the_terminal(topics_command, tmp_path):
    """FAULTS.md 39 and 42."""
    nasty = "\x1b[2J\r\x07\u202e\u2066<b>"
    rows = [
        Article(f"هجرة {nasty} {TEXT}", id=f"{nasty}{k}", title=nasty, source=f"{nasty}{k % 2}", extra={nasty: nasty})
        for k in range(25)
    ]
    path = tmp_path / "a.jsonl"
    write(rows, path)
    for command in (
        ("show", path),
        ("corpus", "find", "هجرة", path),
        ("corpus", "dedupe", path, "--out", tmp_path / "b.jsonl"),
        ("corpus", "convert", path, "--out", tmp_path / "c.jsonl", "--boilerplate"),
    ):
        code, out, err = topics_command(*command)
        assert code == 0
        assert not set(out + err) & set("\x1b\r\x07\u202e\u2066")


def test_tables_of_places_run_no_formula(topics_command, tmp_path):
    """FAULTS.md 41."""
    write([Article("هجرة =1+1", id="=1", source="@x")], tmp_path / "a.jsonl")
    assert topics_command("corpus", "find", "هجرة", tmp_path / "a.jsonl", "--out", tmp_path / "p.csv")[0] == 0
    with io.StringIO((tmp_path / "p.csv").read_text(encoding="utf-8")) as file:
        row = next(csv.DictReader(file))
    assert (row["id"], row["source"]) == ("'=1", "'@x")
