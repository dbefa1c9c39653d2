"""ThemeModel: sorts articles into themes that a person defined, says why, and where in the article."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from topics import display
from topics.arabic.batch import forget_words
from topics.corpus.article import Article, Corpus, as_articles, as_corpus
from topics.corpus.themes import Themes, as_themes
from topics.corpus.values import NO_THEMES
from topics.errors import SettingsError
from topics.estimators.linear import calibrate, decision_values, surplus
from topics.estimators.shapes import Array
from topics.features.matrix import TermMatrix, batches
from topics.models.explain import Explanation, as_scores, weigh_spans
from topics.models.stored import Members, Stored, checked_array, matrix_from, matrix_members
from topics.models.unlike import N_BINS, unlike

if TYPE_CHECKING:
    import pandas as pd
    from sklearn.pipeline import Pipeline

    from topics.models.scoring import Scores

OWN_COLUMNS = ("id", "title", "primary", "themes", "unlike")
_ARTICLE_SHARE = 0.3  # of the article in a paragraph's decision value; chosen on the demo corpus, see docs/decisions
_ARRAYS = ("coef", "intercept", "slope", "offset", "thresholds")
_BOUNDS = {"thresholds": ((1e-300, 1 - 1e-16),), "unlike_counts": ((0.0, 1e15),)}  # where they are narrower than most


@dataclass(frozen=True, eq=False)
class ThemeModel(Stored):
    """A trained theme sorter: one calibrated linear model a theme over TF-IDF of the text.

    Made by `train` or `topics.load`; the attributes are what prediction needs and nothing else.

    Attributes
    ----------
    themes : Themes
        The themes by key, with their definitions.
    matrix : TermMatrix
        From articles to the matrix.
    coef : ndarray of shape (n_themes, n_terms)
        Weight of each term for each theme.
    intercept, slope, offset, thresholds : ndarray of shape (n_themes,)
        The rest of the linear model, its calibration and the probability from which a theme is given.
    settings : dict
        What it was trained with.
    fingerprint : str
        That of the training corpus.
    unlike_counts : ndarray of shape (200,)
        How many training articles had `unlike` in each of 200 equal bins, each by the words of the others;
        zeros when the model learnt from none.
    scores : tuple of dict
        What the card says of its quality: source ("" for all), theme, measure, mean, low, high, n of articles out of
        fold.
    """

    themes: Themes
    matrix: TermMatrix
    coef: Array
    intercept: Array
    slope: Array
    offset: Array
    thresholds: Array
    settings: Mapping[str, Any] = field(default_factory=dict)
    fingerprint: str = ""
    out_of_fold: Array | None = field(default=None, repr=False)
    unlike_counts: Array = field(default_factory=lambda: np.zeros(N_BINS), repr=False)
    scores: tuple[Mapping[str, Any], ...] = field(default=(), repr=False)
    kind = "themes"

    @classmethod
    def train(cls, corpus: Any, themes: Any = None, *, unlabelled: Any = None, **settings: Any) -> Self:
        """Learn themes from labelled articles.

        Parameters
        ----------
        corpus : Corpus, articles or path
            Articles whose `themes` are known; others are left out.
        themes : path, mapping or list of keys, optional
            Which themes, with their definitions; by default those of the corpus.
        unlabelled : Corpus, articles or path, optional
            Articles to learn from beside the labelled ones: by what the labels teach, and by the anchors of the
            themes, see models/anchored.py.
        **settings
            Arguments of Analyzer, TermVectorizer and ThemeClassifier, such as ``level="light"``, ``ngrams=(1, 2)``.

        Raises
        ------
        SettingsError
            No labelled article, a theme without a single article, or a setting that does not exist.
        """
        from topics.models.training import train_themes

        return cls(**train_themes(as_corpus(corpus), themes, settings, unlabelled))

    @classmethod
    def from_anchors(cls, themes: Any, unlabelled: Any = None, **settings: Any) -> Self:
        """Learn themes from their anchors, without a labelled article; how is told in models/anchored.py.

        Parameters
        ----------
        themes : path, mapping or Themes
            With anchors each: ``{"sport": ["مباراة", "كأس العالم"]}`` is enough. `topics themes check` shows what
            they are worth.
        unlabelled : Corpus, articles or path, optional
            Articles to learn from, best some thousand like those that will be sorted; by default the texts of the
            demo corpus. Labels are not looked at.
        **settings
            As in `train`.

        Raises
        ------
        SettingsError
            A theme without anchors, anchors that are in no article, or a setting that does not exist.
        """
        from topics.models.anchored import train_from_anchors

        return cls(**train_from_anchors(themes, unlabelled, settings))

    def sort(self, articles: Any) -> pd.DataFrame:
        """One row an article: id, title, primary, themes, a probability a theme, unlike, the article's own columns.

        `primary` is the theme furthest above its threshold, or "none"; `themes` lists every theme past its
        threshold, the primary first; `unlike` is the share of the article's different words that the model does not
        know, 1 when it knows none. An own column whose name is taken comes out as ``input_<name>``. The text itself
        is not repeated.
        """
        from topics.corpus.showing import Rows

        rows = list(self.rows(articles))
        columns = list(dict.fromkeys(name for row in rows for name in row))
        return Rows(rows, columns=columns or [*OWN_COLUMNS[:4], *self.themes, "unlike"])

    def rows(self, articles: Any) -> Iterator[dict[str, Any]]:
        """The rows of `sort` one by one, for corpora larger than memory."""
        keys = tuple(self.themes)
        for batch in batches(as_articles(articles)):
            forget_words(self.matrix.analyzer)
            probabilities = self._probabilities(batch)
            above = surplus(probabilities, self.thresholds)
            new = unlike(self.matrix, batch)
            for k, article in enumerate(batch):
                yield _row(article, keys, probabilities[k], above[k], float(new[k]))

    def _probabilities(self, articles: list[Article]) -> Array:
        X = self.matrix.transform(articles)
        return calibrate(decision_values(X, self.coef, self.intercept), self.slope, self.offset)

    def probabilities(self, articles: Any) -> Array:
        """The calibrated probability of each theme, shape (n_articles, n_themes)."""
        parts = [self._probabilities(batch) for batch in batches(as_articles(articles))]
        return np.concatenate(parts) if parts else np.empty((0, len(self.themes)))

    def explain(self, article: Article) -> Explanation:
        """The words of one article that spoke for and against each theme."""
        keys = tuple(self.themes)
        spans, row = weigh_spans(article, self.matrix, self.coef, keys)
        scores = decision_values(row, self.coef, self.intercept)
        probabilities = calibrate(scores, self.slope, self.offset)
        return Explanation(
            article, spans, as_scores(scores, keys), as_scores(self.intercept, keys), as_scores(probabilities, keys)
        )

    def paragraphs(self, article: Article) -> pd.DataFrame:
        """One row a paragraph of the text: start, end, a probability a theme, and its share of the paragraph.

        A paragraph is judged by its own words with the article as prior: short paragraphs say little alone.
        Rows match `Article.paragraph_themes`; spans are code points into `Article.full`. ``mixture_<theme>`` is the
        theme's share among all themes and none, so a row's shares sum to 1 less that of none.
        """
        from topics.corpus.showing import Rows

        places = article.paragraphs
        whole = decision_values(self.matrix.transform([article]), self.coef, self.intercept)
        texts = [article.full[start:end] for start, end in places]
        parts = decision_values(self.matrix.transform(texts), self.coef, self.intercept)
        probabilities = calibrate((1 - _ARTICLE_SHARE) * parts + _ARTICLE_SHARE * whole, self.slope, self.offset)
        nothing = np.prod(1.0 - probabilities, axis=1, keepdims=True)
        shares = probabilities / (probabilities.sum(axis=1, keepdims=True) + nothing)
        columns = {"start": [start for start, _ in places], "end": [end for _, end in places]}
        frame = Rows(columns)
        for k, key in enumerate(self.themes):
            frame[key] = probabilities[:, k]
        for k, key in enumerate(self.themes):
            frame[f"mixture_{key}"] = shares[:, k]
        return frame

    def ask(self, articles: Any, n: int = 20) -> pd.DataFrame:
        """The articles whose labels would teach the model most, best first: id, title, why.

        Parameters
        ----------
        articles : Corpus, articles or path
            Those that may be labelled; those whose themes are known are left out.
        n : int
            How many to propose; fewer when there are fewer that differ.
        """
        from topics.models.asking import ask

        return ask(self, as_corpus(articles), n)

    def evaluate(self, corpus: Any, by: str | None = None) -> Scores | dict[str, Scores]:
        """How right the model is on articles whose themes are known, with bootstrap intervals.

        An article's own column `contested` lists themes on which its readers differ: those pairs are left out.

        Parameters
        ----------
        by : str, optional
            "source", "year" (also "date"), "month" or an own column: one result for each of its values.
        """
        from topics.models.scoring import evaluate

        return evaluate(self, as_corpus(corpus), by)

    @property
    def pipeline(self) -> Pipeline:
        """The same model as a genuine scikit-learn Pipeline: TermVectorizer, then ThemeClassifier."""
        from topics.models.training import theme_pipeline

        return theme_pipeline(self)

    def members(self) -> Members:
        """All that prediction needs, for a bundle."""
        arrays = {name: getattr(self, name) for name in (*_ARRAYS, "unlike_counts")}
        settings: dict[str, Any] = {"training": dict(self.settings), "themes": self.themes.to_settings()}
        settings["scores"] = [dict(row) for row in self.scores]
        return matrix_members(self.matrix, settings, arrays)

    def card(self) -> str:
        """The model card, Markdown: what it learnt from, its limits, versions."""
        from topics.models.card import theme_card

        return theme_card(self)

    @classmethod
    def from_members(
        cls,
        settings: Mapping[str, Any],
        arrays: Mapping[str, Array],
        terms: list[str],
        text: Mapping[str, Any],
        corpus: str,
    ) -> Self:
        """The model that `members` took apart; shapes are checked."""
        themes = as_themes(settings["themes"])
        matrix = matrix_from(settings, arrays, terms, text)
        shapes = {"coef": (len(themes), len(terms))} | dict.fromkeys(_ARRAYS[1:], (len(themes),))
        shapes["unlike_counts"] = (N_BINS,)
        arrays = {"unlike_counts": np.zeros(N_BINS), **arrays}  # bundles of 0.1 have none
        found = {name: checked_array(arrays, name, shape, *_BOUNDS.get(name, ())) for name, shape in shapes.items()}
        return cls(
            themes=themes, matrix=matrix, **found, settings=settings["training"], fingerprint=corpus,
            scores=tuple(settings.get("scores", ())),
        )  # fmt: skip

    def probe_scores(self, probes: Iterable[str]) -> list[list[float]]:
        """Probabilities of each sentence."""
        scores: list[list[float]] = self._probabilities([Article(text=text) for text in probes]).tolist()
        return scores

    def _repr_html_(self) -> str:
        return display.table(
            [
                {
                    "theme": key,
                    "name": theme.name("ar"),
                    "threshold": float(self.thresholds[k]),
                    "definition": theme.definition,
                }
                for k, (key, theme) in enumerate(self.themes.items())
            ],
            caption=repr(self),
        )

    def __repr__(self) -> str:
        return f"ThemeModel({', '.join(self.themes)}; {len(self.matrix.terms):,} terms; corpus {self.fingerprint[:8]})"


def _row(article: Article, keys: tuple[str, ...], probability: Array, above: Array, unlike: float) -> dict[str, Any]:
    given = [k for k in range(len(keys)) if above[k] >= 0]
    given.sort(key=lambda k: (-above[k], k))
    row: dict[str, Any] = {
        "id": article.id,
        "title": article.title,
        "primary": keys[given[0]] if given else NO_THEMES,
        "themes": [keys[k] for k in given],
        **{key: float(value) for key, value in zip(keys, probability, strict=True)},
        "unlike": unlike,
    }
    own = {"date": article.date, "source": article.source}
    if article.themes is not None:
        own["themes"] = list(article.themes)  # type: ignore[assignment]
    for name, value in {**own, **article.extra}.items():
        row[f"input_{name}" if name in row else name] = value
    return row


def check_themes(corpus: Corpus, themes: Any) -> Themes:
    """The themes to learn: those asked for, or the corpus' own."""
    if themes is None:
        return corpus.themes
    if isinstance(themes, str | Path | Mapping):
        return as_themes(themes)
    wanted = list(themes)
    unknown = [key for key in wanted if key not in corpus.themes]
    if unknown:
        raise SettingsError(f"no article carries the theme {unknown[0]!r}; the corpus has {', '.join(corpus.themes)}")
    return Themes(corpus.themes[key] for key in wanted)
