"""Articles with dates and newspapers, of three subjects with words of their own, written for tests of topics."""

from __future__ import annotations

import datetime as dt

import numpy as np

from topics import Article, Corpus

SPORT = "المنتخب المباراة اللاعب البطولة النادي المدرب الملعب الهدف الدوري الكأس الجمهور الشوط".split()
SECURITY = "الشرطة المتهم السرقة المخدرات المحكمة السجن العصابة التحقيق القاضي الجريمة الضحية النيابة".split()
WHEAT = "القمح الفلاح المحصول الحقول الأمطار الزيتون السدود المطاحن الأسعار الحصاد البذور الري".split()
SUBJECTS = (SPORT, SECURITY, WHEAT)
SOURCES = ("الأفق", "الميناء", "الرصيف")


def dated_corpus(n_articles: int = 90, *, seed: int = 0, n_words: int = 40, mixed: bool = True) -> Corpus:
    """Articles in turn of each subject with some words of the others; two years, three newspapers."""
    rng = np.random.default_rng(seed)
    articles = []
    for number in range(n_articles):
        mine = number % 3
        # One word in eight is of another subject, so that topics have something to share.
        subjects = np.where((rng.random(n_words) < 7 / 8) | (not mixed), mine, rng.integers(0, 3, n_words))
        words = [SUBJECTS[subject][int(rng.integers(12))] for subject in subjects]
        lines = [" ".join(words[:20]) + ".", " ".join(words[20:]) + "."]
        articles.append(
            Article(
                text="\n".join(lines), id=f"d{number:03}", title=f"خبر {words[0]}",
                date=dt.date(2023 + number % 2, 1 + number % 12, 1 + number % 28), source=SOURCES[number // 3 % 3],
                extra={"desk": "أ" if number % 4 else "ب"},
            )
        )  # fmt: skip
    return Corpus(articles)
