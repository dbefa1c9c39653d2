"""The paragraph of a paper that says how a run was made, in English, French or Arabic, with what it cites.

Every figure in it is read from the run; a sentence about what the run has not is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from topics.display import escape, visible
from topics.errors import SettingsError, suggest
from topics.evaluation.tables import ALL
from topics.experiments import references
from topics.experiments.wording import ARABIC, ENGLISH, FRENCH

if TYPE_CHECKING:
    from topics.corpus.themes import Themes
    from topics.experiments.run import Run
    from topics.features.matrix import TermMatrix

Language = Literal["en", "fr", "ar"]
_WORDS: Mapping[str, Mapping[str, Any]] = {"en": ENGLISH, "fr": FRENCH, "ar": ARABIC}
_LIBRARIES = ("python", "numpy", "scipy", "scikit-learn", "gensim", "numba")
_DIGITS = 12  # of a fingerprint
_LEARNT = {"labels": "themes", "anchors": "themes_anchors", "both": "themes_both"}  # [themes] start to its sentence


@dataclass(frozen=True)
class Methods:
    """A paragraph, and the works that it cites.

    Attributes
    ----------
    text : str
        One paragraph; citations stand as [key].
    bibtex : str
        An entry for each.
    language : {"en", "fr", "ar"}
        Of the text.
    """

    text: str
    bibtex: str
    language: str

    def __str__(self) -> str:
        return f"{self.text}\n\n{self.bibtex}"

    def _repr_html_(self) -> str:
        way = "rtl" if self.language == "ar" else "ltr"
        text = f'<p dir="{way}" lang="{self.language}" style="text-align:start">{escape(self.text)}</p>'
        return f'{text}<pre dir="ltr">{escape(self.bibtex)}</pre>'


def methods(run: Run, language: str = "en") -> Methods:
    """How a run was made, for a paper.

    Parameters
    ----------
    run : Run
        What is told of.
    language : {"en", "fr", "ar"}
        Of the paragraph.

    Raises
    ------
    SettingsError
        Another language.
    """
    if language not in _WORDS:
        raise SettingsError(f"methods are told in {', '.join(_WORDS)}, not {language!r}{suggest(language, _WORDS)}")
    teller = _Teller(run, _WORDS[language])
    sentences = [
        teller.corpus(),
        teller.text(),
        *teller.themes(),
        *teller.topics(),
        teller.intervals(),
        teller.versions(),
    ]
    version = str(run.manifest["code"]["version"])
    return Methods(" ".join(sentences), references.bibtex(teller.cited, version, run.settings.corpus.paths), language)


class _Teller:
    """Sentences of one run in one language, and what they cite."""

    def __init__(self, run: Run, words: Mapping[str, Any]) -> None:
        self._run, self._words = run, words
        self._settings = run.settings
        self._number: Callable[[float, str], str] = words["number"]
        self.cited: list[str] = []
        self._told: list[str] = []

    def _say(self, name: str, **values: Any) -> str:
        return str(self._words[name]).format(**values)

    def _cite(self, *names: str) -> str:
        self.cited += names
        return "[" + "; ".join(references.key_of(references.METHODS[name]) for name in names) + "]"

    def _whole(self, value: int) -> str:
        return self._number(value, ",d")

    def _score(self, model: str, measure: str, spec: str) -> str | None:
        """A figure of all together with its interval."""
        for row in self._run.score_rows(model):
            if row["of"] == ALL and row["measure"] == measure and row["mean"] is not None:
                values = {
                    name: self._number(row[name], spec) for name in ("mean", "low", "high") if row[name] is not None
                }
                self._told.append(measure)
                return self._say("score" if len(values) == 3 else "plain_score", **values)
        return None

    def corpus(self) -> str:
        """What was read."""
        facts = self._run.manifest["corpus"]
        sources = ""
        if facts["n_sources"] > 1:
            sources = self._say("sources", n=self._whole(facts["n_sources"]))
        dates = ""
        if facts["first_date"]:
            first, last = (self._words["date"](facts[f"{end}_date"]) for end in ("first", "last"))
            dates = self._say("dates", first=first, last=last)
        n_articles = self._whole(facts["n_articles"])
        duplicates = self._say(f"duplicates_{self._settings.corpus.duplicates}")
        return self._say(
            "corpus", n=n_articles, sources=sources, dates=dates, fingerprint=facts["fingerprint"][:_DIGITS],
            duplicates=duplicates,
        )  # fmt: skip

    def text(self) -> str:
        """How it was made into terms."""
        return self._say("text", version=self._run.manifest["code"]["version"])

    def themes(self) -> list[str]:
        """How themes were learnt, and how well."""
        model = self._run.models.themes
        if model is None:
            return []
        told = [
            self._say(
                _LEARNT[self._start],
                names=self._names(model.themes),
                **self._learnt_from(model.themes),
                **self._terms(model.matrix),
                linear=self._cite("liblinear", "scikit-learn"),
                platt=self._cite("platt"),
            )
        ]
        if score := self._score("themes", "macro_f1", ".2f"):
            told.append(self._say("theme_scores", score=score, split=self._split()))
        return told

    def _terms(self, matrix: TermMatrix) -> dict[str, str]:
        """How many terms a model has, and what was taken off its words."""
        level = matrix.analyzer.level
        return {"n_terms": self._whole(len(matrix.terms)), "level": self._words["levels"].get(level, level)}

    @property
    def _start(self) -> str:
        return self._settings.themes.start if self._settings.themes else "labels"

    def _learnt_from(self, themes: Themes) -> dict[str, str]:
        """From how many labelled articles, articles without labels and anchors, and whose idea that is."""
        from topics.models.anchored import MOST

        facts = self._run.manifest["corpus"]
        n_articles, n_labelled = int(facts["n_articles"]), int(facts["n_labelled"])
        if self._start == "labels":
            return {"n": self._whole(n_labelled)}
        anchors = self._whole(sum(len(theme.anchors) for theme in themes.values()))
        if self._start == "anchors":
            cited = {"hints": self._cite("beliefs"), "rounds": self._cite("rounds")}
            return cited | {"n": self._whole(min(n_articles, MOST)), "n_anchors": anchors}
        cited = {"rounds": self._cite("unlabelled"), "hints": self._cite("beliefs")}
        n_more = min(n_articles - n_labelled, MOST)
        return cited | {"n": self._whole(n_labelled), "n_more": self._whole(n_more), "n_anchors": anchors}

    def _names(self, themes: Themes) -> str:
        return str(self._words["comma"].join(visible(theme.name(self._words["language"])) for theme in themes.values()))

    def _split(self) -> str:
        evaluation = self._settings.evaluation
        return self._say(f"split_{evaluation.split}", folds=self._whole(evaluation.folds))

    def topics(self) -> list[str]:
        """How topics were found, and how well."""
        model, settings = self._run.models.topics, self._settings.topics
        if model is None or settings is None:
            return []
        engine = self._cite("cvb0") if settings.engine == "fast" else self._cite("online", "gensim")
        alpha = self._words["alphas"].get(settings.alpha) or self._number(float(settings.alpha), "g")
        told = [
            self._say(
                "topics",
                n=self._whole(len(model.alpha)),
                lda=self._cite("lda"),
                engine=engine,
                method=self._words["engines"][settings.engine],
                **self._terms(model.matrix),
                alpha=alpha,
                eta=self._number(settings.eta, "g"),
                sweeps=self._whole(settings.n_sweeps),
            )
        ]
        if model.anchors:
            told.append(
                self._say(
                    "anchored", n=self._whole(len(model.anchors)), names=self._names(model.anchors),
                    keyatm=self._cite("keyatm"),
                )
            )  # fmt: skip
        if score := self._score("topics", "perplexity", ",.0f"):
            told.append(self._say("perplexity", score=score, completion=self._cite("completion"), split=self._split()))
        if score := self._score("topics", "npmi", ".2f"):
            told.append(self._say("coherence", score=score, npmi=self._cite("npmi")))
        if score := self._score("topics", "stability", ".2f"):
            told.append(self._say("stability", score=score, n=self._whole(settings.runs)))
        return told

    def intervals(self) -> str:
        """What the brackets mean."""
        over = [self._words["over"][measure] for measure in self._told]
        listed = self._words["comma"].join(["", *over])
        return self._say("intervals", bootstrap=self._cite("bootstrap"), over=listed)

    def versions(self) -> str:
        """Seeds, versions, and the names by which the run can be found."""
        manifest = self._run.manifest
        known = manifest["versions"]
        versions = self._words["and"].join(f"{name} {known[name]}" for name in _LIBRARIES if name in known)
        run = f"{manifest['name']}-{manifest['fingerprint'][:_DIGITS]}"
        return self._say(
            "versions", seed=self._settings.random_state, versions=versions, run=run,
            code=manifest["code"]["fingerprint"][:_DIGITS],
        )  # fmt: skip
