"""From text to sparse partitions: what TermVectorizer.fit learns on one machine, learnt from partitions, exactly.

Tasks are functions of plain values: a partition, settings, paths of files that other tasks wrote. What a task finds
it writes to a file of its own and gives back as a few figures, so that it can be done anywhere, twice, or not again.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import lru_cache
from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from topics.arabic.analyzer import Analyzer
from topics.arabic.batch import BatchAnalyzer, Terms
from topics.arabic.memory import encoded
from topics.arabic.scan import Scanned, Scanner
from topics.corpus.article import Article
from topics.corpus.writers import to_json_line
from topics.features.counting import document_frequency, form_counts
from topics.features.learning import shown_counts, shown_keys, shown_names, word_counts
from topics.features.matrix import batches, full_texts, sum_rows
from topics.scale import tables
from topics.scale.partitions import Partition, Reading
from topics.scale.storage import read_arrays, read_values, write_arrays, written
from topics.scale.tasks import kept

TOGETHER = 1024  # articles that are held as objects at a time
APART = "\x1f"  # between the parts of a spelling's key; readers take it out of texts
Values = dict[str, Any]


def csr_arrays(matrix: csr_matrix) -> dict[str, NDArray[Any]]:
    """The parts of counts, as they are kept: numbers in single precision, which holds them exactly."""
    return {
        "data": matrix.data.astype(np.float32), "indices": matrix.indices.astype(np.int32),
        "indptr": matrix.indptr.astype(np.int64), "shape": np.array(matrix.shape, np.int64),
    }  # fmt: skip


def csr_of(arrays: dict[str, NDArray[Any]]) -> csr_matrix:
    """Counts from their parts."""
    n_rows, n_columns = map(int, arrays["shape"])
    indptr = arrays["indptr"]
    narrow = indptr.astype(np.int32) if indptr[-1] < np.iinfo(np.int32).max else indptr
    matrix = csr_matrix((arrays["data"], arrays["indices"], narrow), shape=(n_rows, n_columns), copy=False)
    matrix.has_sorted_indices = True
    return matrix


# reading ------------------------------------------------------------------------------------------------------


@kept
def read(*, partition: list[Any], dropped: list[int], words: bool, labelled: str, n_buckets: int) -> Any:
    """What must be known of a partition before terms can be: its words, its ids, its labelled articles.

    Parameters
    ----------
    words : bool
        Whether words are counted, for the analyzer's frequencies.
    labelled : str
        The JSON Lines file that gets the labelled articles; empty for none.
    """
    reading = Reading(Partition(*partition), frozenset(dropped))
    scanner, parts = Scanner(), []
    ids: list[bytes] = []
    lines: list[str] = []
    places = _places(reading)
    for batch in batches(places, TOGETHER):
        ids += [_digest(article.id) for _, article in batch]
        used = [article for place, article in batch if place not in reading.dropped]
        if words:
            parts.append(scanner.scan([article.full for article in used]))
        if labelled:
            lines += [to_json_line(_row(article)) for article in used if article.themes is not None]
    if labelled:
        with written(labelled) as file:
            file.writelines(line.encode("utf-8") + b"\n" for line in lines)
    table = tables.table_of([], np.zeros((0, 2)), n_buckets)
    if words:
        scanned = _joined(parts)
        memory, totals, several = word_counts(scanner, scanned, len(scanned.places) - 1)
        met = np.flatnonzero(totals)
        counts = np.stack([totals[met], 1 + several[met]], axis=1)
        codes, borders = encoded(memory.words(met))
        table = tables.laid_out(codes, borders, counts, n_buckets)
    values = {
        "n_articles": len(ids) - len(dropped), "n_labelled": len(lines), "digest": reading.digest,
        "skipped": reading.log.table.by_reason(), "n_skipped": reading.log.table.total() + len(dropped),
        "labelled_bytes": sum(map(len, lines)),
    }  # fmt: skip
    return table.arrays() | {"ids": np.frombuffer(b"".join(ids), np.uint64).reshape(-1, 2)}, values


def _places(reading: Reading) -> Iterator[tuple[int, Article]]:
    yield from enumerate(reading.with_repeated())


def _digest(identity: str | None) -> bytes:
    """16 bytes for an id; zeros for none, which no other repeats."""
    return (
        bytes(16) if identity is None else blake2b(identity.encode("utf-8", "surrogatepass"), digest_size=16).digest()
    )


def _row(article: Article) -> dict[str, Any]:
    row = article.to_row()
    return row if article.id else row | {"id": article.content_id}


def _joined(parts: list[Scanned]) -> Scanned:
    """Scans of one scanner laid end to end."""
    if not parts:
        return Scanner().scan([])
    ids, starts, ends = (np.concatenate([part[k] for part in parts]) for k in range(3))
    return Scanned(ids, starts, ends, _end_to_end([part.places for part in parts]))


def _end_to_end(places: list[NDArray[np.int64]]) -> NDArray[np.int64]:
    firsts = np.cumsum([0, *(int(one[-1]) for one in places)])
    return np.concatenate([[0], *(one[1:] + first for one, first in zip(places, firsts, strict=False))])


# terms --------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def analyzer_of(path: str, version: str) -> Analyzer:  # noqa: ARG001 - a file of other content has another version
    """The analyzer that a task of learning left in a file."""
    return Analyzer.from_settings(read_values(path)["analyzer"])


@kept
def count(
    *,
    partition: list[Any],
    dropped: list[int],
    analyzer: str,
    version: str,
    title_weight: int,
    n_buckets: int,
) -> Any:
    """The terms of a partition, by its own vocabulary: counts, document frequencies, spellings."""
    reading = Reading(Partition(*partition), frozenset(dropped))
    batch = BatchAnalyzer(analyzer_of(analyzer, version))
    bodies, owners, everything = _read_terms(reading, batch, title_weight)
    used = np.unique(everything.ids)
    ordered = batch.form_memory.in_order(used.astype(np.int32))
    columns = np.full(int(used.max(initial=-1)) + 1, -1, np.int32)
    columns[ordered] = np.arange(len(ordered), dtype=np.int32)
    n_articles = len(bodies.places) - 1
    counts = sum_rows(form_counts(everything.ids, everything.places, columns, len(ordered)), owners, n_articles)
    own = counts if title_weight == 1 else form_counts(bodies.ids, bodies.places, columns, len(ordered))
    frequency = document_frequency(own)
    forms = batch.form_memory.words(ordered)
    codes, places = encoded(forms)
    met = frequency > 0
    table = tables.table_of(
        [form for form, one in zip(forms, met.tolist(), strict=True) if one], frequency[met, None], n_buckets
    )
    arrays = csr_arrays(counts) | table.arrays("df_") | {"form_codes": codes, "form_places": places}
    return arrays | _spellings(bodies, batch, columns), {"n_articles": n_articles, "n_pairs": int(counts.nnz)}


def _read_terms(reading: Reading, batch: BatchAnalyzer, title_weight: int) -> tuple[Terms, NDArray[np.int64], Terms]:
    """Terms of the articles; and those of titles that count more than once behind them, with their articles."""
    texts: list[Terms] = []
    titles: list[Terms] = []
    owners: list[NDArray[np.int64]] = []
    first = 0
    for articles in batches(reading.articles(), TOGETHER):
        full, own = full_texts(articles, title_weight)
        texts.append(batch.read(full[: len(articles)], sources=True))
        titles.append(batch.read(full[len(articles) :]))
        owners.append(own[len(articles) :] + first)
        first += len(articles)
    bodies = _one(texts)
    if title_weight == 1:
        return bodies, np.arange(first), bodies
    return bodies, np.concatenate([np.arange(first), *owners]), _one([*texts, *titles])


def _one(parts: list[Terms]) -> Terms:
    if not parts:
        return Terms(np.zeros(0, np.int32), np.zeros(0, np.int32), np.zeros(1, np.int64))
    ids, sources = (np.concatenate([part[k] for part in parts]) for k in range(2))
    return Terms(ids, sources, _end_to_end([part.places for part in parts]))


def _spellings(terms: Terms, batch: BatchAnalyzer, columns: NDArray[np.int32]) -> dict[str, NDArray[Any]]:
    """How terms are written in this partition; the key of a spelling ends with what people are shown."""
    shown, form, totals, several = shown_counts(terms, batch)
    keys = [
        f"{key}{APART}{name}" for key, name in zip(shown_keys(shown, batch), shown_names(shown, batch), strict=True)
    ]
    codes, places = encoded(keys)
    return {
        "shown_codes": codes, "shown_places": places, "shown_columns": columns[form],
        "shown_counts": np.stack([totals, 1 + several], axis=1),
    }  # fmt: skip


# matrices -----------------------------------------------------------------------------------------------------


@kept
def place(*, counted: str, vocabulary: str, watched: list[int], random_state: int, n_buckets: int) -> Any:
    """The counts of a partition by the columns of the vocabulary, some tokens of watched articles held out."""
    from topics.estimators.engines import halves

    arrays = read_arrays(counted)
    known = read_arrays(vocabulary, "codes", "places")
    columns = tables.Finder(known["codes"], known["places"]).find(arrays["form_codes"], arrays["form_places"])
    counts = _moved(csr_of(arrays), columns, len(known["places"]) - 1)
    seen, wanted = counts.copy(), counts[watched]
    if watched:
        given, wanted = halves(counts[watched].astype(np.float64), random_state)
        at = np.concatenate([np.arange(counts.indptr[row], counts.indptr[row + 1]) for row in watched])
        seen.data[at] = given.data
    shown = _placed_spellings(arrays, columns, n_buckets)
    held = {f"wanted_{name}": array for name, array in csr_arrays(wanted).items()}
    values = {"n_articles": counts.shape[0], "n_pairs": int(counts.nnz), "n_tokens": float(counts.data.sum())}
    return csr_arrays(seen) | held | shown.arrays("shown_") | {"watched": np.array(watched, np.int64)}, values


def _moved(counts: csr_matrix, columns: NDArray[np.int32], n_terms: int) -> csr_matrix:
    """The same counts by other columns; those of forms without one are left out. Columns ascend as forms do."""
    moved = columns[counts.indices]
    held = moved >= 0
    before = np.concatenate([[0], np.cumsum(held)])
    parts = {
        "data": counts.data[held], "indices": moved[held], "indptr": before[counts.indptr],
        "shape": np.array([counts.shape[0], n_terms]),
    }  # fmt: skip
    return csr_of(parts)


def _placed_spellings(arrays: dict[str, NDArray[Any]], columns: NDArray[np.int32], n_buckets: int) -> tables.Table:
    """Spellings of the vocabulary's terms; the key begins with the column."""
    column = columns[arrays["shown_columns"]]
    text = arrays["shown_codes"].tobytes().decode("utf-32-le", "surrogatepass")
    places = arrays["shown_places"]
    held = np.flatnonzero(column >= 0)
    keys = [
        f"{own}{APART}{text[begin:end]}"
        for own, begin, end in zip(column[held].tolist(), places[held].tolist(), places[held + 1].tolist(), strict=True)
    ]
    return tables.table_of(keys, arrays["shown_counts"][held], n_buckets)


def best_spellings(table: tables.Table, terms: list[str]) -> dict[str, str]:
    """The spelling that each term is shown in, of a merged table: see `topics.features.learning.spellings_of`."""
    best: dict[int, tuple[int, str]] = {}
    for key, (total, _) in zip(table.words(), table.counts.tolist(), strict=True):
        column, _, name = key.split(APART)
        mine = (-total, name)
        if int(column) not in best or mine < best[int(column)]:
            best[int(column)] = mine
    found = {terms[column]: name for column, (_, name) in sorted(best.items())}
    return {term: name for term, name in found.items() if name != term}


def write_json(path: str, values: Values) -> None:
    """JSON values as a file for tasks to read."""
    write_arrays(path, {}, values)


def version_of(values: Values) -> str:
    """A few digits that tell values from others."""
    return blake2b(json.dumps(values, sort_keys=True).encode(), digest_size=8).hexdigest()
