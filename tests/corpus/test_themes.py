import pytest

from topics.corpus import Theme, Themes, as_themes, parse_themes, read_themes
from topics.errors import ReadError, SettingsError

TOML = """
[weather]
names = { ar = "طقس", en = "Weather", fr = "Météo" }
definition = "أخبار المطر والحرارة"
anchors = ["أمطار", "موجة حر", "أمطار"]
not = ["أمطار الرصاص"]
color = "#1b7f5c"

[culture]
"""


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "themes.toml"
    path.write_text(TOML, encoding="utf-8")
    return path


def test_a_themes_file_is_read_in_its_order(path):
    themes = read_themes(path)
    assert list(themes) == ["weather", "culture"]
    assert themes["weather"] == Theme(
        "weather",
        {"ar": "طقس", "en": "Weather", "fr": "Météo"},
        "أخبار المطر والحرارة",
        ("أمطار", "موجة حر"),
        ("أمطار الرصاص",),
        "#1b7f5c",
    )


def test_a_theme_is_called_by_the_best_name_it_has(path):
    themes = read_themes(path)
    assert themes["weather"].name() == "طقس"
    assert themes["weather"].name("fr") == "Météo"
    assert themes["culture"].name() == "culture"


def test_what_is_written_reads_back_equal(path, tmp_path):
    themes = read_themes(path).with_labels(["localNews", "محلي", 'a"b'])
    again = tmp_path / "again.toml"
    again.write_text(read_themes(path).to_toml(), encoding="utf-8")
    assert read_themes(again) == read_themes(path)
    assert list(themes) == ["weather", "culture", 'a"b', "localNews", "محلي"]


def test_themes_come_from_a_file_its_folder_or_a_mapping(path):
    assert as_themes(path) == as_themes(str(path.parent)) == as_themes(read_themes(path).to_settings())
    assert as_themes({"weather": ["مطر"]})["weather"].anchors == ("مطر",)
    assert as_themes({"weather": Theme("weather")}) == Themes([Theme("weather")])


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        pytest.param({"Weather": {}}, "a theme key is", id="capital"),
        pytest.param({"طقس": {}}, "names may be in any script", id="arabic key"),
        pytest.param({"a" * 41: {}}, "40 at most", id="long key"),
        pytest.param({"title": {}}, "column of the results", id="reserved"),
        pytest.param({"none": {}}, "column of the results", id="none"),
        pytest.param({"weather": {"anchor": []}}, "did you mean anchors", id="misspelt field"),
        pytest.param({"weather": {"names": {"eng": "x"}}}, "did you mean en", id="language"),
        pytest.param({"weather": {"names": "طقس"}}, "names is written", id="names text"),
        pytest.param({"weather": {"anchors": "مطر"}}, "is a list", id="anchors text"),
        pytest.param({"weather": {"anchors": ["ــ!"]}}, "could never occur|no letter", id="empty anchor"),
        pytest.param({"weather": {"anchors": [3]}}, "is not text", id="number"),
        pytest.param({"weather": {"color": "red"}}, "six hexadecimal", id="color"),
        pytest.param({"weather": 3}, "not a table", id="no table"),
        pytest.param({}, "defines no theme", id="empty"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_the_next_step(settings, message):
    with pytest.raises(SettingsError, match=message):
        parse_themes(settings)


@pytest.mark.parametrize("data", [b"[weather", b"\xff\xfe", b"a = " + b"[" * 5000])
def test_a_file_that_is_no_toml_is_refused_by_name(tmp_path, data):
    path = tmp_path / "themes.toml"
    path.write_bytes(data)
    with pytest.raises(ReadError, match=r"themes\.toml"):
        read_themes(path)
    with pytest.raises(ReadError, match="missing"):
        read_themes(tmp_path / "missing.toml")


def test_themes_show_themselves_right_to_left(path):
    html = read_themes(path)._repr_html_()
    assert 'dir="rtl"' in html
    assert "موجة حر" in html
