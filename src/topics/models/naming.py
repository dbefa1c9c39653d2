"""Names for topics that nobody named: the terms that name things, in original spelling.

The rule, from what the model itself keeps. A topic's terms are gone through in order of relevance (the first
30). A term names something when at least one in thirty of its occurrences in the analyzer's reference counts
stands after the article ال or the preposition ب, which stand before nouns and adjectives, never before a verb;
a phrase when one of its words does. Terms of one or two letters, numbers, and words that only count or date
(ألف, ساعة, الأول) name nothing. A word of a phrase among the first ten gives its place to the phrase, and a
term that begins with the same four letters as one taken before is left out: ليبيا says what الليبية says. The
first three are the name; where fewer are found, the most relevant of the others fill it up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from topics.features.matrix import TermMatrix

N_TERMS = 3
DEPTH = 30
JOIN = " · "
_SHARE = 1 / 30
_ARTICLE = ("ال", "وال", "فال", "بال", "كال", "لل", "ولل", "وبال")
_BEFORE_NOUNS = (*_ARTICLE, "ب", "وب")
_OTHERS = ("", "و", "ف", "ل", "ك", "س", "ول", "وس")

# Folded, without the article. They count, measure or date, so they stand in any topic.
_COUNTING = frozenset(
    """
    واحد واحده احد احدي اثنان اثنين ثلاثه ثلاث اربعه اربع خمسه خمس سته ست سبعه سبع ثمانيه ثماني تسعه
    تسع عشره عشر عشرين ثلاثين اربعين خمسين ستين سبعين ثمانين تسعين مئه مائه مئتين مئات عشرات الف
    الاف مليون ملايين مليار مليارات نصف ثلث ربع عدد رقم نسبه اول اولي ثاني ثانيه ثالث ثالثه رابع
    رابعه خامس خامسه سادس سادسه سابع سابعه ثامن ثامنه تاسع تاسعه عاشر عاشره اخير اخيره ماضي ماضيه
    مقبل مقبله حالي حاليه جاري سنه سنوات عام اعوام شهر اشهر شهور اسبوع اسابيع يوم ايام يومين ساعه
    ساعات دقيقه دقائق ثواني مره مرات صباح مساء امس غد كيلومتر كيلومترا متر مترا امتار كلم كيلوغرام
    كلغ طن درجه سنتيمتر ثلاثاء اربعاء خميس جمعه سبت
    """.split()
)


def topic_names(matrix: TermMatrix, ranked: Sequence[Sequence[int]], given: Mapping[int, str]) -> list[str]:
    """A name for each topic.

    Parameters
    ----------
    matrix : TermMatrix
        With the spellings and the reference counts.
    ranked : sequence of sequence of int
        The columns of each topic's terms, most relevant first.
    given : mapping of int to str
        Names that people gave, by topic; the others are made by the rule above.
    """
    found = []
    for topic, columns in enumerate(ranked):
        if topic in given:
            found.append(given[topic])
            continue
        terms = [matrix.terms[column] for column in columns[:DEPTH]]
        found.append(JOIN.join(matrix.spelled(term) for term in naming_terms(terms, matrix.analyzer.counts)))
    return found


def naming_terms(terms: Sequence[str], counts: Mapping[str, int]) -> list[str]:
    """The terms that a topic is called by, of those it has, most relevant first."""
    parts = {term: term.replace("_", " ").split(" ") for term in terms}
    phrases = [term for term in terms[:10] if len(parts[term]) > 1]
    taken: list[str] = []
    for word in terms:
        if len(taken) == N_TERMS:
            break
        term = next((phrase for phrase in phrases if word in parts[phrase]), word)
        if any(term[:4] == other[:4] for other in taken):
            continue
        if any(is_noun_like(part, counts) for part in parts[term]):
            taken.append(term)
    rest = [term for term in terms if term not in taken]
    return [*taken, *rest[: N_TERMS - len(taken)]]


def is_noun_like(word: str, counts: Mapping[str, int]) -> bool:
    """Whether the reference counts show a form after the article or the preposition ب, and it does not only count."""
    if len(word) < 3 or word in _COUNTING:
        return False
    nominal = sum(counts.get(before + word, 0) for before in _BEFORE_NOUNS)
    total = nominal + sum(counts.get(before + word, 0) for before in _OTHERS)
    return nominal > 0 and nominal >= _SHARE * total
