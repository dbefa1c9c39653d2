"""Every plot, with names as long as newspapers have them: no text is cut, none lies on another, all can be read."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_rgb
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from topics import plots
from topics.plots.style import PALETTE, ink_on

NAMES = {
    "ar": {"security": "الأمن والقضاء", "migration": "الهجرة واللجوء", "sport": "الرياضة"},
    "en": {"security": "Security and justice", "migration": "Migration", "sport": "Sport"},
}
KEYS = list(NAMES["ar"])
TOPICS = {
    "ar": ["كرة · ملعب · مباراة", "مخيم · اللاجئين · المفوضية", "الشرطة · أشخاص · شبكة", "المجلس · الحكومة · جلسة"],
    "en": [
        "ball · stadium · match",
        "camp · refugees · agency",
        "police · persons · ring",
        "council · government · session",
    ],
}
PAPERS = {
    "ar": ["صحيفة المدار السعودية", "جريدة الميناء البيروتية", "المرسى"],
    "en": ["The Harbour Gazette", "Daily", "Post"],
}
rng = np.random.default_rng(0)
SIZES = {"security": 230_412, "migration": 182, "sport": 0, "none": 232}
PARTS = [f"20{k}-{m:02d}" for k in (24, 25) for m in range(1, 13)]


def scores():
    rows = [(key, "f1", 0.96, 0.92, 1.0) for key in KEYS] + [("*", "macro_f1", 0.95, 0.93, 0.97)]
    return pd.DataFrame(rows, columns=["theme", "measure", "mean", "low", "high"])


def shares(parts, most=1.0):
    rows = []
    for k, part in enumerate([*parts, "*"]):
        share = most * (1 + k) / (1 + len(parts))
        rows.append((part, "security", share, share / 2, most, share, share / 3, most))
    ends = [f"{way}{end}" for way in ("raw", "adjusted") for end in ("", "_low", "_high")]
    return pd.DataFrame(rows, columns=["part", "theme", *ends])


def topic_shares(parts, language):
    rows = [(part, k, name, 0.1, 0.05, 0.2) for k, name in enumerate(TOPICS[language]) for part in parts]
    return pd.DataFrame(rows, columns=["part", "topic", "name", "share", "low", "high"])


def choice():
    rows = [(k, name, 0.5, 0.4, 0.6, k < 20) for name in ("npmi", "perplexity") for k in (5, 6, 7, 10, 20, 50, 60, 100)]
    return pd.DataFrame(rows, columns=["n_topics", "measure", "mean", "low", "high", "tied"])


def curve():
    rows = [(n, 0.5, 0.4, 0.6) for n in (10, 20, 30, 40, 500, 1000)]
    return pd.DataFrame(rows, columns=["n", "mean", "low", "high"])


def correlations():
    rows = [(a, b, 0.3 * (-1) ** b, 1.0) for a, b in combinations(range(4), 2)]
    return pd.DataFrame(rows, columns=["a", "b", "correlation", "related"])


def square(values):
    return pd.DataFrame(values, index=[*KEYS, "none"], columns=[*KEYS, "none"])


def sweep():
    table = pd.DataFrame({"mean": [0.9, 0.8], "low": [0.8, 0.7], "high": [0.95, 0.85]})
    return {"f1": table, "macro_f1": table}


BINS = pd.DataFrame(
    {"predicted": [0.2, 0.9], "observed": [0.1, 1.0], "observed_low": [0, 0.7], "observed_high": [0.3, 1]}
)
PRECISION = pd.DataFrame({"recall": [0.2, 0.9, 1.0], "precision": [1.0, 0.9, 0.4]})

DRAWN = {
    "theme_sizes": lambda lang: plots.theme_sizes(SIZES, names=NAMES[lang], language=lang),
    "articles_over_time": lambda lang: plots.articles_over_time(
        pd.DataFrame(np.full((24, 4), 12_000), index=PARTS, columns=list(SIZES)), names=NAMES[lang], language=lang
    ),
    "lengths": lambda lang: plots.lengths(rng.gamma(4, 300, 500), language=lang),
    "copied_between": lambda lang: plots.copied_between([PAPERS[lang]] * 1200, language=lang),
    "theme_scores": lambda lang: plots.theme_scores(scores(), names=NAMES[lang], language=lang),
    "confusion": lambda lang: plots.confusion(square(rng.integers(0, 9999, (4, 4))), names=NAMES[lang], language=lang),
    "cooccurrence": lambda lang: plots.cooccurrence(square(np.eye(4)), names=NAMES[lang], language=lang),
    "precision_recall": lambda lang: plots.precision_recall(
        dict.fromkeys(KEYS, PRECISION), names=NAMES[lang], language=lang
    ),
    "reliability": lambda lang: plots.reliability(dict.fromkeys(KEYS, BINS), names=NAMES[lang], language=lang),
    "risk_coverage": lambda lang: plots.risk_coverage([0.5, 1.0], [0.0, 0.2], language=lang),
    "theme_strip": lambda lang: plots.theme_strip(rng.random((40, 3)), KEYS, names=NAMES[lang], language=lang),
    "span_weights": lambda lang: plots.span_weights(TOPICS[lang], [0.05, -0.04, 0.03, -0.001], language=lang),
    "prevalence": lambda lang: plots.prevalence(
        shares(PARTS), "security", "adjusted", names=NAMES[lang], language=lang
    ),
    "prevalence of papers": lambda lang: plots.prevalence(
        shares(PAPERS[lang]), "security", "adjusted", kind="groups", names=NAMES[lang], language=lang
    ),
    "learning_curve": lambda lang: plots.learning_curve(curve(), language=lang),
    "top_terms": lambda lang: plots.top_terms(
        TOPICS[lang], [0.02, 0.01, 0.005, 0.004], corpus=[0.001, 0.03, 0.005, 0.001], language=lang
    ),
    "topic_grid": lambda lang: plots.topic_grid([TOPICS[lang]] * 4, np.full((4, 4), 0.0123), language=lang),
    "topic_sizes": lambda lang: plots.topic_sizes([0.4, 0.3, 0.2, 0.1], TOPICS[lang], language=lang),
    "topic_map": lambda lang: plots.topic_map(rng.dirichlet(np.ones(40), 4), labels=TOPICS[lang], language=lang),
    "topic_themes": lambda lang: plots.topic_themes(
        pd.DataFrame(rng.random((4, 3)), columns=KEYS),
        topics=dict(enumerate(TOPICS[lang])),
        names=NAMES[lang],
        language=lang,
    ),
    "topic_correlations": lambda lang: plots.topic_correlations(correlations(), labels=TOPICS[lang], language=lang),
    "topic_stability": lambda lang: plots.topic_stability(
        pd.DataFrame(rng.random((4, 5))), labels=TOPICS[lang], language=lang
    ),
    "topic_prevalence": lambda lang: plots.topic_prevalence(topic_shares(PARTS, lang), language=lang),
    "topic_prevalence of papers": lambda lang: plots.topic_prevalence(
        topic_shares(PAPERS[lang], lang), joined=False, language=lang
    ),
    "n_topics": lambda lang: plots.n_topics(choice(), language=lang),
    "sweep_scores": lambda lang: plots.sweep_scores(sweep(), ["n_topics 10", "n_topics 20"], language=lang),
    "overview": lambda lang: plots.overview(
        rng.gamma(4, 300, 500),
        periods=dict.fromkeys(PARTS, 9000),
        themes=SIZES,
        sources=dict.fromkeys(PAPERS[lang], 12_345),
        traits={"copies": 0.123, "ascii_digits": 1.0},
        names=NAMES[lang],
        language=lang,
    ),
}


def written(figure):
    """Text -> its box in pixels, level or upright; slanted ones are looked at apart."""
    figure.canvas.draw()
    texts = [text for text in figure.findobj(Text) if text.get_visible() and text.get_text().strip()]
    inside = []
    for ax in figure.axes:
        for axis in (ax.xaxis, ax.yaxis):
            drawn = {id(tick) for tick in axis._update_ticks()}  # matplotlib makes ticks beyond the axis and skips them
            inside += [tick.label1 for tick in axis.get_major_ticks() if id(tick) not in drawn]
            inside += [tick.label2 for tick in axis.get_major_ticks() if id(tick) not in drawn]
    skipped = set(map(id, inside))
    return [text for text in texts if id(text) not in skipped]


def touching(texts):
    level = [(text.get_text(), text.get_window_extent()) for text in texts if text.get_rotation() % 90 == 0]
    for (first, a), (second, b) in combinations(level, 2):
        shared = Bbox.intersection(a, b)
        # Boxes reserve room above and below letters: a pixel or two is no letter.
        if shared is not None and shared.width > 2 and shared.height > 3:
            yield first, second


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize("name", DRAWN)
def test_no_text_is_cut_and_none_lies_on_another(name, language):
    drawn = DRAWN[name](language)
    axes = drawn if isinstance(drawn, list) else [drawn]
    figure = axes[0].figure
    texts = written(figure)
    assert not list(touching(texts))
    room = figure.bbox
    for text in texts:
        box = text.get_window_extent()
        assert box.x0 >= room.x0 - 1, text.get_text()
        assert box.x1 <= room.x1 + 1, text.get_text()
        assert box.y0 >= room.y0 - 1, text.get_text()
        assert box.y1 <= room.y1 + 1, text.get_text()


def test_every_plot_is_looked_at():
    helpers = {"missing_glyphs", "styled", "theme_colors", "to_svg", "use_style"}
    assert {name.split()[0] for name in DRAWN} == set(plots.__all__) - helpers


@pytest.mark.parametrize("language", ["ar", "en"])
def test_a_legend_of_shares_stands_above_all_whiskers(language):
    for kind, parts in (("time", PARTS), ("groups", PAPERS[language])):
        ax = plots.prevalence(
            shares(parts), "security", "adjusted", kind=kind, names=NAMES[language], language=language
        )
        ax.figure.canvas.draw()
        lowest = ax.get_legend().get_window_extent().y0
        for whiskers in ax.collections:
            points = ax.transData.transform(np.vstack(whiskers.get_segments()))
            assert points[:, 1].max() < lowest
        ticks = [tick.get_text() for tick in (ax.get_yticklabels() if kind == "time" else ax.get_xticklabels())]
        assert ticks[-1] == "100%"


def contrast(a, b):
    def luminance(color):
        parts = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in to_rgb(color)]
        return float(np.dot([0.2126, 0.7152, 0.0722], parts))

    low, high = sorted((luminance(a), luminance(b)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_figures_in_tables_of_shades_are_read_on_every_shade(mode):
    with plots.styled(mode):
        tables = [
            plots.confusion(square(np.arange(16).reshape(4, 4))),
            plots.topic_correlations(correlations(), labels=TOPICS["ar"]),
        ]
    for ax in tables:
        ax.figure.canvas.draw()
        for text in ax.texts:
            x, y = text.get_position()
            pixel = ax.transData.transform((x - 0.46 if not ax.xaxis_inverted() else x + 0.46, y))
            row, column = ax.figure.bbox.height - pixel[1], pixel[0]
            ground = np.asarray(ax.figure.canvas.buffer_rgba())[int(row), int(column) + 2, :3] / 255
            assert contrast(text.get_color(), tuple(ground)) >= 4.5, (mode, text.get_text())


@pytest.mark.parametrize("color", [*PALETTE, "#ffffff", "#16181d", "#6fafd6"])
def test_ink_is_the_better_of_white_and_black(color):
    assert contrast(ink_on(color), color) >= 4.5


def test_the_mark_of_the_corpus_stands_at_its_weight_and_is_explained():
    ax = plots.top_terms(["كرة", "هدف"], [0.02, 0.01], corpus=[0.001, 0.03])
    marks = [segment[0][0] for segment in ax.collections[-1].get_segments()]
    assert marks == [0.001, 0.03]
    assert max(ax.get_xlim()) > 0.03
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["في المجموعة كلها"]
