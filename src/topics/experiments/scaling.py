"""Execute an experiment over the partitions of a corpus: the same settings, the same run, memory that is bounded.

Topics are found in all partitions. Themes are learnt exactly, by what one machine would do, from the labelled articles
and, where they start from anchors, from those that it would draw; these are gathered. What tasks leave lies in a folder
named by what decides it, so a run that was stopped, whatever stopped it, goes on with --resume after what was done.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from topics.corpus.packaged import CORPUS, packaged_corpus
from topics.corpus.themes import Themes, read_themes
from topics.display import one_line
from topics.errors import SettingsError
from topics.experiments import folder, held_out, scaled_themes, scaled_topics
from topics.experiments.clock import Clock, bar
from topics.experiments.folder import SCORES, SORTED_PARTS, THEMES, TOPICS
from topics.experiments.run import How, Run, records
from topics.experiments.settings import Experiment, ScaleSettings
from topics.experiments.stages import manifest_of, write_settings
from topics.scale import estimates, storage
from topics.scale.partitions import Partition, plan

if TYPE_CHECKING:
    from topics.scale.learning import Learnt, Read
    from topics.scale.tasks import Executor, Work

_LEARNT = 40  # bytes of memory for each of an article that themes are learnt from: its text, terms and pairs of terms
_GONE = ("workers", "memory", "work")  # settings of [scale] that change no result


def to_stderr(text: str) -> None:
    """Tell people something while they wait, where it is in nobody's way."""
    print(text, file=sys.stderr, flush=True)  # noqa: T201 - a terminal's or a notebook's


def run_scaled(
    settings: Experiment, how: How, scheduler: str | None = None, say: Callable[[str], None] = to_stderr
) -> Run:
    """Execute an experiment over partitions.

    Parameters
    ----------
    settings : Experiment
        `scale` may be left out: its defaults then hold.
    how : How
        Of it `out`, `again` and `resume`; what is kept are the tasks' files.
    scheduler : str, optional
        "none", "local" or an address; by default "local" where [scale] asks for more than one worker.
    say : callable
        Told, before anything begins, what is needed, and where to watch.

    Raises
    ------
    SettingsError
        A setting that partitions do not know, or memory that cannot suffice.
    """
    scale = settings.scale or ScaleSettings()
    settings = settings.model_copy(update={"scale": scale})
    _refuse(settings)
    defined = _defined_themes(settings)
    scaled_topics.anchors_of(defined, settings)  # refused before anything is read
    partitions = plan(_paths(settings), scale.partition_bytes)
    inputs = plan(settings.sort.inputs, scale.partition_bytes)
    decided = _decided(settings, partitions, inputs, defined)
    target = folder.place(how.out, settings.name, decided, again=how.again)
    if target.exists():
        return Run(target, reused=True)
    needs = estimates.reading(*_sizes(partitions), phrases=_learns_phrases(settings))
    say(f"{len(partitions)} partitions; {needs}; [scale] memory is {scale.memory} a process")
    estimates.check(needs, scale.memory_bytes)
    if inputs:
        needs = estimates.sorting(*_sizes(inputs))
        say(f"{len(inputs)} partitions of [sort] inputs; {needs}")
        estimates.check(needs, scale.memory_bytes)
    place = scale.work or str((Path(how.out) / f".topics-work-{settings.name}").resolve())
    work = storage.joined(place, decided[:16])
    if not how.resume and not storage.is_remote(work):
        shutil.rmtree(work, ignore_errors=True)
    for one in (work, storage.joined(work, SORTED_PARTS)):
        storage.make_folder(one)
    try:
        with _executor(scheduler, scale) as executor, folder.staged(target) as staging:
            if executor.address:
                say(f"watch it at {executor.address}")
            _Scaled(settings, defined, partitions, inputs, decided, staging, target, work, executor, say).execute()
    except BaseException:
        say(f"what was done lies in {one_line(place)}: the same command with --resume goes on from there")
        raise
    if not storage.is_remote(work):
        shutil.rmtree(work, ignore_errors=True)
        if scale.work is None:
            shutil.rmtree(place, ignore_errors=True)
    folder.point_latest(target, settings.name)
    return Run(target)


def _refuse(settings: Experiment) -> None:
    """Settings that need all articles at once, or would be done otherwise than asked for."""
    topics = settings.topics
    refused = [
        (settings.corpus.sample is not None, "[corpus] sample", "leave it out, or give fewer files"),
        (settings.corpus.duplicates == "drop", "[corpus] duplicates = 'drop'", "use `topics corpus dedupe` before"),
        (topics is not None and topics.engine != "fast", "[topics] engine = 'gensim'", "leave it out"),
    ]
    for is_asked, name, advice in refused:
        if is_asked:
            raise SettingsError(f"{name} is not known to experiments over partitions ([scale]); {advice}")


def _learns_phrases(settings: Experiment) -> bool:
    return settings.topics is not None and settings.terms.learn_phrases is not False


def _paths(settings: Experiment) -> list[str]:
    return [str(packaged_corpus()) if path == CORPUS else path for path in settings.corpus.paths]


def _sizes(partitions: list[Partition]) -> tuple[int, int]:
    """Bytes of the largest, and of all."""
    return max((one.size for one in partitions), default=0), sum(one.size for one in partitions)


def _defined_themes(settings: Experiment) -> Themes:
    """The themes that folders of the corpus define."""
    found = [Path(path) / "themes.toml" for path in _paths(settings) if not storage.is_remote(path)]
    return Themes(theme for path in found if path.is_file() for theme in read_themes(path).values())


def _decided(settings: Experiment, partitions: list[Partition], inputs: list[Partition], defined: Themes) -> str:
    """What names the run: settings, themes, code, and the files, told by size and time."""
    plain = settings.to_settings()
    plain["corpus"] = {name: value for name, value in plain["corpus"].items() if name != "path"}
    plain["scale"] = {name: value for name, value in plain["scale"].items() if name not in _GONE}
    del plain["sort"]
    cuts, others = (
        [[one.path.rpartition("/")[2], one.kind, one.start, one.stop, one.version] for one in some]
        for some in (partitions, inputs)
    )
    return folder.fingerprint(plain, cuts, others, defined.to_settings(), folder.code_fingerprint())


def _executor(scheduler: str | None, scale: ScaleSettings) -> Executor:
    chosen = scheduler or ("local" if scale.workers > 1 else "none")
    if chosen == "none":
        from topics.scale.tasks import Serial

        return Serial()
    from topics.scale.workers import Workers

    return Workers(chosen, scale.workers, scale.memory_bytes)


@dataclass
class _Scaled:
    settings: Experiment
    defined: Themes
    partitions: list[Partition]
    inputs: list[Partition]
    decided: str
    staging: Path
    target: Path
    folder: str
    executor: Executor
    say: Callable[[str], None]
    scores: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    notes: dict[str, Any] = field(default_factory=dict)
    done: Read | None = None
    to_sort: Read | None = None
    learnt: Learnt | None = None

    @property
    def scale(self) -> ScaleSettings:
        assert self.settings.scale is not None
        return self.settings.scale

    @cached_property
    def work(self) -> Work:
        from topics.scale.tasks import Work

        return Work(self.executor, self.folder, self.scale.together, self._bar())

    def _bar(self) -> Callable[[str, int, int], None]:
        shown = bar(total=1, bar_format="{desc} {bar} {n_fmt}/{total_fmt} {elapsed}")

        def tell(stage: str, n_done: int, total: int) -> None:
            shown.total, shown.n = total, n_done
            shown.set_description_str(f"{stage:<16}", refresh=True)

        return tell

    def execute(self) -> None:
        """Every stage, each timed."""
        topics, themes = self.settings.topics is not None, self.settings.themes is not None
        stages: list[tuple[str, Callable[[], None], bool]] = [
            ("read", self._read, True),
            ("learn themes", self._learn_themes, themes),
            ("count terms", self._learn_terms, topics),
            ("find topics", self._find_topics, topics),
            ("sort", self._sort, True),
        ]
        write_settings(self.settings, self.staging, self.target)
        clock = Clock(0)
        try:
            for name, stage, wanted in stages:
                if wanted:
                    with clock.stage(name):
                        stage()
        finally:
            clock.close()
        folder.write_json(self.staging / SCORES, self.scores)
        folder.write_json(self.staging / folder.MANIFEST, self._manifest(clock))

    def _read(self) -> None:
        from topics.scale.learning import read_partitions

        words = self.settings.topics is not None and scaled_topics.vectorizer(self.settings)[0].learn_frequencies
        self.done = read_partitions(self.work, self.partitions, words=words, labelled=self.settings.themes is not None)
        if not sum(self.done.n_articles):
            raise SettingsError("the partitions hold no article; see [corpus] path")
        if self.inputs:
            # Before anything is learnt, so that a damaged file is told in the first minutes.
            apart = self.work.inside("inputs")
            self.to_sort = found = read_partitions(apart, self.inputs, words=False, labelled=False)
            self.notes["inputs"] = {
                "n_partitions": len(self.inputs), "bytes": sum(one.size for one in self.inputs),
                "n_articles": sum(found.n_articles), "skipped": found.n_skipped, "reasons": found.skipped,
            }  # fmt: skip

    @property
    def _known(self) -> Read:
        assert self.done is not None
        return self.done

    def _learn_themes(self) -> None:
        """In this process, from what one machine would learn from: labelled articles, and some others."""
        self._check_learning(f"{self._known.n_labelled:,} labelled articles", self._known.labelled_bytes)
        gathered = scaled_themes.gather(self.work, self._known, self.settings, self.defined)
        if gathered.drawn:
            self._check_learning("labelled articles and others that were drawn", gathered.n_bytes)
        gathered.train().save(self.staging / THEMES)
        scored = gathered.scores()
        if scored is not None:
            self.scores["themes"] = records(scored.table.rename(columns={"theme": "of"}))
            held_out.write(self.staging, "themes", scored.held_out)
        self.notes["themes"] = gathered.note

    def _check_learning(self, articles: str, n_bytes: int) -> None:
        need = estimates.Need(
            f"learning themes from {articles}", 0, estimates.BASE + _LEARNT * n_bytes, "the number of labelled articles"
        )
        self.say(f"{need.stage}: {estimates.shown(need.main)} in the main process")
        estimates.check(need, self.scale.memory_bytes)

    def _learn_terms(self) -> None:
        from topics.scale.learning import learn_terms

        self.learnt = learn_terms(
            self.work, self._known, scaled_topics.vectorizer(self.settings)[0], self.settings.random_state
        )

    def _find_topics(self) -> None:
        assert self.learnt is not None
        need = scaled_topics.needed(self.learnt, self.settings)
        self.say(str(need))
        estimates.check(need, self.scale.memory_bytes)
        anchors = scaled_topics.anchors_of(self.defined, self.settings)
        found = scaled_topics.find_topics(self.work, self._known, self.learnt, self.settings, anchors)
        found.model.save(self.staging / TOPICS)
        self.scores["topics"], self.notes["n_passes"] = found.scores, found.n_passes

    def _sort(self) -> None:
        from topics.scale.analysis import version_of
        from topics.scale.sorting import sort

        name = THEMES if self.settings.themes is not None else TOPICS
        # Workers read the model where they read everything else.
        model = storage.joined(self.folder, name)
        with storage.written(model) as file:
            file.write((self.staging / name).read_bytes())
        version = version_of({"model": folder.fingerprint((self.staging / name).read_bytes().hex())})
        parts = storage.joined(self.folder, SORTED_PARTS)
        files = sort(self.work, self.to_sort or self._known, model, version, parts, f".{self.scale.sorted}")
        self.notes["sorted_files"] = len(files)
        if storage.is_remote(self.folder):
            self.notes["sorted_at"] = parts
            return
        shutil.move(parts, self.staging / SORTED_PARTS)

    def _manifest(self, clock: Clock) -> dict[str, Any]:
        known, scale = self._known, self.scale
        corpus = {
            "fingerprint": known.fingerprint, "n_articles": sum(known.n_articles), "n_labelled": known.n_labelled,
            "n_sources": None, "first_date": None, "last_date": None, "skipped": known.n_skipped,
            "repaired": None, "dropped_copies": 0, "reasons": known.skipped,
        }  # fmt: skip
        manifest = manifest_of(
            self.settings, clock, decided=self.decided, code=folder.code_fingerprint(), corpus=corpus,
            sorted_articles=(self.to_sort or known).fingerprint,
        )  # fmt: skip
        manifest["scale"] = {
            "n_partitions": len(self.partitions), "bytes": sum(one.size for one in self.partitions),
            "workers": scale.workers, "memory": scale.memory, **self.notes,
        }  # fmt: skip
        return manifest
