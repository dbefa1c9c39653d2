"""Hold the text layer against its judges and print a figure for each.

    python benchmarks/arabic_judges.py PATH-TO-CASES [--corpus DEMO]

The cases are tables of other projects (Lucene, Unicode, CAMeL Tools, Universal Dependencies); they are read from
the path and nothing of them is kept here.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from topics import Analyzer, Corpus
from topics.arabic import light10
from topics.arabic.clitics import fold_word
from topics.arabic.forms import spell
from topics.corpus.readers.encodings import clean
from topics.features.vectorizer import TermVectorizer

Row = dict[str, str]
PLAIN = Analyzer(level="none", stop_words=None, months=False, aliases=False, elongation=False)
LUCENE_STOP_WORDS = ("ما", "الذين")  # those of Lucene's list that its test rows hold


class Result(NamedTuple):
    judge: str
    figure: str
    needed: str
    holds: bool


def rows(path: Path) -> list[Row]:
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    names = lines[0].split("\t")
    return [dict(zip(names, line.split("\t") + [""] * len(names), strict=False)) for line in lines[1:]]


def exact(name: str, pairs: list[tuple[object, object]]) -> Result:
    right = sum(got == want for got, want in pairs)
    return Result(name, f"{right} of {len(pairs)}", "all", right == len(pairs))


def lucene(cases: Path) -> Iterator[Result]:
    table = rows(cases / "lucene_normalization.tsv")
    yield exact("lucene_normalization", [(light10.normalize(row["input"]), row["expected"]) for row in table])
    table = rows(cases / "lucene_stem.tsv")
    yield exact("lucene_stem", [(light10.stem(row["input"]), row["expected"]) for row in table])
    analyzer = Analyzer.lucene_light10(stop_words=LUCENE_STOP_WORDS)
    table = rows(cases / "lucene_analyzer.tsv")
    yield exact("lucene_analyzer", [(" ".join(analyzer(row["input"])), row["expected_terms"]) for row in table])


def from_hex(codes: str) -> str:
    return "".join(chr(int(code, 16)) for code in codes.split())


def unicode_forms(cases: Path) -> Iterator[Result]:
    special = {0xFDFA: [], 0xFDFB: [], 0xFDFD: [], 0xFDFC: ["ريال"]}
    pairs: list[tuple[object, object]] = []
    for row in rows(cases / "unicode_nfkc_arabic.tsv"):
        source = from_hex(row["source"])
        want = special.get(ord(source[0])) if len(source) == 1 else None
        pairs.append((PLAIN(source), PLAIN(from_hex(row["NFKC"])) if want is None else want))
    yield exact("unicode_nfkc_arabic", pairs)


def camel(cases: Path) -> Iterator[Result]:
    table = [row for row in rows(cases / "camel_reference.tsv") if row["function"] == "norm_chain"]
    yield exact("camel_reference, folds", [("".join(PLAIN(row["input"])), row["expected"]) for row in table])


def has_letter(text: str) -> bool:
    return any(char.isalpha() for char in text)


def word_spans(cases: Path) -> Iterator[Result]:
    both = ours = theirs = 0
    for row in rows(cases / "ud_pud_words_dev.tsv"):
        text, at, gold = row["text"], 0, set()
        for word in row["words"].split("|"):
            start = text.find(word, at)
            if start >= 0:
                at = start + len(word)
                gold |= {(start, at)} if has_letter(word) else set()
        found = {(token.start, token.end) for token in PLAIN.tokens(text) if has_letter(text[token.start : token.end])}
        both, ours, theirs = both + len(gold & found), ours + len(found), theirs + len(gold)
    f1 = 2 * both / (ours + theirs)
    yield Result("ud_pud_words_dev, span F1", f"{f1:.4f}", ">= .997", f1 >= 0.997)


def waw(cases: Path, corpus: Path | None) -> Iterator[Result]:
    settings = {"stop_words": None, "months": False, "aliases": False}
    yield from waw_figures("waw_dev, default table", cases, Analyzer(**settings), (0.95, 0.94, 0.85))
    if corpus is not None:
        articles = Corpus.read(corpus, sample=480)
        learnt = TermVectorizer(Analyzer(**settings, frequencies={}), min_df=1).fit(articles)
        yield from waw_figures("waw_dev, 480 articles", cases, learnt.analyzer_, (0.93, 0.90, 0.72))


def waw_figures(name: str, cases: Path, analyzer: Analyzer, needed: tuple[float, float, float]) -> Iterator[Result]:
    table = rows(cases / "waw_dev.tsv")
    whole = analyzer.get_params() | {"level": "none"}
    plain = Analyzer(**whole)
    # Stripped: the form is not the whole word's, article or not.
    verdicts = []
    for row in table:
        spelled = fold_word(spell(row["word"]))
        form = (analyzer(row["word"]) or [""])[0]
        stripped = not (
            form.startswith("و") and spelled.endswith(form) and len(form) == len((plain(row["word"]) or [""])[0])
        )
        verdicts.append((row["waw"] == "clitic", stripped))
    hits = sum(clitic and stripped for clitic, stripped in verdicts)
    precision = hits / max(sum(stripped for _, stripped in verdicts), 1)
    recall = hits / sum(clitic for clitic, _ in verdicts)
    lexical = [stripped for clitic, stripped in verdicts if not clitic]
    kept = 1 - sum(lexical) / len(lexical)
    for what, figure, least in zip(
        ("precision", "recall", "lexical waw kept"), (precision, recall, kept), needed, strict=True
    ):
        yield Result(f"{name}, {what}", f"{figure:.3f}", f">= {least}", figure >= least)


def unescape(text: str) -> str:
    return re.sub("<([0-9A-F]{4,5})>", lambda hit: chr(int(hit[1], 16)), text)


def as_settings(cell: str) -> dict[str, object]:
    kept = re.fullmatch(r"keep=\((.*)\)", cell)
    return {"keep": tuple(re.findall(r'"(\w+)"', kept[1]))} if kept else {}


def hard_cases(cases: Path) -> Iterator[Result]:
    wrong: list[str] = []
    table = [row for row in rows(cases / "tool_comparison.tsv") if row["settings"] != "open"]
    for row in table:
        text, want = unescape(row["input"]), row["right_for_topic_classification"].split()
        settings = as_settings(row["settings"])
        if row["category"].startswith("NUL"):
            text, *_ = clean(text)
        if row["settings"] == "phrases given":
            phrases = tuple(tuple(fold_word(spell(word)) for word in phrase.split("_")) for phrase in want)
            settings |= {"level": "none", "phrases": phrases}
        analyzer = Analyzer(stop_words=None, **settings)
        got = analyzer(text)
        if len(got) != len(want) or not all(
            accepted(form, right, analyzer) for form, right in zip(got, want, strict=True)
        ):
            wrong.append(f"{row['id']}: {' '.join(got)}")
    figure = f"{len(table) - len(wrong)} of {len(table)}" + (f" (not {'; '.join(wrong)})" if wrong else "")
    yield Result("tool_comparison, rows not open", figure, "all", not wrong)


def accepted(form: str, right: str, analyzer: Analyzer) -> bool:
    """Whether a form is one of those called right; where a right one keeps its article, its form without it counts."""
    return any(form == word or [form] == analyzer(word) for word in right.split("|"))


JUDGES: tuple[Callable[[Path], Iterator[Result]], ...] = (lucene, unicode_forms, camel, word_spans, hard_cases)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cases", type=Path)
    parser.add_argument("--corpus", type=Path, default=Path(__file__).parent.parent / "corpora" / "demo")
    args = parser.parse_args()
    results = [result for judge in JUDGES for result in judge(args.cases)]
    results += list(waw(args.cases, args.corpus))
    for judge, figure, needed, holds in results:
        print(f"{'holds' if holds else 'FAILS'}  {judge:36} {figure}  (needed {needed})")
    return 0 if all(result.holds for result in results) else 1


if __name__ == "__main__":
    sys.exit(main())
