"""Text to terms and to TF-IDF: the peers and this toolkit side by side in one process, one thread each.

    python benchmarks/text_speed.py CORPUS.jsonl.gz [--repeats 5] [--camel PYTHON]

Prints the tables of docs/benchmarks.md. Peers that are not installed are left out by name (`uv sync --group bench`
installs most; PyArabic and CAMeL Tools are not in the lock: `--camel` takes the interpreter of an environment of
their own, where each is timed by the same code in a process of its own, in turn with the others).
"""

from __future__ import annotations

import os

for threads in ("POLARS_MAX_THREADS", "OMP_NUM_THREADS", "NUMBA_NUM_THREADS", "RAYON_NUM_THREADS"):
    os.environ.setdefault(threads, "1")

import argparse
import json
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from typing import Any

from topics import Analyzer, Corpus
from topics.arabic.analyzer import stop_words
from topics.arabic.batch import BatchAnalyzer

MARKS = "[\u064b-\u0652\u0670\u0640]"
FOLD = str.maketrans(
    {"أ": "ا", "إ": "ا", "آ": "ا", "ى": "ي", "ة": "ه"}
    | dict.fromkeys(map(ord, "\u0640\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652"))
)
WORD = re.compile(r"(?u)\b\w\w+\b")
ANT_ARTICLE = 1291  # bytes of UTF-8, title and text, mean of 9,573; the goal of sorting is stated for ANT
_LEAST = 1.0  # seconds of each measurement
Peer = Callable[[list[str]], Any]

CAMEL = """
import json, sys, time
texts = json.load(open(sys.argv[1], encoding="utf-8"))
which = sys.argv[2]
if which == "camel_tools":
    from camel_tools.tokenizers.word import simple_word_tokenize
    from camel_tools.utils.dediac import dediac_ar
    from camel_tools.utils.normalize import normalize_alef_ar, normalize_alef_maksura_ar, normalize_teh_marbuta_ar, normalize_unicode
    def run(text):
        text = normalize_teh_marbuta_ar(normalize_alef_maksura_ar(normalize_alef_ar(dediac_ar(normalize_unicode(text)))))
        return [word for word in simple_word_tokenize(text) if word not in stop]
else:
    import pyarabic.araby as araby
    def run(text):
        text = araby.normalize_hamza(araby.strip_tatweel(araby.strip_tashkeel(text)))
        return [word for word in araby.tokenize(text) if word not in stop]
stop = set(json.loads(sys.argv[3]))
run(texts[0])
began = time.perf_counter()
for text in texts:
    run(text)
print(time.perf_counter() - began)
"""


def read(path: Path, sample: int | None) -> list[str]:
    return Corpus.read(path, sample=sample).texts


def text_peers(warm: BatchAnalyzer, warm_calls: Analyzer) -> dict[str, Peer]:
    stop = {word.translate(FOLD) for word in stop_words()}
    known: dict[str, str | None] = {}

    def remembered(text: str) -> list[str]:
        out = []
        for word in WORD.findall(text):
            if word not in known:
                form = word.translate(FOLD)
                known[word] = None if form in stop else form
            if (form := known[word]) is not None:
                out.append(form)
        return out

    peers: dict[str, Peer] = {
        "topics: text to term ids, clitic level, words met before": warm.read,
        "topics: the same, first reading": lambda texts: BatchAnalyzer(Analyzer()).read(texts),
        "topics: Analyzer called an article at a time, words met before": lambda texts: [
            warm_calls(text) for text in texts
        ],
        "scikit-learn's default analyzer": lambda texts: [WORD.findall(text.lower()) for text in texts],
        "re.findall and a dictionary of words": lambda texts: [remembered(text) for text in texts],
        "str.translate, re.findall, stop words": lambda texts: [
            [word for word in WORD.findall(text.translate(FOLD)) if word not in stop] for text in texts
        ],
    }
    try:
        from gensim.utils import simple_preprocess

        peers["gensim simple_preprocess, deacc"] = lambda texts: [simple_preprocess(text, deacc=True) for text in texts]
        peers["gensim simple_preprocess"] = lambda texts: [simple_preprocess(text) for text in texts]
    except ImportError:
        print("left out: gensim")
    try:
        import polars as pl

        peers["polars string kernels, no stop words"] = lambda texts: (
            pl.Series(texts).str.replace_all(MARKS, "").str.replace_all("[أإآ]", "ا").str.replace_all("ى", "ي")
            .str.replace_all("ة", "ه").str.extract_all(r"[\p{L}\p{N}]{2,}")
        )  # fmt: skip
    except ImportError:
        print("left out: polars")
    try:
        from tokenizers import normalizers, pre_tokenizers

        normalizer, splitter = (
            normalizers.Sequence([normalizers.NFKC(), normalizers.StripAccents()]),
            pre_tokenizers.Whitespace(),
        )
        peers["Hugging Face tokenizers, normalize and split"] = lambda texts: [
            splitter.pre_tokenize_str(normalizer.normalize_str(text)) for text in texts
        ]
    except ImportError:
        print("left out: tokenizers")
    return peers


def foreign(python: str, which: str, texts: list[str]) -> Callable[[], float]:
    """Seconds that a peer of another environment takes, measured there."""
    folder = Path(tempfile.mkdtemp())
    (folder / "texts.json").write_text(json.dumps(texts), encoding="utf-8")
    (folder / "peer.py").write_text(CAMEL, encoding="utf-8")
    stop = json.dumps(sorted(stop_words()))

    def seconds() -> float:
        command = [python, str(folder / "peer.py"), str(folder / "texts.json"), which, stop]
        return float(subprocess.run(command, capture_output=True, check=True, text=True).stdout.split()[-1])

    return seconds


def timed(peer: Peer, texts: list[str]) -> Callable[[], float]:
    """Seconds of a run, the mean of as many as fill a second.

    After a pause a first run takes up to .1 s more (memory that others used meanwhile), whoever runs: a second of runs
    shares it out.
    """

    def seconds() -> float:
        began, runs = time.perf_counter(), 0
        while (passed := time.perf_counter() - began) < _LEAST:
            peer(texts)
            runs += 1
        return passed / runs

    return seconds


def alternate(runs: dict[str, Callable[[], float]], repeats: int) -> dict[str, list[float]]:
    """Seconds of each, all of them in turn, `repeats` times."""
    for name, run in runs.items():
        if name.startswith("topics"):
            run()  # compiles, and meets the words
    found: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(repeats):
        for name, run in runs.items():
            found[name].append(run())
    return found


def table(title: str, found: dict[str, list[float]], amount: float, unit: str, ours: str) -> None:
    print(
        f"\n## {title}\n\n| way | {unit} | seconds, median (least - most) | times slower than: {ours} |\n|---|---|---|---|"
    )
    for name, seconds in found.items():
        ratio = times(found, name, ours)
        middle = statistics.median(seconds)
        print(
            f"| {name} | {amount / middle:,.1f} | {middle:.3f} ({min(seconds):.3f} - {max(seconds):.3f}) | {ratio:.2f} |"
        )


def times(found: dict[str, list[float]], peer: str, ours: str) -> float:
    """How many times as long the peer took, by the median of the runs that followed one another."""
    return statistics.median(other / own for other, own in zip(found[peer], found[ours], strict=True))


def goal(name: str, found: dict[str, list[float]], peer: str, ours: str, least: float) -> None:
    if peer not in found:
        print(f"not measured: {name} (no {peer})")
        return
    ratio = times(found, peer, ours)
    print(f"{'holds' if ratio >= least else 'FAILS'}: {name}: {ratio:.2f} times, wanted {least}")


def terms_table(texts: list[str], repeats: int, camel: str | None) -> None:
    megabytes = sum(len(text.encode()) for text in texts) / 1e6
    calls, batch = Analyzer(), BatchAnalyzer(Analyzer())
    runs = {name: timed(peer, texts) for name, peer in text_peers(batch, calls).items()}
    if camel:
        for name, module in (
            ("CAMeL Tools, four normalisers and simple_word_tokenize", "camel_tools"),
            ("PyArabic normalise and tokenize", "pyarabic"),
        ):
            if subprocess.run([camel, "-c", f"import {module}"], check=False, capture_output=True).returncode:
                print(f"left out: {module}")
            else:
                runs[name] = foreign(camel, module, texts)
    found = alternate(runs, repeats)
    ids = "topics: text to term ids, clitic level, words met before"
    one = "topics: Analyzer called an article at a time, words met before"
    table(f"A. Text to terms ({megabytes:.1f} MB, {len(texts):,} articles)", found, megabytes, "MB/s", ids)
    print()
    goal("ids against CAMeL Tools", found, "CAMeL Tools, four normalisers and simple_word_tokenize", ids, 20)
    goal("ids against PyArabic", found, "PyArabic normalise and tokenize", ids, 12)
    goal("ids against gensim simple_preprocess", found, "gensim simple_preprocess", ids, 6)
    goal("ids against scikit-learn's analyzer", found, "scikit-learn's default analyzer", ids, 2.5)
    goal("ids against polars", found, "polars string kernels, no stop words", ids, 1.5)
    goal(
        "an article at a time against CAMeL Tools",
        found,
        "CAMeL Tools, four normalisers and simple_word_tokenize",
        one,
        8,
    )


def matrix_table(texts: list[str], repeats: int) -> None:
    from gensim.corpora import Dictionary
    from sklearn.feature_extraction.text import TfidfVectorizer

    from topics import TermVectorizer
    from topics.features import CharVectorizer

    fitted = TermVectorizer().fit(texts)
    same = fitted.analyzer_

    def new() -> Analyzer:
        """The fitted analyzer as it is in a process that has read no article yet."""
        return Analyzer(frequencies=same.counts)

    def ours(analyzer: Analyzer, texts: list[str]) -> Any:
        return TermVectorizer(analyzer, learn_frequencies=False).fit_transform(texts)

    def peer(analyzer: Analyzer, texts: list[str]) -> Any:
        return TfidfVectorizer(
            tokenizer=analyzer, token_pattern=None, lowercase=False, min_df=2, sublinear_tf=True
        ).fit_transform(texts)

    def bags(texts: list[str]) -> Any:
        terms = [same(text) for text in texts]
        dictionary = Dictionary(terms)
        return [dictionary.doc2bow(article) for article in terms]

    def ready(terms: list[list[str]]) -> Any:
        return TfidfVectorizer(
            analyzer=lambda given: given, lowercase=False, min_df=2, sublinear_tf=True
        ).fit_transform(terms)

    peer(same, texts)  # meets the words
    ready_terms = [same(text) for text in texts]
    first, again = "topics: fit_transform, first reading", "topics: fit_transform, words met before"
    peer_first, peer_again = (
        "TfidfVectorizer with the same Analyzer, first reading",
        "TfidfVectorizer with the same Analyzer, words met before",
    )
    handed = "TfidfVectorizer on ready terms, no text read"
    found = alternate(
        {
            "topics: TermVectorizer.fit_transform, learning frequencies too": timed(
                TermVectorizer().fit_transform, texts
            ),
            first: timed(lambda texts: ours(new(), texts), texts),
            peer_first: timed(lambda texts: peer(new(), texts), texts),
            again: timed(lambda texts: ours(same, texts), texts),
            peer_again: timed(lambda texts: peer(same, texts), texts),
            handed: timed(ready, ready_terms),
            "topics: transform": timed(fitted.transform, texts),
            "gensim Dictionary and doc2bow, words met before": timed(bags, texts),
        },
        repeats,
    )
    print(
        "\nFirst reading: both get an Analyzer with the same reference counts that has read nothing. Words met before: both"
        "\nget the same Analyzer, which has read these articles. Ours learns each term's spelling as well."
    )
    table("B. Text to TF-IDF", found, len(texts), "articles/s", again)
    difference = abs(ours(same, texts) - peer(same, texts)).max()
    print(f"\nlargest difference of an entry to TfidfVectorizer: {difference:.1e}")
    goal("TF-IDF against TfidfVectorizer, first reading", found, peer_first, first, 6)
    by_peer = {name: times(found, name, again) for name in (peer_again, handed)}
    print(
        f"words met before, no goal: {by_peer[peer_again]:.2f} times. There TfidfVectorizer is handed terms by our own call for "
        f"one article; on terms that lie ready, without a text to read, ours is {by_peer[handed]:.2f} times as fast."
    )
    part = texts[:1500]
    plain = Analyzer(level="none")
    grams = CharVectorizer(plain, ngrams=(2, 5), min_df=2).fit(part)
    # The analyzer that learnt the part's words: they decide which stretched letters are shortened.
    joined = [" ".join(grams.analyzer_(text)) for text in part]
    theirs = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), lowercase=False, min_df=2, sublinear_tf=True)
    chars = alternate(
        {
            "topics: CharVectorizer.fit_transform": timed(grams.fit_transform, part),
            "TfidfVectorizer char_wb 2-5 on ready terms": timed(theirs.fit_transform, joined),
        },
        max(repeats // 2, 3),
    )
    table(
        f"Character n-grams ({len(part):,} articles)",
        chars,
        len(part),
        "articles/s",
        "topics: CharVectorizer.fit_transform",
    )
    print(
        f"\nlargest difference of an entry: {abs(grams.fit_transform(part) - theirs.fit_transform(joined)).max():.1e}"
    )
    goal(
        "character n-grams against scikit-learn",
        chars,
        "TfidfVectorizer char_wb 2-5 on ready terms",
        "topics: CharVectorizer.fit_transform",
        5,
    )


def sorting_speed(path: Path, demo: Path, repeats: int) -> None:
    from topics import ThemeModel

    model = ThemeModel.train(demo, ngrams=(1, 1))
    seconds = []
    for _ in range(repeats + 1):
        began = time.perf_counter()
        n_rows = sum(1 for _ in model.rows(path))
        seconds.append(time.perf_counter() - began)
    middle = statistics.median(seconds[1:])
    rate = n_rows / middle
    megabytes = sum(len(article.full.encode()) for article in Corpus.read(path)) / 1e6 / middle
    print(
        f"\nsorting, JSON Lines in to rows out, word model: {rate:,.0f} articles/s, {megabytes:.1f} MB/s "
        f"(first time {n_rows / seconds[0]:,.0f} articles/s)"
    )
    wanted = 15_000 * ANT_ARTICLE / 1e6
    print(f"{'holds' if megabytes >= wanted else 'FAILS'}: 15,000 articles/s of ANT's length, {wanted:.1f} MB/s")


def first_call() -> None:
    code = "import time; began = time.perf_counter(); from topics import Analyzer; from topics.arabic.batch import BatchAnalyzer; BatchAnalyzer(Analyzer()).read(['نص قصير']); print(time.perf_counter() - began)"
    seconds = [
        float(subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True).stdout)
        for _ in range(3)
    ]
    middle = statistics.median(seconds)
    print(
        f"\n{'holds' if middle < 1.5 else 'FAILS'}: first call in a fresh process, imports included: {middle:.2f} s, wanted 1.5"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--sample", type=int)
    parser.add_argument("--camel", metavar="PYTHON")
    parser.add_argument("--demo", type=Path, default=Path(__file__).parent.parent / "corpora" / "demo")
    args = parser.parse_args()
    for package in ("arabic-topics", "numpy", "numba", "scikit-learn", "gensim", "polars", "tokenizers"):
        try:
            print(f"{package} {metadata.version(package)}", end="  ")
        except metadata.PackageNotFoundError:
            print(f"{package} not installed", end="  ")
    print()
    texts = read(args.corpus, args.sample)
    terms_table(texts, args.repeats, args.camel)
    matrix_table(texts, args.repeats)
    sorting_speed(args.corpus, args.demo, args.repeats)
    first_call()


if __name__ == "__main__":
    main()
