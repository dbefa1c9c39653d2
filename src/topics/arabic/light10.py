"""Lucene's ArabicNormalizer and ArabicStemmer, letter for letter: the light10 of Larkey et al. (2007).

Kept for those who must compare with Lucene, Solr or Elasticsearch. Both take one word.
"""

from __future__ import annotations

_NORMALIZE = str.maketrans(
    {"آ": "ا", "أ": "ا", "إ": "ا", "ى": "ي", "ة": "ه", "\u0640": None}
    | {chr(code): None for code in range(0x064B, 0x0653)}
)
_PREFIXES = ("ال", "وال", "بال", "كال", "فال", "لل", "و")
_SUFFIXES = ("ها", "ان", "ات", "ون", "ين", "يه", "ية", "ه", "ة", "ي")


def normalize(word: str) -> str:
    """Fold alef, maqsura and teh marbuta; delete tatweel and U+064B to U+0652."""
    return word.translate(_NORMALIZE)


def stem(word: str) -> str:
    """Take off one prefix, then every suffix in turn, of a normalized word.

    A waw needs three letters after it, every other affix two: Lucene's startsWithCheckLength and
    endsWithCheckLength.
    """
    for prefix in _PREFIXES:
        if word.startswith(prefix) and len(word) >= (4 if len(prefix) == 1 else len(prefix) + 2):
            word = word[len(prefix) :]
            break
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) >= len(suffix) + 2:
            word = word[: -len(suffix)]
    return word
