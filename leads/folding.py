"""Texts folded for match, order and search: accents gone, case gone, spaces single. Pure."""

from __future__ import annotations

import re
import unicodedata

# Letters that do not decompose into a base letter and an accent.
LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe"})
WORD = re.compile(r"[^\W_]+")
MOST_WORDS = 8


def fold(text: str) -> str:
    """Return `text` without accents, in one case, with single spaces (`Ñandú` → `nandu`)."""
    if text.isascii():
        return " ".join(text.lower().split())
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(c for c in decomposed if not unicodedata.combining(c))
    return " ".join(plain.translate(LETTERS).split())


def words(*texts: str) -> list[str]:
    """Return the folded words of `texts`; an e-mail falls into its parts."""
    return [word for text in texts for word in WORD.findall(fold(text))]


def prefix_query(text: str) -> str:
    """Return what PostgreSQL's `to_tsquery('simple', …)` reads for: every word, as a beginning.

    Empty when `text` holds no word. Letters and digits only, so nothing in it can be an operator;
    more than eight words are not looked at.
    """
    return " & ".join(f"{word}:*" for word in words(text)[:MOST_WORDS])
