import json

import pytest

from topics.corpus.packaged import packaged_corpus

THEMES = """
[security]
anchors = ["الشرطة", "العصابة", "المخدرات", "السجن", "زرافة", "المدينة"]
[sport]
anchors = ["المنتخب", "الملعب", "البطولة"]
"""


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("check")
    (folder / "themes.toml").write_text(THEMES, encoding="utf-8")
    return folder / "themes.toml", packaged_corpus()


def test_check_prints_tables_with_contexts_isolated(topics_command, files):
    code, out, err = topics_command("themes", "check", files[0], "--corpus", files[1])
    assert (code, err) == (0, "")
    assert out.startswith("9 anchors of 2 themes in 1,120 articles: 1 never occur")
    for title in ("Anchors", "Never occur, and what is near", "Ambiguous", "Where they mislead", "Suggestions"):
        assert f"\n{title}" in out
    context = next(line for line in out.splitlines() if "المدينة]" in line)
    assert "\u2067" in context
    assert context.endswith("\u2069")


def test_check_prints_the_same_as_one_json_value(topics_command, files):
    code, out, _ = topics_command("themes", "check", files[0], "--corpus", files[1], "--json", "--suggestions", 2)
    assert code == 0
    told = json.loads(out)
    assert [row["anchor"] for row in told["missing"]] == ["زرافة"]
    assert len([row for row in told["suggestions"] if row["theme"] == "sport"]) <= 2


def test_what_is_missing_is_told_in_a_line(topics_command, files, tmp_path):
    code, out, err = topics_command("themes", "check", tmp_path / "no.toml", "--corpus", files[1])
    assert (code, out) == (1, "")
    assert "no.toml: cannot be read" in err
    assert topics_command("themes", "check", files[0])[0] == 2
