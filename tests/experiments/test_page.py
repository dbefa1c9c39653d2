from __future__ import annotations

import html5lib
import pytest

import topics
from topics.experiments.page import write_explanations


def test_explanations_make_one_page_without_script(tiny_run, tmp_path):
    model = tiny_run.models.themes
    hostile = '</p><script>alert(1)</script> "><img src=x onerror=alert(1)> \u202eكرة القدم'
    articles = [topics.Article(hostile, title=hostile), topics.Article("فاز المنتخب بالكأس")]
    assert write_explanations(map(model.explain, articles), tmp_path / "x.html") == 2
    page = (tmp_path / "x.html").read_text(encoding="utf-8")
    tree = html5lib.parse(page, namespaceHTMLElements=False)
    assert not list(tree.iter("script"))
    assert not list(tree.iter("img"))
    assert not [name for element in tree.iter() for name in element.attrib if name.startswith("on")]
    assert "default-src 'none'" in page
    assert "\u202e" not in page
    assert "المنتخب" in "".join(tree.itertext())


def test_a_page_that_fails_leaves_nothing(tmp_path):
    def failing():
        raise KeyboardInterrupt
        yield

    with pytest.raises(KeyboardInterrupt):
        write_explanations(failing(), tmp_path / "x.html")
    assert not list(tmp_path.iterdir())
