"""The settings of an experiment: a TOML file to checked values, and back.

Only settings that are honoured are accepted. An unknown one is refused by name, with the nearest
known one; what a run saves is every setting it used, defaults included.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from topics.corpus import toml
from topics.corpus.packaged import CORPUS
from topics.display import one_line
from topics.errors import ReadError, SettingsError, suggest
from topics.files import PathLike

_NAME = re.compile(r"\w[\w.-]{0,59}")
_SIZE = re.compile(r"(\d+(?:\.\d+)?) ?([KMGT])iB")
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)  # no file names on Windows

Count = Annotated[int, Field(ge=1)]
Share = Annotated[float, Field(gt=0, le=1, allow_inf_nan=False)]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Ngrams = Annotated[list[Count], Field(min_length=2, max_length=2)]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class CorpusSettings(_Section):
    """Which articles."""

    path: str | list[str]
    sample: Count | None = None
    duplicates: Literal["keep", "group", "drop"] = "group"

    @property
    def paths(self) -> list[str]:
        """Where the articles lie, whether one path was given or several."""
        return [self.path] if isinstance(self.path, str) else self.path


class TextSettings(_Section):
    """Arguments of Analyzer; without a level each model takes its own: light for themes, clitic for topics."""

    level: Literal["none", "clitic", "light"] | None = None
    fold: list[str] = ["alef", "maqsura", "teh"]
    stop_words: Literal["default"] | list[str] = "default"
    keep: list[str] = ["year", "latin"]
    months: bool = True
    aliases: bool = True
    elongation: bool = True


class TermsSettings(_Section):
    """Arguments of TermVectorizer; those left out have the defaults of the model that is trained."""

    min_df: Count | Share | None = None
    max_df: Count | Share | None = None
    ngrams: Ngrams | None = None
    sublinear_tf: bool | None = None
    learn_phrases: bool | None = None
    learn_frequencies: bool | None = None
    title_weight: Count | None = None


class ThemesSettings(_Section):
    """Which themes are learnt, and from what."""

    use: Annotated[list[str], Field(min_length=1)] | None = None
    start: Literal["labels", "anchors", "both"] = "labels"


class TopicsSettings(_Section):
    """How topics are found; `min_df`, `max_df` and `ngrams` here stand above those of [terms]."""

    n_topics: Count = 12
    anchors: bool = False
    runs: Count = 1
    engine: Literal["fast", "gensim"] = "fast"
    n_sweeps: Count = 100
    alpha: Literal["auto", "symmetric"] | Positive = "auto"
    eta: Positive = 0.01
    min_df: Count | Share | None = None
    max_df: Count | Share | None = None
    ngrams: Ngrams | None = None

    @field_validator("runs")
    @classmethod
    def _is_one_or_several(cls, runs: int) -> int:
        if runs == 2:
            raise ValueError("two runs show no spread: 1 asks for none, 3 or more for how often each topic comes back")
        return runs


class EvaluationSettings(_Section):
    """How the models are scored: on articles that they have not seen."""

    folds: Annotated[int, Field(ge=2)] = 5
    split: Literal["group", "time", "source"] = "group"


class SortSettings(_Section):
    """What is sorted when the models are done; the corpus itself when `inputs` is empty."""

    inputs: list[str] = []


class OutputSettings(_Section):
    """What the run holds beside scores, models and the sorted table."""

    figures: bool = True
    report: bool = True
    texts: Literal["full", "excerpt", "none"] = "excerpt"
    mask: bool = False
    tables: Literal["none", "csv", "parquet"] = "none"


class ScaleSettings(_Section):
    """How a corpus is cut into partitions, and what works on them; with this section nothing is held as a whole."""

    workers: Count = 1
    memory: str = "2GiB"
    partition: str = "64MiB"
    together: Count = 8
    sorted: Literal["parquet", "jsonl"] = "parquet"
    work: str | None = None

    @field_validator("memory", "partition")
    @classmethod
    def _is_size(cls, size: str) -> str:
        if not _SIZE.fullmatch(size):
            raise ValueError("a size is a number with a unit, such as 512MiB or 2GiB")
        return size

    @property
    def memory_bytes(self) -> int:
        """What one process may hold."""
        return _bytes_of(self.memory)

    @property
    def partition_bytes(self) -> int:
        """About how much of the corpus a partition is."""
        return _bytes_of(self.partition)


def _bytes_of(size: str) -> int:
    match = _SIZE.fullmatch(size)
    assert match is not None
    return max(int(float(match[1]) * 1024 ** ("KMGT".index(match[2]) + 1)), 1)


class Experiment(_Section):
    """All settings of one experiment; paths in it are absolute, or the name of the packaged corpus."""

    name: str
    random_state: Annotated[int, Field(ge=0, lt=2**31)] = 0
    corpus: CorpusSettings
    text: TextSettings = TextSettings()
    terms: TermsSettings = TermsSettings()
    themes: ThemesSettings | None = None
    topics: TopicsSettings | None = None
    evaluation: EvaluationSettings = EvaluationSettings()
    sort: SortSettings = SortSettings()
    output: OutputSettings = OutputSettings()
    scale: ScaleSettings | None = None

    @field_validator("name")
    @classmethod
    def _is_file_name(cls, name: str) -> str:
        if not _NAME.fullmatch(name) or name.endswith(".") or _DEVICES.fullmatch(name):
            raise ValueError("a name is made of letters, digits, - . and _, 60 at most, and names a folder")
        return name

    @model_validator(mode="after")
    def _learns_something(self) -> Self:
        if self.themes is None and self.topics is None:
            raise ValueError("an experiment has neither [themes] nor [topics]; write one of them")
        return self

    @classmethod
    def read(cls, path: PathLike, changes: Mapping[str, Any] | None = None) -> Self:
        """The experiment of a file, with some settings changed.

        Parameters
        ----------
        path : path
            A TOML file; paths in it are relative to it.
        changes : mapping, optional
            Dotted name to value, ``{"topics.n_topics": 30}``; None takes a setting or a section out.

        Raises
        ------
        ReadError
            There is no such file, or it is no TOML.
        SettingsError
            A setting that does not exist or cannot be meant.
        """
        return cls.of(read_toml(path), changes, folder=Path(path).parent, where=f"{one_line(str(path))}: ")

    @classmethod
    def of(
        cls,
        settings: Mapping[str, Any],
        changes: Mapping[str, Any] | None = None,
        *,
        folder: Path | None = None,
        where: str = "",
    ) -> Self:
        """The experiment of settings as a TOML file has them.

        Parameters
        ----------
        settings, changes : mapping
            As in `read`.
        folder : path, optional
            What paths are relative to; by default the working directory.
        where : str
            What messages begin with.
        """
        changed = changed_by(settings, changes or {})
        if "sweep" in changed:
            raise SettingsError(f"{where}[sweep] makes many experiments of one; execute it with topics run")
        try:
            found = cls.model_validate(changed)
        except ValidationError as error:
            raise SettingsError(where + _complaint(cls, error.errors()[0])) from None
        folder = (folder or Path()).resolve()
        return found.with_paths(lambda path: path if "://" in path else str(folder / path))

    def with_paths(self, change: Any) -> Self:
        """The experiment with every path changed, but for the name of the packaged corpus."""
        given = self.corpus.path
        one = given if given == CORPUS else change(given) if isinstance(given, str) else None
        path = one if one is not None else [item if item == CORPUS else change(item) for item in given]
        corpus = self.corpus.model_copy(update={"path": path})
        sort = SortSettings(inputs=[change(item) for item in self.sort.inputs])
        scale = self.scale
        if scale is not None and scale.work is not None:
            scale = scale.model_copy(update={"work": change(scale.work)})
        return self.model_copy(update={"corpus": corpus, "sort": sort, "scale": scale})

    def to_settings(self) -> dict[str, Any]:
        """Every setting with its value, as a TOML file has them; those without one are left out."""
        return self.model_dump(exclude_none=True)

    def random_states(self) -> dict[str, int | list[int]]:
        """Every random seed that a run uses, by what it is for."""
        found: dict[str, int | list[int]] = {"folds": self.random_state, "intervals": self.random_state}
        if self.themes is not None:
            found["themes"] = self.random_state
        if self.topics is not None:
            found["topics"] = [self.random_state + run for run in range(self.topics.runs)]
        return found

    def training(self, *, topics: bool = False) -> dict[str, Any]:
        """The arguments of `ThemeModel.train`, or of `TopicModel.train`."""
        found = self.text.model_dump(exclude_none=True) | self.terms.model_dump(exclude_none=True)
        found |= {"fold": tuple(self.text.fold), "keep": tuple(self.text.keep)}
        if topics and self.topics is not None:
            found |= self.topics.model_dump(exclude_none=True, exclude={"runs"})
        if "ngrams" in found:
            found["ngrams"] = tuple(found["ngrams"])
        return found | {"random_state": self.random_state}


def read_toml(path: PathLike) -> dict[str, Any]:
    """The settings of a file as they stand there.

    Raises
    ------
    ReadError
        There is no such file, or it is no TOML.
    """
    shown = one_line(str(path))
    try:
        return toml.parse(Path(path).read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise ReadError(f"{shown}: cannot be read ({error.strerror}); check the path") from error
    except ValueError as error:
        raise ReadError(f"{shown}: is no TOML ({one_line(str(error), 80)}); correct it there") from error


def changed_by(settings: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Settings with some changed, by dotted name; None takes one out. The former stay as they are."""
    found = {name: dict(value) if isinstance(value, Mapping) else value for name, value in settings.items()}
    for dotted, value in changes.items():
        *sections, name = str(dotted).split(".")
        place: Any = found
        for section in sections:
            place = place.setdefault(section, {})
            if not isinstance(place, dict):
                raise SettingsError(f"{section} is no section, so it has no setting {name!r}; see the file")
        if value is None:
            place.pop(name, None)
        else:
            place[name] = value
    return found


def _complaint(model: type[BaseModel], error: Any) -> str:
    """What is wrong with the first wrong setting, and what to do."""
    names = [str(part) for part in error["loc"]]
    if not names:
        return str(error["msg"]).removeprefix("Value error, ")
    section, name = (names[0], names[1]) if len(names) > 1 else ("", names[0])
    inside = f"[{section}] " if section else ""
    if error["type"] == "extra_forbidden":
        known = _names(model, section)
        kind = "setting" if section or not isinstance(error["input"], Mapping) else "section"
        subject = inside if section else "an experiment "
        return f"{subject}has no {kind} {one_line(name, 60)!r}{suggest(name, known)}"
    if error["type"] == "missing":
        return f"{inside}{name} is missing; write it, `topics run --init FILE` shows how"
    reason = error["msg"].removeprefix("Value error, ")
    value = one_line(repr(error["input"]), 60)
    return f"{inside}{name} cannot be {value}: {reason[:1].lower()}{reason[1:]}; correct it"


def _names(model: type[BaseModel], section: str) -> Sequence[str]:
    if not section:
        return list(model.model_fields)
    kinds: dict[str, type[BaseModel]] = {
        "corpus": CorpusSettings, "text": TextSettings, "terms": TermsSettings, "themes": ThemesSettings,
        "topics": TopicsSettings, "evaluation": EvaluationSettings, "sort": SortSettings, "output": OutputSettings,
        "scale": ScaleSettings,
    }  # fmt: skip
    return list(kinds[section].model_fields)
