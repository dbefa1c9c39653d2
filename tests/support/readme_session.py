"""Run the session of README again and put what it prints into README.md and README.ar.md.

After a change that moves its figures: .venv/bin/python tests/support/readme_session.py
"""

from __future__ import annotations

import contextlib
import doctest
import io
import os
import re
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent.parent
SESSION = re.compile(r"(?<=^```python\n)>>>.*?(?=^```)", re.MULTILINE | re.DOTALL)


def renew(session: str) -> str:
    """The session with what each line prints here and now."""
    names: dict[str, object] = {}
    lines: list[str] = []
    for example in doctest.DocTestParser().get_examples(session):
        first, *more = example.source.splitlines()
        lines += [f">>> {first}", *(f"... {line}" for line in more)]
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(example.source, "README.md", "single"), names)
        lines += printed.getvalue().splitlines()
    return "\n".join(lines) + "\n"


def main() -> None:
    """Both pages, from the session of README.md."""
    os.chdir(PROJECT)
    session = renew(SESSION.search(Path("README.md").read_text(encoding="utf-8"))[0])
    for name in ("README.md", "README.ar.md"):
        text = Path(name).read_text(encoding="utf-8")
        Path(name).write_text(SESSION.sub(lambda _: session, text), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
