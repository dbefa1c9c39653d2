"""Topic models beside each other: seconds, perplexity, NPMI, planted topics, cost of doubling.

    python benchmarks/lda.py CORPUS.jsonl.gz [--seeds 5] [--topics 20 100] [--workers 1 2] [--clock cpu] [--quick]

Paired and alternating in one process: for each seed tomotopy, then ours, on the same counts; medians over
seeds. Where others use the machine, --clock cpu counts the seconds that the process had a processor: with one
worker those of an idle machine. Perplexity is by document completion on a tenth of the articles, the same estimator for all; NPMI is
gensim's c_npmi of the ten most probable terms, on the training articles. Reading the corpus, handing it
to a library and compiling count for nobody.
"""

from __future__ import annotations

import argparse
import os
import platform
import time
import warnings
from collections import defaultdict
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from importlib.metadata import version
from multiprocessing import get_context
from pathlib import Path
from statistics import median

import numpy as np
from scipy.optimize import linear_sum_assignment
from scipy.sparse import csr_matrix, vstack

from topics.estimators import LdaTopics, infer_mixtures
from topics.estimators.engines import halves
from topics.estimators.kernels import log_likelihood

N_TERMS = 20_000
ITERATIONS = 200  # of tomotopy
SWEEPS = 60
ETA = "auto"  # of the fast engine: learnt, as its alpha is


class Clock:
    """Seconds, by the wall until told otherwise."""

    def __init__(self) -> None:
        self.read = time.perf_counter

    def __call__(self) -> float:
        return self.read()


clock = Clock()


class Data:
    """Counts of a corpus, a tenth of its articles held out."""

    def __init__(self, path: str) -> None:
        from topics import Corpus
        from topics.features import counts as count

        articles = list(Corpus.read(path))
        vectorizer = count(min_df=2)
        counts = csr_matrix(vectorizer.fit_transform(articles), dtype=np.float64)
        frequent = np.argsort(-np.bincount(counts.indices, minlength=counts.shape[1]), kind="stable")
        kept = np.sort(frequent[:N_TERMS])
        self.terms = np.array(vectorizer.get_feature_names_out(), dtype=object)[kept]
        order = np.random.default_rng(0).permutation(len(articles))
        n_test = len(articles) // 10
        self.test = counts[np.sort(order[:n_test])][:, kept]
        train = np.sort(order[n_test:])
        self.train = counts[train][:, kept]
        self.train.sort_indices()
        self.texts = [vectorizer.analyzer_(articles[i].full) for i in train]

    def perplexity(self, topic_term: np.ndarray, alpha: np.ndarray) -> float:
        given, wanted = halves(self.test, 0)
        mixtures = infer_mixtures(given, topic_term, alpha, max_iter=200)
        return float(np.exp(-log_likelihood(wanted, mixtures, topic_term) / wanted.sum()))

    def npmi(self, models: list[np.ndarray]) -> list[float]:
        """Mean NPMI of each model's topics, all of them in one pass over the articles."""
        from gensim.corpora import Dictionary
        from gensim.models import CoherenceModel

        top = [self.terms[np.argsort(-topic)[:10]].tolist() for model in models for topic in model]
        scorer = CoherenceModel(
            topics=top, texts=self.texts, dictionary=Dictionary(self.texts), coherence="c_npmi", processes=1
        )
        scores = iter(scorer.get_coherence_per_topic())
        return [float(np.mean([next(scores) for _ in model])) for model in models]


# Each trainer: counts, number of topics, seed, workers -> seconds, P(term | topic), alpha.


def tomotopy(counts, n_topics, seed, workers=1, iterations=ITERATIONS):
    import tomotopy as tp

    model = tp.LDAModel(k=n_topics, seed=seed)
    for row in counts:
        model.add_doc([str(term) for term in np.repeat(row.indices, row.data.astype(int))])
    model.train(0, workers=1)
    start = clock()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it says that two workers are not deterministic
        model.train(iterations, workers=workers)
    seconds = clock() - start
    topic_term = np.full((n_topics, counts.shape[1]), 1e-9)
    for k in range(n_topics):
        topic_term[k, [int(term) for term in model.used_vocabs]] = model.get_topic_word_dist(k)
    topic_term /= topic_term.sum(axis=1, keepdims=True)
    return seconds, topic_term, np.asarray(model.alpha, dtype=np.float64)


def ours(counts, n_topics, seed, workers=1, n_sweeps=SWEEPS, tol=0.0, engine="fast"):
    settings = {
        "eta": ETA if engine == "fast" else 0.01,
        "n_sweeps": n_sweeps,
        "tol": tol,
        "memory": "8GiB",
        "n_jobs": workers,
    }
    model = LdaTopics(n_topics, engine=engine, random_state=seed, **settings)
    start = clock()
    model.fit(counts)
    return clock() - start, model.topic_term_, model.alpha_


def gensim(counts, n_topics, seed, passes=10):
    from gensim.matutils import Sparse2Corpus
    from gensim.models import LdaModel
    from gensim.utils import FakeDict

    settings = {"alpha": "auto", "eta": 0.01, "passes": passes, "chunksize": 1000, "eval_every": None}
    start = clock()
    model = LdaModel(
        [list(row) for row in Sparse2Corpus(counts, documents_columns=False)],
        n_topics,
        FakeDict(counts.shape[1]),
        random_state=seed,
        dtype=np.float64,
        **settings,
    )
    return clock() - start, model.get_topics(), np.asarray(model.alpha, dtype=np.float64)


def scikit_learn(counts, n_topics, seed, max_iter=10):
    from sklearn.decomposition import LatentDirichletAllocation

    settings = {"learning_method": "online", "topic_word_prior": 0.01, "random_state": seed}
    model = LatentDirichletAllocation(n_topics, max_iter=max_iter, **settings)
    start = clock()
    model.fit(counts)
    seconds = clock() - start
    topic_term = model.components_ / model.components_.sum(axis=1, keepdims=True)
    return seconds, topic_term, np.full(n_topics, model.doc_topic_prior_)


def sweeps_to(data: Data, wanted: float, n_topics: int, seed: int) -> int:
    """The first sweep of ours after which the perplexity is at most `wanted`."""
    found = []

    def look(state):
        components = state["counts"].T.astype(np.float64) + state["eta"]
        topic_term = components / components.sum(axis=1, keepdims=True)
        if not found and data.perplexity(topic_term, state["alpha"]) <= wanted:
            found.append(len(state["perplexities"]))
            raise StopIteration

    model = LdaTopics(n_topics, random_state=seed, n_sweeps=SWEEPS, tol=0, memory="8GiB", eta=ETA)
    with suppress(StopIteration):
        model.fit(data.train, on_sweep=look)
    return found[0] if found else SWEEPS


def compare(data: Data, n_topics: int, seeds: range, workers: int, *, slow: bool) -> None:
    """One table: rows are ways, columns medians over seeds."""
    rows, models = defaultdict(list), defaultdict(list)

    def note(name, result):
        seconds, topic_term, alpha = result
        rows[name].append((seconds, data.perplexity(topic_term, alpha)))
        models[name].append(topic_term)

    ways = {"to tomotopy's perplexity": None, f"{SWEEPS} sweeps": {}, "as it stops": {"n_sweeps": 100, "tol": 1e-3}}
    for seed in seeds:
        note("tomotopy", tomotopy(data.train, n_topics, seed, workers))
        wanted = rows["tomotopy"][-1][1]
        for name, settings in ways.items():
            chosen = settings
            if chosen is None:
                chosen = {"n_sweeps": sweeps_to(data, wanted, n_topics, seed)}
            note(f"ours, {name}", ours(data.train, n_topics, seed, workers, **chosen))
    if slow:
        note("gensim, 10 passes", gensim(data.train, n_topics, seeds[0]))
        note("ours, engine gensim", ours(data.train, n_topics, seeds[0], n_sweeps=10, engine="gensim"))
        note("scikit-learn, online", scikit_learn(data.train, n_topics, seeds[0]))
    flat = data.npmi([model for group in models.values() for model in group])
    scores = {name: [flat.pop(0) for _ in group] for name, group in models.items()}
    show(f"K = {n_topics}, workers = {workers}", rows, scores)


def show(title: str, rows: dict, scores: dict) -> None:
    print(f"\n| {title} | seconds | tomotopy's seconds / these | perplexity | NPMI | NPMI - tomotopy's, 95 % |")
    print("|---|---|---|---|---|---|")
    for name, pairs in rows.items():
        peers = rows["tomotopy"][: len(pairs)]
        ratio = median(peer[0] / pair[0] for peer, pair in zip(peers, pairs, strict=True))
        seconds, perplexity = (median(column) for column in zip(*pairs, strict=True))
        gaps = np.subtract(scores[name], scores["tomotopy"][: len(pairs)])
        print(
            f"| {name} | {seconds:.2f} | {ratio:.1f} | {perplexity:.0f} | {median(scores[name]):.3f} | {interval(gaps)} |"
        )


def interval(gaps: np.ndarray) -> str:
    """Mean and Student's interval of paired differences."""
    from scipy.stats import t

    if len(gaps) < 2 or not gaps.any():
        return "-"
    half = t.ppf(0.975, len(gaps) - 1) * gaps.std(ddof=1) / len(gaps) ** 0.5
    return f"{gaps.mean():+.3f} [{gaps.mean() - half:+.3f}, {gaps.mean() + half:+.3f}]"


def plant(n_articles: int, n_topics: int, seed: int) -> tuple[csr_matrix, np.ndarray]:
    """Articles of 100 tokens drawn from known topics over 2,000 terms: alpha .1, eta .01."""
    rng = np.random.default_rng(seed)
    topics = rng.dirichlet(np.full(2000, 0.01), n_topics)
    mixtures = rng.dirichlet(np.full(n_topics, 0.1), n_articles)
    rows = [rng.multinomial(100, mixture @ topics) for mixture in mixtures]
    return csr_matrix(np.vstack(rows), dtype=np.float64), topics


def overlap(found: np.ndarray, planted: np.ndarray) -> float:
    """Mean over topics, matched one to one, of the probability that two have in common."""
    shared = np.array([[np.minimum(a, b).sum() for b in planted] for a in found])
    return float(shared[linear_sum_assignment(-shared)].mean())


def compare_planted(n_seeds: int) -> None:
    print("\n| planted topics: mean overlap | tomotopy | ours | ours - tomotopy's, 95 % |\n|---|---|---|---|")
    for n_articles, n_topics in ((600, 10), (1500, 15)):
        pairs = []
        for seed in range(n_seeds):
            counts, planted = plant(n_articles, n_topics, seed)
            both = tomotopy(counts, n_topics, seed), ours(counts, n_topics, seed, n_sweeps=100, tol=1e-3)
            pairs.append([overlap(result[1], planted) for result in both])
        peer, own = np.mean(pairs, axis=0)
        gaps = np.subtract(*np.transpose(pairs)[::-1])
        print(
            f"| {n_articles:,} articles, K = {n_topics}, {n_seeds} seeds | {peer:.3f} | {own:.3f} | {interval(gaps)} |"
        )


def compare_gensim(counts: csr_matrix, numbers_of_topics: list[int], passes: int = 5, repeats: int = 3) -> None:
    """The same training by gensim and with the compiled E-step, in turn; how far the gammas of a chunk are apart."""
    from gensim.models import LdaModel
    from gensim.utils import FakeDict

    from topics.estimators.gensim_engine import CompiledLdaModel, Rows

    print(f"\n| gensim, {passes} passes | its seconds | compiled E-step | times, median | gamma apart, at most |")
    print("|---|---|---|---|---|")
    pairs = [[*zip(row.ids.tolist(), row.counts.tolist(), strict=True)] for row in Rows(counts)]
    settings = {"alpha": "auto", "eta": 0.01, "chunksize": 1000, "eval_every": None, "dtype": np.float64}
    for n_topics in numbers_of_topics:
        times, gammas = [], []
        for kind, corpus in [(LdaModel, pairs), (CompiledLdaModel, Rows(counts))] * repeats:
            start = clock()
            kind(corpus, n_topics, FakeDict(counts.shape[1]), random_state=0, passes=passes, **settings)
            times.append(clock() - start)
            fresh = kind(None, n_topics, FakeDict(counts.shape[1]), random_state=0, **settings)
            gammas.append(fresh.inference(pairs[:1000])[0])
        apart = np.abs(np.subtract(*gammas[:2])).max()
        ratio = median(slow / fast for slow, fast in zip(times[::2], times[1::2], strict=True))
        print(f"| K = {n_topics} | {median(times[::2]):.2f} | {median(times[1::2]):.2f} | {ratio:.1f} | {apart:.1e} |")


def show_doubling(counts: csr_matrix) -> None:
    """Least seconds of 30 sweeps when articles or topics double; the larger corpora repeat the articles."""
    print("\n| doubling, 30 sweeps | seconds | times the row before |\n|---|---|---|")
    many = vstack([counts] * -(-40_000 // counts.shape[0]), format="csr")
    articles = [(f"{n:,} articles, K = 20", many[:n], 20) for n in (10_000, 20_000, 40_000)]
    topics = [(f"{counts.shape[0]:,} articles, K = {k}", counts, k) for k in (25, 50, 100, 200)]
    for group in (articles, topics):
        times = {name: [] for name, _, _ in group}
        for seed in range(4):
            for name, matrix, n_topics in group:
                times[name].append(ours(matrix, n_topics, seed, n_sweeps=30)[0])
        before = None
        for name, seconds in times.items():
            paired = "-" if before is None else f"{min(seconds) / before:.2f}"
            print(f"| {name} | {min(seconds):.2f} | {paired} |")
            before = min(seconds)


def most_memory(counts: csr_matrix, memory: str | None, n_topics: int) -> tuple[float, np.ndarray, np.ndarray]:
    """MiB that a training took at most, on Linux, above what the process had before; tomotopy's for no `memory`."""

    def status(name: str) -> float:
        lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
        return next(float(line.split()[1]) for line in lines if line.startswith(name)) / 1024

    settings = {"n_topics": n_topics, "n_sweeps": 40, "tol": 0, "eta": ETA}
    LdaTopics(**settings, memory=memory or "1GiB").fit(counts[:200])  # compiles
    Path("/proc/self/clear_refs").write_text("5", encoding="utf-8")  # the most so far is forgotten
    before = status("VmRSS")
    if memory is None:
        _, topic_term, alpha = tomotopy(counts, n_topics, 0)
    else:
        model = LdaTopics(**settings, memory=memory).fit(counts)
        topic_term, alpha = model.topic_term_, model.alpha_
    return status("VmHWM") - before, topic_term, alpha


def show_memory(data: Data, n_topics: int) -> None:
    """Each way in a process of its own; 40 sweeps of ours."""
    print(f"\n| K = {n_topics} | MiB at most, the corpus and the model included | perplexity |\n|---|---|---|")
    for memory in (None, "1GiB", "64MiB", "32MiB"):
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
            mib, topic_term, alpha = pool.submit(most_memory, data.train, memory, n_topics).result()
        name = "tomotopy" if memory is None else f"ours, memory={memory}"
        print(f"| {name} | {mib:.0f} | {data.perplexity(topic_term, alpha):.0f} |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", help="JSON Lines, a text an article")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--topics", type=int, nargs="+", default=[20, 100])
    parser.add_argument("--workers", type=int, nargs="+", default=[1])
    parser.add_argument("--clock", choices=["wall", "cpu"], default="wall")
    parser.add_argument("--quick", action="store_true", help="without gensim, scikit-learn, planted and doubling")
    arguments = parser.parse_args()
    clock.read = time.process_time if arguments.clock == "cpu" else time.perf_counter
    names = ("tomotopy", "gensim", "scikit-learn", "numba", "numpy", "arabic-topics")
    print(", ".join(f"{name} {version(name)}" for name in names))
    print(
        f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.machine()}, {arguments.clock} seconds"
    )
    data = Data(arguments.corpus)
    n_articles, n_terms = data.train.shape
    print(
        f"{n_articles:,} training articles, {n_terms:,} terms, {data.train.nnz:,} pairs, {data.test.shape[0]:,} held out"
    )
    for engine in ("fast", "gensim"):  # compiles
        ours(data.train[:200], 4, 0, n_sweeps=3, engine=engine)
    for workers in arguments.workers:
        for n_topics in arguments.topics:
            slow = workers == 1 and not arguments.quick
            compare(data, n_topics, range(arguments.seeds), workers, slow=slow)
    if not arguments.quick:
        compare_gensim(data.train, arguments.topics)
        compare_planted(max(10, arguments.seeds))
        show_memory(data, 100)
        show_doubling(data.train)


if __name__ == "__main__":
    main()
