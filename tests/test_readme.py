"""README says what is: its session runs and prints what it says, its commands and links are there."""

from __future__ import annotations

import doctest
import re
import struct

import pytest

READMES = ("README.md", "README.ar.md")
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)#\s]+)\)")
NUMBER = re.compile(r"-?\d+\.\d+")
TOLERANCE = 0.02  # of decimals: other processors may add in another order


class Alike(doctest.OutputChecker):
    """Equal but for decimals, which may differ a little; spaces that align columns may differ with them."""

    def check_output(self, want, got, optionflags):
        if [NUMBER.sub("#", want).split()] != [NUMBER.sub("#", got).split()]:
            return False
        pairs = zip(NUMBER.findall(want), NUMBER.findall(got), strict=True)
        return all(abs(float(ours) - float(theirs)) <= TOLERANCE for ours, theirs in pairs)


def blocks(text, language):
    return [body for kind, body in BLOCK.findall(text) if kind == language]


@pytest.fixture(params=READMES)
def readme(request, project):
    return (project / request.param).read_text(encoding="utf-8")


@pytest.fixture
def english(project):
    return (project / "README.md").read_text(encoding="utf-8")


def test_it_is_short_and_starts_with_a_session_and_a_picture(readme):
    assert len(readme.splitlines()) < 150
    first = BLOCK.search(readme)
    assert first[1] == "python"
    assert first.start() < readme.index("![") < readme.index("\n## ")


def test_the_session_prints_what_it_says(english, project, monkeypatch):
    monkeypatch.chdir(project)
    (session,) = blocks(english, "python")
    test = doctest.DocTestParser().get_doctest(session, {}, "README.md", "README.md", 0)
    assert len(test.examples) >= 8
    report = []
    doctest.DocTestRunner(checker=Alike(), verbose=False).run(test, out=report.append)
    assert not report, "".join(report)


def test_the_arabic_readme_has_the_same_code_and_links(project, english):
    arabic = (project / "README.ar.md").read_text(encoding="utf-8")
    assert BLOCK.findall(arabic) == BLOCK.findall(english)
    other = {"README.md", "README.ar.md"}
    assert set(LINK.findall(arabic)) - other == set(LINK.findall(english)) - other


def test_arabic_prose_runs_right_to_left_and_code_does_not(project):
    arabic = (project / "README.ar.md").read_text(encoding="utf-8")
    assert arabic.count('<div dir="rtl">') == arabic.count("</div>")
    outside = re.sub(r'<div dir="rtl">.*?</div>', "", arabic, flags=re.DOTALL)
    assert BLOCK.findall(outside) == BLOCK.findall(arabic)
    assert not BLOCK.sub("", outside).strip()


def test_both_commands_are_named_and_make_knows_them(readme, project):
    makefile = (project / "Makefile").read_text(encoding="utf-8")
    for command in ("make demo", "make test", "make lab"):
        assert command in readme
        assert re.search(rf"^{command.removeprefix('make ')}:", makefile, re.MULTILINE)


def test_links_lead_somewhere(readme, project):
    links = LINK.findall(readme)
    assert len(links) > 10
    for link in links:
        assert (project / link).exists(), link


def test_links_of_the_decisions_and_their_numbers(project):
    pages = sorted((project / "docs" / "decisions").glob("*.md"))
    assert [int(page.name[:4]) for page in pages] == list(range(1, len(pages) + 1))
    for number, page in enumerate(pages, 1):
        text = page.read_text(encoding="utf-8")
        assert text.startswith(f"# {number}. ")
        assert "**Chosen:**" in text
        assert "**Lost:**" in text
        for link in LINK.findall(text):
            assert (page.parent / link).exists(), link


def test_the_counts_of_the_decision_on_feh_are_those_of_the_table(project):
    page = (project / "docs" / "decisions" / "0002-feh.md").read_text(encoding="utf-8")
    (source,) = blocks(page, "python")
    *lines, last = source.strip().splitlines()
    counted, _, stated = last.partition("#")
    names = {}
    exec("\n".join(lines), names)
    assert eval(counted, names) == eval(stated.strip())


def test_the_picture_is_there_and_large_enough_to_read(project):
    head = (project / "docs" / "images" / "article.png").read_bytes()[:24]
    width, height = struct.unpack(">II", head[16:24])
    assert width >= 1000
    assert height >= 500
