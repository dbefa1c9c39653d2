"""Take conjunctions, articles and prepositions off a word, by what is attested and never by shape alone.

وزير begins with the letter that also means "and". What decides is a table of reference counts: how
often the whole word, and what would be left of it, occur in news. The rules take unfolded spelling,
because أل with hamza is never the article; the table's words are folded (`fold_word`).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from topics.arabic import letters

_FOLD = str.maketrans({**letters.FOLDS["alef"], **letters.FOLDS["maqsura"], **letters.FOLDS["teh"]})

# The relative pronouns and God's name begin with an article that is part of them; the countries with none.
PROTECTED = frozenset(
    (
        "الله اللهم التي الذي الذين اللذان اللذين اللتان اللتين اللواتي اللاتي اللائي الان الآن المانيا "
        "الماني المانية البانيا الاسكا الو الف الفي الفا الفين الاف الم الما الماس اليات الية الي"
    ).split()
)
GOD = {"لله": "الله", "بالله": "الله", "تالله": "الله"}
# After these a waw is "and" whatever the counts say: verbs of saying open every second sentence of news.
ALWAYS_STRIPPED = frozenset(
    (
        "وقال وقالت وأكد وأكدت واكد واكدت وأضاف وأضافت واضاف واضافت وكان وكانت وأوضح وأوضحت واوضح واوضحت "
        "وأشار وأشارت واشار واشارت وذكر وذكرت وأعلن وأعلنت واعلن واعلنت وتابع وتابعت وأعرب وأعربت وأفاد "
        "وأفادت وشدد وشددت ودعا ودعت ويأتي وتأتي ويذكر فقال فقالت فيقول فأكد فأكدت فكان فكانت فأعلن"
    ).split()
)
# No long word begins with waw and one of these: what the roots that do (وأد, وأل) give is too short. The folded counts
# cannot tell: وأغلق "and closed" is more frequent in market news than أغلق.
HAMZA_ALEFS = "أإآ"
# Words that happen to be waw or feh before a function word.
LEXICAL = frozenset(("ولي فهم وهم فيما وفق وفاق فريق وحدة وحده فوق فلكي واحد فراس فادي فارس فوزي فاتن فكري").split())

# Verbs and verbal nouns of form VIII from roots with ل first (لزم, لقي, لقط, لحق ...): their ال is root and infix.
_FORM_EIGHT_STEMS = (
    "زام زم قاء قى قي قت قوا قيا قين قاط قط حاق حق هاب هب هام ماس مس فات فت فاف جاء جأ حام حم باس بس "
    "واء وى ئام أم صاق صق"
).split()
_FORM_EIGHT_ENDINGS = ("", *"ت تا وا نا ا ه ها هم هما ات اته اتها اتهم اتنا".split())


@cache
def form_eight() -> frozenset[str]:
    """Words that begin with ال and have no article, because the root begins with ل."""
    return frozenset(f"الت{stem}{ending}" for stem in _FORM_EIGHT_STEMS for ending in _FORM_EIGHT_ENDINGS)


_TWO = 2
_THREE = 3
FEH_RATIO = 20
Count = Callable[[str], int]


def fold_word(word: str) -> str:
    """The spelling under which the reference counts know a word: alef, maqsura and teh marbuta folded."""
    return word.translate(_FOLD)


def strip_clitics(word: str, count: Count, function_words: frozenset[str]) -> str:
    """What is left of `word` without its conjunction, article and preposition.

    Parameters
    ----------
    word : str
        Spelling without marks, not folded.
    count : callable
        Folded word -> how often the reference text holds it, 0 for a word it does not know.
    function_words : frozenset of str
        Spellings before which و and ف are always conjunctions.
    """
    if word in PROTECTED:
        return word
    if word in GOD:
        return GOD[word]
    word = _without_conjunction(word, count, function_words)
    if word in PROTECTED or word in function_words:
        return word
    return GOD.get(word) or _without_article(word, count) or _without_preposition(word, count, function_words)


def _without_conjunction(word: str, count: Count, function_words: frozenset[str]) -> str:
    rest = word[1:]
    if word[0] not in "وف" or word in LEXICAL:
        return word
    if word in ALWAYS_STRIPPED or rest in function_words or rest in GOD:
        return rest
    if len(rest) < _THREE:
        return word
    if word[0] == "و" and rest[0] in HAMZA_ALEFS:
        return rest
    whole, left = count(fold_word(word)), count(fold_word(rest))
    if rest.startswith(("ال", "لل")):
        # والي, والد, والدته: the remainder only looks like a word with the article.
        named = len(rest) < 2 + _TWO or (len(rest) < 2 + _THREE and whole > left) or (whole > 0 and left == 0)
        return word if named else rest
    if word[0] == "ف":
        # News writes و for "and"; ف before a noun is rare, and فكرة (idea) is not ف + كرة (ball).
        # A short word that nobody has seen is a name sooner than ف and a word: فراس, فادي.
        enough = left > 0 and left >= FEH_RATIO * whole and (whole > 0 or len(word) >= 5)
        return rest if enough else word
    if left >= whole > 0 or (left > 0 and whole == 0):
        return rest
    return rest if whole == left == 0 and len(word) >= 5 else word


def _has_article(word: str, count: Count) -> bool:
    """Whether the ال that `word` begins with is the article.

    Arabic never doubles its article, so التزام is a word of its own where الالتزام is attested; and verbs of
    form VIII of the roots that begin with ل, such as التقى, have none.
    """
    rest = word[2:]
    if len(rest) < _TWO or word in PROTECTED or word in form_eight():
        return False
    return count("ال" + fold_word(word)) <= count(fold_word(rest))


def _without_article(word: str, count: Count) -> str | None:
    """The word without ال, بال, كال or لل; None where it has no article."""
    if word.startswith("ال"):
        return word[2:] if _has_article(word, count) else word
    if word.startswith(("بال", "كال")) and len(word) >= 3 + _TWO:
        inner = word[1:]
        attested = count(fold_word(inner)) + count(fold_word(inner[2:]))
        if attested >= count(fold_word(word)):
            return inner[2:] if _has_article(inner, count) else inner
    if word.startswith("لل") and len(word) >= 2 + _TWO:
        with_article, with_lam = word[2:], word[1:]
        return with_lam if _family(with_lam, count) > _family(with_article, count) else with_article
    return None


def _family(word: str, count: Count) -> int:
    folded = fold_word(word)
    return count(folded) + count("ال" + folded)


def _without_preposition(word: str, count: Count, function_words: frozenset[str]) -> str:
    rest = word[1:]
    if word[0] not in "بلك" or len(rest) < _THREE:
        return word
    if rest in function_words:
        return rest
    left = count(fold_word(rest))
    return rest if left > 0 and left >= 3 * count(fold_word(word)) else word


# Longest first; one of each kind at most: a possessive stands outside a plural or the teh.
POSSESSIVES = ("هما", "كما", "ها", "هم", "هن", "نا", "كم", "كن", "ه")
ENDINGS = ("ات", "ون", "ين", "ان", "ية", "يه", "ة", "ه", "ي")


def strip_suffixes(word: str) -> str:
    """`word`, folded or not, without one possessive and its endings of number and kind; three letters stay."""
    for suffix in POSSESSIVES:
        if word.endswith(suffix) and len(word) - len(suffix) >= _THREE:
            word = word[: -len(suffix)]
            break
    if word.endswith("ت") and len(word) > _THREE + 1 and word[-2] != "ا":
        word = word[:-1]  # the teh of مدرسته, once its possessive is gone
    for suffix in ENDINGS:
        if word.endswith(suffix) and len(word) - len(suffix) >= _THREE:
            word = word[: -len(suffix)]
    return word
