"""The same sentences through six tools, side by side: what each makes of Arabic news.

    python benchmarks/tool_table.py [--camel PYTHON] --out docs/tools.json

Writes the JSON that notebooks/01-corpus.ipynb shows, and beside it the page for people (docs/tools.md). A tool that is
not installed is left out by name (`uv sync --group bench` installs all but CAMeL Tools, which is not in the lock:
`--camel` takes the interpreter of an environment of its own). Every tool runs as it comes, without a list of stop
words given to it; of what it returns, only pieces without any letter or digit (punctuation, lone marks) are dropped.
"""

from __future__ import annotations

import argparse
import html
import json
import re
import subprocess
from collections.abc import Callable, Iterator
from importlib import metadata
from pathlib import Path
from typing import Any

from topics import Analyzer

Row = dict[str, Any]
Tool = Callable[[str], list[str]]

# Written for this table. Invisible characters stand as escapes, here and in the JSON.
SENTENCES = (
    (
        "استقبل الوزيرُ وفدًا صِناعيًّا، ثمّ ودَّعَ المُوفَدينَ.",
        "Marks. A letter pattern ends a word at each mark: المُوفَدين leaves الم and then وف and then دين, “religion”.",
    ),
    (
        "فاز المنتـــخب المغربـــي على ضيفـه",
        "Tatweel. The stretched word is the plain word; it is a new one where the stretching is kept.",
    ),
    (
        "وصل وزير الصحة والمدير ووزير المالية",
        "The و of وزير is a letter of the word; the one before it in ووزير, and that of والمدير, mean “and”.",
    ),
    (
        "افتُتح المعرض في 3 شتنبر وأُغلق في 5 أيلول",
        "One month, named in Rabat and in Beirut. topics errs too: the و of وأُغلق means “and”, and it stays.",
    ),
    (
        "أقرّت الـFIFA عقوبةً بالـVAR",
        "Latin names with the article ال, a preposition and a tatweel before them.",
    ),
    (
        "قال وزیر الکهرباء إنّ التیار عاد",
        "The Persian yeh (U+06CC) and kaf (U+06A9) look like the Arabic ones on the page, and are other characters.",
    ),
    (
        "جلس علي على المقعد وتحدث إلى ليلى",
        "علي is a man, على is “on”. Where ى becomes ي before function words are known, the two are one.",
    ),
    (
        "\ufeffوصل\u200f الوز\u200cير إلى تو\u200bنس\u200e أمس",
        "Invisible characters (□: U+FEFF, U+200F, U+200C, U+200B, U+200E), as web pages and PDF files leave them.",
    ),
    (
        "في عام ٢٠٢٤ ارتفعت الأسعار ٣٥٠ دينارا وفي 2025 هبطت",
        "Digits of two scripts. topics keeps years, in one script; other numbers only on demand (keep).",
    ),
    (
        "انتشر كوفيد-19 في أبو ظبي، وكوفيد١٩ في أبوظبي",
        "كوفيد is one by a table of aliases. Every tool cuts أبو ظبي in two; topics joins what it is told (phrases).",
    ),
)

CAMEL_NAME = "CAMeL Tools"
CAMEL = """
import importlib.metadata, json, sys
from camel_tools.tokenizers.word import simple_word_tokenize
from camel_tools.utils.dediac import dediac_ar
from camel_tools.utils.normalize import normalize_alef_ar, normalize_alef_maksura_ar, normalize_teh_marbuta_ar
def run(text):
    text = normalize_teh_marbuta_ar(normalize_alef_maksura_ar(normalize_alef_ar(dediac_ar(text))))
    return simple_word_tokenize(text)
version = importlib.metadata.version("camel-tools")
print(json.dumps([version, [run(text) for text in json.load(sys.stdin)]]))
"""

HOW = {
    "topics": "Analyzer(), which is level clitic",
    "scikit-learn": "CountVectorizer().build_analyzer()",
    "gensim": "simple_preprocess(text, deacc=True)",
    "NLTK ISRI": "ISRIStemmer().stem of wordpunct_tokenize(text)",
    "Snowball": 'Stemmer("arabic") of PyStemmer, on the words between spaces without outer punctuation',
    CAMEL_NAME: (
        "dediac_ar, normalize_alef_ar, normalize_alef_maksura_ar, normalize_teh_marbuta_ar, simple_word_tokenize; "
        "its arclean map, which would drop tatweel, is not part of these"
    ),
}
INVISIBLE = re.compile("[\u061c\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")


def of_scikit_learn() -> Tool:
    from sklearn.feature_extraction.text import CountVectorizer

    return CountVectorizer().build_analyzer()


def of_gensim() -> Tool:
    from gensim.utils import simple_preprocess

    return lambda text: simple_preprocess(text, deacc=True)


def of_isri() -> Tool:
    from nltk.stem.isri import ISRIStemmer
    from nltk.tokenize import wordpunct_tokenize

    stem = ISRIStemmer().stem
    return lambda text: [stem(word) for word in wordpunct_tokenize(text)]


def of_snowball() -> Tool:
    from Stemmer import Stemmer

    stem = Stemmer("arabic").stemWord
    return lambda text: [stem(word.strip(".,،؛؟:!")) for word in text.split()]


TOOLS: dict[str, tuple[str, Callable[[], Tool]]] = {
    "topics": ("arabic-topics", Analyzer),
    "scikit-learn": ("scikit-learn", of_scikit_learn),
    "gensim": ("gensim", of_gensim),
    "NLTK ISRI": ("nltk", of_isri),
    "Snowball": ("PyStemmer", of_snowball),
}


def words(terms: list[str]) -> list[str]:
    return [term for term in terms if any(char.isalnum() for char in term)]


def camel(python: str, sentences: list[str]) -> tuple[str, list[list[str]]]:
    """Version and terms of CAMeL Tools, from a process of the environment that has it."""
    done = subprocess.run(
        [python, "-c", CAMEL], input=json.dumps(sentences), capture_output=True, check=True, text=True
    )
    version, terms = json.loads(done.stdout.splitlines()[-1])
    return version, terms


def collect(python: str | None) -> tuple[dict[str, str], list[Row]]:
    """Versions by tool, and a row for each sentence."""
    sentences = [sentence for sentence, _ in SENTENCES]
    versions: dict[str, str] = {}
    terms: dict[str, list[list[str]]] = {}
    for name, (package, make) in TOOLS.items():
        try:
            tool = make()
        except ImportError:
            print(f"left out: {name} ({package} is not installed)")
            continue
        versions[name] = f"{package} {metadata.version(package)}"
        terms[name] = [tool(sentence) for sentence in sentences]
    if python is None:
        print(f"left out: {CAMEL_NAME} (name an interpreter that has it: --camel PYTHON)")
    else:
        version, terms[CAMEL_NAME] = camel(python, sentences)
        versions[CAMEL_NAME] = f"camel-tools {version}"
    rows = [
        {"sentence": sentence, "why": why, "tools": {name: words(found[n]) for name, found in terms.items()}}
        for n, (sentence, why) in enumerate(SENTENCES)
    ]
    return versions, rows


def escaped(text: str) -> str:
    """JSON in which no character is invisible."""
    return INVISIBLE.sub(lambda hit: f"\\u{ord(hit[0]):04x}", text)


def shown(text: str) -> str:
    """HTML in which a box stands for every invisible character."""
    return f"<bdi>{html.escape(INVISIBLE.sub('□', text))}</bdi>"


def page(versions: dict[str, str], rows: list[Row], command: str) -> Iterator[str]:
    """The lines of docs/tools.md."""
    yield "# The same sentences through other tools\n"
    yield f"Made by\n\n```sh\n{command}\n```\n"
    yield "The sentences were written for this table. Each tool runs as it comes; punctuation and lone marks among its"
    yield "terms are not shown, and □ stands for an invisible character.\n"
    yield "| tool | version | called as |\n|---|---|---|"
    yield from (f"| {name} | {version} | {HOW[name]} |" for name, version in versions.items())
    if absent := [name for name in HOW if name not in versions]:
        yield f"\nNot installed where this was made: {', '.join(absent)}."
    yield '\n<table dir="rtl">'
    for row in rows:
        yield f'<tr><th colspan="2" align="right">{shown(row["sentence"])}</th></tr>'
        yield f'<tr><td colspan="2" dir="ltr" align="left"><em>{html.escape(row["why"])}</em></td></tr>'
        for name, terms in row["tools"].items():
            yield f"<tr><td>{shown(name)}</td><td>{' · '.join(map(shown, terms))}</td></tr>"
    yield "</table>"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--camel", metavar="PYTHON")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    versions, rows = collect(args.camel)
    text = json.dumps({"versions": versions, "rows": rows}, ensure_ascii=False, indent=1)
    args.out.write_text(escaped(text) + "\n", encoding="utf-8")
    option = "--camel PYTHON " if args.camel else ""
    command = f"python benchmarks/tool_table.py {option}--out docs/{args.out.name}"
    target = args.out.with_suffix(".md")
    target.write_text("\n".join(page(versions, rows, command)) + "\n", encoding="utf-8")
    print(f"{args.out} and {target}: {len(rows)} sentences, {len(versions)} tools")


if __name__ == "__main__":
    main()
