from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import statistics
import subprocess
import sys
import time

import pytest

COMMANDS = ("demo", "run", "sort", "explain", "show", "report")
HEAVY = ("gensim", "sklearn", "scipy", "pandas", "numba", "matplotlib", "dask", "pyarrow", "numpy", "pydantic", "rich")


def topics(*arguments, **options):
    command = [sys.executable, "-m", "topics", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, check=False, **options)


def test_help_lists_every_command(topics_command):
    code, out, _ = topics_command("--help")
    assert code == 0
    assert all(f"\n  {name} " in out for name in COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_and_every_option_is_explained(topics_command, command):
    code, out, _ = topics_command(command, "--help")
    assert code == 0
    options = re.split(r"^  (?=-)", out.split("Options:\n")[1], flags=re.MULTILINE)[1:]
    assert options
    for option in options:
        assert re.search(r"\S(  +|\s*\n +)[A-Z]", option), option


def test_help_opens_nothing_heavy_and_takes_less_than_300_ms_of_a_core():
    code = (
        "import sys, time; start = time.process_time()\n"
        "from topics.cli import main; main(['--help']); seconds = time.process_time() - start\n"
        "import json; print('\\n' + json.dumps([seconds, sorted(sys.modules)]))"
    )
    seconds = []
    for _ in range(5):
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
        taken, modules = json.loads(done.stdout.splitlines()[-1])
        seconds.append(taken)
        assert not {name.partition(".")[0] for name in modules} & set(HEAVY)
    assert statistics.median(seconds) < 0.3


def test_the_version_is_printed(topics_command):
    assert topics_command("--version")[1].strip() == "0.1.0"


@pytest.mark.parametrize(
    "arguments",
    [
        ("nonsense",),
        ("sort", "--nonsense"),
        ("sort",),
        ("run",),
        ("sort", "x.txt", "--model", "m"),
        ("run", "x.toml", "--set", "a.b"),
        ("run", "x.toml", "--init", "y.toml"),
        ("report", "runs/x", "--lang", "de"),
        ("report", "runs/x", "--texts", "some"),
    ],
)
def test_wrong_usage_is_2(topics_command, arguments):
    """FAULTS.md 49."""
    code, out, err = topics_command(*arguments)
    assert code == 2
    assert not out
    assert "Error: " in err


@pytest.mark.parametrize(
    "arguments",
    [
        ("run", "{}/nothing.toml"),
        ("run", "{}"),
        ("show", "{}/nothing"),
        ("report", "{}/nothing"),
        ("sort", "x.txt", "--model", "{}/nothing", "--out", "{}/x.csv"),
        ("sort", "x.txt", "--model", "{}", "--out", "{}/x.csv"),
        ("explain", "x.txt", "--model", "{}/nothing"),
    ],
)
def test_what_could_not_be_done_is_1_and_one_line(topics_command, tmp_path, arguments):
    """FAULTS.md 49: a missing file, a folder for a file."""
    code, out, err = topics_command(*(text.format(tmp_path) for text in arguments))
    assert code == 1
    assert not out
    assert err.startswith("topics: ")
    assert len(err.splitlines()) == 1
    assert str(tmp_path) in err
    assert not list(tmp_path.iterdir())


def test_a_message_cannot_rewrite_the_terminal(topics_command, tmp_path):
    """FAULTS.md 42."""
    _, _, err = topics_command("show", f"{tmp_path}/\x1b[2J\r\x07\u202egone")
    assert "<U+001B>" in err
    assert "<U+202E>" in err
    assert not set(err) & set("\x1b\r\x07\u202e")


@pytest.mark.parametrize(
    ("error", "code", "told"),
    [
        (MemoryError(), 1, "not enough memory"),
        (PermissionError(13, "Permission denied", "x.txt"), 1, "x.txt: Permission denied"),
        (ZeroDivisionError("oh"), 1, "a fault in topics (ZeroDivisionError: oh)"),
        (KeyboardInterrupt(), 130, "stopped"),
        (BrokenPipeError(32, "Broken pipe"), 0, ""),
    ],
)
def test_no_error_ends_in_a_traceback(topics_command, monkeypatch, error, code, told):
    def fail(path):
        raise error

    monkeypatch.setattr("topics.experiments.describing.describe", fail)
    found, out, err = topics_command("show", "x")
    assert found == code
    assert told in err
    assert not out


def test_a_closed_pipe_ends_with_0(tmp_path):
    """FAULTS.md 49: | head."""
    rows = "".join(json.dumps({"text": "خبر قصير", "id": str(n)}) + "\n" for n in range(20_000))
    (tmp_path / "c.jsonl").write_text(rows, encoding="utf-8")
    code = (
        "import sys; from topics.cli import main, streams\n"
        "def many(path): return {'kind': 'x', 'rows': [{'n': n} for n in range(200_000)]}\n"
        "import topics.experiments.describing as d; d.describe = many; sys.exit(main(['show', 'x']))"
    )
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    process.stdout.readline()
    process.stdout.close()
    err = process.stderr.read()
    assert process.wait() == 0
    assert err == b""
    process.stderr.close()


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="a device that is full")  # noqa: PTH110
def test_an_output_that_is_full_is_told_in_one_line(tiny_run):
    """FAULTS.md 16 and 49."""
    for arguments in (("show", tiny_run.path), ("show", tiny_run.path, "--json"), ("--help",)):
        with open("/dev/full", "wb") as full:  # noqa: PTH123
            command = [sys.executable, "-m", "topics", *map(str, arguments)]
            done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, check=False)
        assert done.returncode == 1
        assert done.stderr.startswith(b"topics: No space left on device")
        assert done.stderr.count(b"\n") == 1


@pytest.mark.skipif(os.name == "nt", reason="a shell")
@pytest.mark.parametrize(
    ("closed", "arguments", "code"),
    [
        (">&-", ("show", "{}"), 0),
        (">&- 2>&- <&-", ("show", "{}"), 0),
        ("2>&-", ("show", "{}/nothing"), 1),
        ("<&-", ("sort", "-", "--model", "{}", "--json"), 1),
    ],
)
def test_a_stream_that_is_closed_is_no_fault_and_no_file_takes_its_place(tiny_run, tmp_path, closed, arguments, code):
    """FAULTS.md 49."""
    words = " ".join(text.format(tiny_run.path) for text in arguments)
    done = subprocess.run(
        ["sh", "-c", f"{sys.executable} -m topics {words} {closed}"], capture_output=True, check=False, cwd=tmp_path
    )
    assert done.returncode == code
    assert b"Traceback" not in done.stderr + done.stdout
    assert b"a fault in topics" not in done.stderr
    assert done.stderr.count(b"\n") == (1 if closed == "<&-" else 0)


@pytest.mark.skipif(os.name == "nt", reason="signals")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_run_that_is_stopped_leaves_nothing(tiny_file, tmp_path, number, code):
    """FAULTS.md 19."""
    out = tmp_path / "runs"
    command = [sys.executable, "-m", "topics", "run", str(tiny_file), "--out", str(out)]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE)
    deadline = time.monotonic() + 60
    while not list(out.glob(".topics-*/experiment.toml")) and time.monotonic() < deadline:
        time.sleep(0.01)
    process.send_signal(number)
    _, err = process.communicate(timeout=60)
    assert process.returncode == code
    assert b"Traceback" not in err
    assert not list(out.iterdir())


@pytest.mark.skipif(os.name == "nt", reason="pseudo-terminals")
def test_progress_is_shown_on_a_terminal_and_leaves_nothing_behind(tiny_run, tmp_path):
    import pty

    (tmp_path / "c.jsonl").write_text('{"text": "خبر"}\n' * 5000, encoding="utf-8")
    reading, writing = pty.openpty()
    arguments = ["sort", str(tmp_path / "c.jsonl"), "--model", str(tiny_run.path), "--out", str(tmp_path / "x.jsonl")]
    process = subprocess.Popen([sys.executable, "-m", "topics", *arguments], stdout=subprocess.DEVNULL, stderr=writing)
    os.close(writing)
    shown = b""
    with contextlib.suppress(OSError):  # the end of a pseudo-terminal
        while piece := os.read(reading, 4096):
            shown += piece
    os.close(reading)
    assert process.wait() == 0
    assert b" articles" in shown
    assert not shown.split(b"\r")[-1].strip()


@pytest.mark.parametrize(
    "environment", [{"LANG": "C", "LC_ALL": "C"}, {"PYTHONUTF8": "0", "PYTHONIOENCODING": "cp1256"}]
)
def test_output_to_a_file_is_the_same_bytes_in_every_locale(tiny_run, environment):
    """FAULTS.md 36."""
    plain = topics("show", tiny_run.path)
    other = topics("show", tiny_run.path, env=os.environ | environment)
    assert other.returncode == 0
    assert other.stdout == plain.stdout


def test_the_python_side_does_whatever_the_command_does():
    from topics.experiments.describing import describe
    from topics.experiments.example import write_example
    from topics.experiments.reporting import write_run_report
    from topics.experiments.run import run
    from topics.experiments.sorting import write_rows

    assert all(map(callable, (describe, write_example, write_run_report, run, write_rows)))
