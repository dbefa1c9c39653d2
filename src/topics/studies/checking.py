"""What the anchors of themes are worth on a corpus: which occur, which mislead, and which words are missing.

Made for whoever writes a themes.toml: write ten words a theme, look, mend, look again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from topics import display
from topics.corpus.article import Article, Corpus, as_corpus
from topics.corpus.themes import Theme, Themes, as_themes
from topics.errors import SettingsError
from topics.features.anchors import AnchorFinder, Hits, form_of

if TYPE_CHECKING:
    import pandas as pd

LEAST = 5
"""Articles of an anchor before it is called ambiguous; of a word before it is suggested."""
SUPPORTED = 0.5
"""Share of an anchor's articles that the other words must give the theme; below, the anchor is ambiguous."""
SURE = 3.0
"""The z of a suggested word, at least."""
_MOST = 10_000  # articles looked at
_PRIOR = 500.0  # tokens by which the log-odds of rare words are drawn to 0
_LETTERS = "ابتثجحخدذرزسشصضطظعغفقكلمنهويءئؤ"
_WIDTH = 40


@dataclass(frozen=True, eq=False)
class AnchorCheck:
    """Small tables about the anchors of some themes in a corpus.

    Attributes
    ----------
    anchors : DataFrame
        One row an anchor: theme, anchor, articles, hits, cancelled (hits inside an exclusion phrase), support (share
        of its articles that words other than anchors give the theme; missing below one article).
    missing : DataFrame
        Anchors that never occur: theme, anchor, near (words that do occur, most frequent first, or what is wrong).
    ambiguous : DataFrame
        theme, anchor, articles, why.
    contexts : DataFrame
        Of ambiguous anchors, from articles that do not support them: theme, anchor, id, before, word, after.
    suggestions : DataFrame
        Words that go with the anchors of a theme and are none: theme, term, articles (with the theme's anchors),
        elsewhere (articles without any), z (of the log-odds, Monroe, Colaresi and Quinn 2008).
    n_articles, n_tokens : int
        What was looked at.
    """

    anchors: pd.DataFrame
    missing: pd.DataFrame
    ambiguous: pd.DataFrame
    contexts: pd.DataFrame
    suggestions: pd.DataFrame
    n_articles: int
    n_tokens: int
    themes: Themes = field(repr=False)

    @property
    def verdict(self) -> str:
        """What the tables say, in a line."""
        return (
            f"{len(self.anchors)} anchors of {len(self.themes)} themes in {self.n_articles:,} articles: "
            f"{len(self.missing)} never occur, {len(self.ambiguous)} are ambiguous, "
            f"{len(self.suggestions)} words are suggested"
        )

    def to_dict(self) -> dict[str, Any]:
        """Every table as plain JSON rows, by name."""
        names = ("anchors", "missing", "ambiguous", "contexts", "suggestions")
        tables = {name: getattr(self, name).astype(object) for name in names}
        rows = {name: table.where(table.notna(), None).to_dict("records") for name, table in tables.items()}
        return {"n_articles": self.n_articles, "n_tokens": self.n_tokens} | rows

    def __repr__(self) -> str:
        return f"<AnchorCheck {self.verdict}>"

    def _repr_html_(self) -> str:
        parts = [f"<p>{display.escape(self.verdict)}</p>"]
        for name, rows in self.to_dict().items():
            if isinstance(rows, list) and rows:
                parts.append(display.table(rows, rtl=name == "contexts", caption=name))
        return "".join(parts)


def check_anchors(
    themes: Any, corpus: Any, *, n_suggestions: int = 15, n_contexts: int = 3, **settings: Any
) -> AnchorCheck:
    """Look at the anchors of themes in a corpus.

    Parameters
    ----------
    themes : path, mapping or Themes
        With anchors.
    corpus : Corpus, articles or path
        Articles such as will be sorted; labels are not looked at. Of more than 10,000 a part is, spread evenly.
    n_suggestions : int
        Words suggested for each theme, at most.
    n_contexts : int
        Contexts shown of each ambiguous anchor, at most.
    **settings
        As in `ThemeModel.from_anchors`, which reads anchors the same way.

    Raises
    ------
    SettingsError
        No anchor at all, or no article.
    """
    found, articles = as_themes(themes), list(as_corpus(corpus))
    if not any(theme.anchors for theme in found.values()):
        raise SettingsError("no theme has an anchor; write some words into anchors = [...] first")
    if not articles:
        raise SettingsError("the corpus has no article to look at; give another")
    if len(articles) > _MOST:
        articles = [articles[k] for k in np.linspace(0, len(articles) - 1, _MOST).astype(int)]
    return _Check(found, articles, settings).result(n_suggestions, n_contexts)


class _Check:
    """What all tables are made from."""

    def __init__(self, themes: Themes, articles: list[Article], settings: dict[str, Any]) -> None:
        from topics.models.anchored import finder_for, hints_of, said_by_other_words

        self.themes, self.articles = themes, articles
        self.finder = finder_for(themes, settings)
        texts = [article.full for article in articles]
        self.hits = self.finder.find(texts)
        bare = Themes(replace(theme, exclusions=()) for theme in themes.values())
        self.uncancelled = AnchorFinder.of(bare, self.finder.analyzer).find(texts)
        self.hints = hints_of(self.finder, articles)
        self.given = said_by_other_words(themes, articles, **settings)
        self.forms = {form: k for k, form in enumerate(self.finder.forms)}

    def result(self, n_suggestions: int, n_contexts: int) -> AnchorCheck:
        import pandas as pd

        anchors = pd.DataFrame(
            [self._row(t, theme, anchor) for t, theme in self._each() for anchor in theme.anchors],
            columns=["theme", "anchor", "articles", "hits", "cancelled", "support"],
        )
        counts = _Words(self.articles, self.finder)
        missing = anchors[anchors.hits == 0][["theme", "anchor"]].reset_index(drop=True)
        missing["near"] = [counts.near(anchor) for anchor in missing.anchor]
        ambiguous = pd.DataFrame(list(self._ambiguous(anchors)), columns=["theme", "anchor", "articles", "why"])
        contexts = pd.DataFrame(
            [row for theme, anchor in zip(ambiguous.theme, ambiguous.anchor, strict=True)
             for row in self._contexts(theme, anchor, n_contexts)],
            columns=["theme", "anchor", "id", "before", "word", "after"],
        )  # fmt: skip
        suggestions = pd.DataFrame(
            [row for t, theme in self._each() for row in counts.suggested(theme.key, self.hints[:, t], n_suggestions)],
            columns=["theme", "term", "articles", "elsewhere", "z"],
        )
        n_tokens = int(self.hits.n_terms.sum())
        return AnchorCheck(
            anchors, missing, ambiguous, contexts, suggestions, len(self.articles), n_tokens, self.themes
        )

    def _each(self) -> Iterator[tuple[int, Theme]]:
        return enumerate(self.themes.values())

    def _number(self, anchor: str) -> int:
        return self.forms.get(form_of(anchor, self.finder.analyzer), -1)

    def _row(self, t: int, theme: Theme, anchor: str) -> tuple[Any, ...]:
        form = form_of(anchor, self.finder.analyzer)
        held, n_hits = _held_by(self.hits, t, self.forms.get(form, -1))
        _, n_all = _held_by(self.uncancelled, t, self._plain.get(form, -1))
        support = float(self.given[held, t].mean()) if len(held) else float("nan")
        return theme.key, anchor, len(held), n_hits, n_all - n_hits, support

    @cached_property
    def _plain(self) -> dict[str, int]:
        """The numbers of the forms in `uncancelled`: without exclusions they are fewer, so they have others."""
        anchored = self.finder.anchored.any(axis=1)
        return {form: k for k, form in enumerate(np.array(self.finder.forms, object)[anchored].tolist())}

    def _ambiguous(self, anchors: pd.DataFrame) -> Iterator[tuple[str, str, int, str]]:
        keys = list(self.themes)
        columns = zip(anchors.theme, anchors.anchor, anchors.articles, anchors.support, strict=True)
        for theme, anchor, n_articles, support in columns:
            number = self._number(anchor)
            claimed = [] if number < 0 else [keys[t] for t in np.flatnonzero(self.finder.anchored[number])]
            why = [f"an anchor of {other} too" for other in claimed if other != theme]
            if n_articles >= LEAST and support < SUPPORTED:
                why.append(f"{support:.0%} of its articles are of the theme by their other words")
            if why:
                yield theme, anchor, int(n_articles), "; ".join(why)

    def _contexts(self, theme: str, anchor: str, n: int) -> Iterator[tuple[str, str, Any, str, str, str]]:
        t = list(self.themes).index(theme)
        held, _ = _held_by(self.hits, t, self._number(anchor))
        alone = held[~self.given[held, t]]
        level = self.finder.analyzer.level
        for article in (alone if len(alone) else held)[:n].tolist():
            for place in Corpus([self.articles[article]]).find(anchor, level=level, width=_WIDTH)[:1]:
                yield theme, anchor, place.id, place.before, place.word, place.after


def _held_by(hits: Hits, theme: int, anchor: int) -> tuple[Any, int]:
    """The articles with an anchor of a theme, and its hits."""
    mine = hits.articles[(hits.themes == theme) & (hits.anchors == anchor)]
    return np.unique(mine), len(mine)


class _Words:
    """The words of the articles, single and in pairs, and which articles hold them."""

    def __init__(self, articles: Sequence[Article], finder: AnchorFinder) -> None:
        from topics.features.vectorizer import TermVectorizer

        self._vectorizer = TermVectorizer(
            finder.analyzer, weighting="counts", ngrams=(1, 2), min_df=2, learn_frequencies=False
        )
        texts = [*articles, *articles] if len(articles) < 2 else articles  # of one article no word is in two
        X = self._vectorizer.fit_transform(texts)[: len(articles)]
        X.data[:] = 1.0
        self._held, self._matrix = X, self._vectorizer.matrix_
        self._columns = self._matrix.vocabulary.columns
        self._frequency = np.asarray(X.sum(axis=0)).ravel()
        self._analyzer = finder.analyzer
        self._anchors = set(finder.forms)

    def near(self, anchor: str) -> str:
        """What stands in the corpus instead of an anchor that does not."""
        forms = self._analyzer(anchor)
        if not forms:
            return "stop words only: it can never occur"
        absent = [form for form in forms if form not in self._columns]
        if not absent:
            return "its words occur, but not together"
        found = {form: self._spelled_alike(form) for form in absent}
        told = [f"{form}: {', '.join(words) if words else 'nothing near'}" for form, words in found.items()]
        return "; ".join(told) if len(forms) > 1 else ", ".join(found[forms[0]])

    def _spelled_alike(self, form: str, n: int = 3) -> list[str]:
        """Words of the corpus that are one letter away, or differ in their ending."""
        alike = {word for word in _one_letter_away(form) if word in self._columns}
        if len(form) > 3:
            alike |= {word for word in self._columns if " " not in word and _same_stem(word, form)}
        order = sorted(alike, key=lambda word: (-self._frequency[self._columns[word]], word))
        return [self._matrix.spelled(word) for word in order[:n]]

    def suggested(self, theme: str, hints: Any, n: int) -> list[tuple[str, str, int, int, float]]:
        """Terms that are likelier in articles that the anchors say carry a theme than in those without any."""
        inside, outside = (np.asarray(self._held[rows].sum(axis=0)).ravel() for rows in (hints == 1, hints == 0))
        z = log_odds_z(inside, outside)
        order = [k for k in np.argsort(-z, kind="stable").tolist() if inside[k] >= LEAST and z[k] > SURE]
        chosen: list[int] = []
        for k in order:
            words = self._matrix.terms[k].split(" ")
            if self._anchors.isdisjoint([self._matrix.terms[k], *words]) and len(chosen) < n:
                chosen.append(k)
        spelled = self._matrix.spelled
        return [(theme, spelled(self._matrix.terms[k]), int(inside[k]), int(outside[k]), float(z[k])) for k in chosen]


def log_odds_z(inside: Any, outside: Any) -> Any:
    """How surely each term is likelier inside than outside: z of its log-odds under a Dirichlet prior.

    Monroe, Colaresi and Quinn (2008), equations 16 and 22, the prior being the terms' shares of both sides
    together.

    Parameters
    ----------
    inside, outside : ndarray of shape (n_terms,)
        Counts.
    """
    both = inside + outside
    prior = _PRIOR * both / max(both.sum(), 1.0) + 1e-9
    a, b = inside + prior, outside + prior
    odds = np.log(a / np.maximum(a.sum() - a, 1e-9)) - np.log(b / np.maximum(b.sum() - b, 1e-9))
    return odds / np.sqrt(1.0 / a + 1.0 / b)


def _one_letter_away(word: str) -> set[str]:
    """Every word that is one letter less, more, other, or two letters exchanged away."""
    cuts = [(word[:k], word[k:]) for k in range(len(word) + 1)]
    less = {a + b[1:] for a, b in cuts if b}
    turned = {a + b[1] + b[0] + b[2:] for a, b in cuts if len(b) > 1}
    other = {a + letter + b[1:] for a, b in cuts if b for letter in _LETTERS}
    more = {a + letter + b for a, b in cuts for letter in _LETTERS}
    return (less | turned | other | more) - {word, ""}


def _same_stem(word: str, form: str) -> bool:
    """Whether two words agree but for an ending of up to two letters of either."""
    n = max(len(form) - 2, 4)
    return word != form and word[:n] == form[:n] and abs(len(word) - len(form)) <= 2 and len(word) <= len(form) + 2
