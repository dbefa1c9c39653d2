import json
import random
import tracemalloc

import pytest

from topics.corpus import Article, Corpus
from topics.errors import SettingsError


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "a.jsonl"
    lines = [json.dumps({"id": f"n{number}", "text": f"خبر رقم {number}"}) for number in range(200)]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_a_sample_is_the_same_whatever_the_order_of_the_file(path, tmp_path, seed):
    sample = Corpus.read(path, sample=20)
    lines = path.read_text(encoding="utf-8").splitlines()
    random.Random(seed).shuffle(lines)
    shuffled = tmp_path / "b.jsonl"
    shuffled.write_text("\n".join(lines), encoding="utf-8")
    assert len(sample) == 20
    assert {article.id for article in sample} == {article.id for article in Corpus.read(shuffled, sample=20)}
    numbers = [int(article.id[1:]) for article in sample]
    assert numbers == sorted(numbers)
    assert {article.id for article in Corpus.read(path, sample=10)} < {article.id for article in sample}
    assert len(Corpus.read(path, sample=1000)) == 200


@pytest.mark.parametrize("sample", [0, -1, 1.5, True, "3"])
def test_a_sample_is_a_number_of_articles(path, sample):
    with pytest.raises(SettingsError, match="sample is a number"):
        Corpus.read(path, sample=sample)


def test_a_stream_gives_the_same_articles_and_says_what_it_skipped(path):
    with path.open("a", encoding="utf-8") as file:
        file.write("\nbroken\n")
    stream = Corpus.stream(path)
    first = next(stream)
    assert isinstance(first, Article)
    assert stream.skipped == ()
    assert [first, *stream] == list(Corpus.read(path))
    assert [row.line for row in stream.skipped] == [201]


def test_an_article_without_an_id_has_the_same_one_streamed_and_read(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "خبر عن الميناء"}', encoding="utf-8")
    assert next(Corpus.stream(path)).id == Corpus.read(path)[0].id == Article("خبر عن الميناء").content_id


@pytest.mark.parametrize("suffix", ["jsonl", "csv"])
def test_streaming_memory_does_not_grow_with_the_file(tmp_path, suffix):
    body = "خبر طويل عن الميناء والمدينة " * 40

    def peak(n):
        path = tmp_path / f"{n}.{suffix}"
        with path.open("w", encoding="utf-8") as file:
            file.write("id,text\n" if suffix == "csv" else "")
            for number in range(n):
                file.write(
                    f"{number},{body}\n" if suffix == "csv" else json.dumps({"id": str(number), "text": body}) + "\n"
                )
        tracemalloc.start()
        assert sum(1 for _ in Corpus.stream(path)) == n
        top = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return top

    assert peak(4000) < peak(1000) + 200_000
