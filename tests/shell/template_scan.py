"""Reads every template as text: what the security policy forbids, what cannot be translated."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

ROOT = Path(__file__).parents[2] / "templates"
# Mails are no pages: they have styles of their own and no policy.
PAGES = sorted(p for p in ROOT.rglob("*.html") if "emails" not in p.relative_to(ROOT).parts)

TRANSLATED = re.compile(
    r"{%-?\s*(blocktranslate|blocktrans)\b.*?{%\s*end\1\s*%}"
    r"|{%\s*comment\b.*?{%\s*endcomment\s*%}|{#.*?#}",
    re.DOTALL,
)
TAG = re.compile(r"{%.*?%}|{{.*?}}", re.DOTALL)
SILENT = {"script", "style", "code", "kbd"}
SPOKEN = {"title", "placeholder", "aria-label", "alt", "aria-description", "data-confirm"}
WORD = re.compile(r"[^\W\d_]{2,}")
# Names that are the same in every language, and the names of keys.
SAME_EVERYWHERE = {"smarketing", "Ctrl", "Ctrl K", "Esc", "esc", "CSV", "API", "ID", "URL", "IP"}

COMPONENT = re.compile(
    r"{%\s*(card|empty_state|stat|badge|dialog|form_field|column_head|data_table|filter_bar|"
    r"filter_chip|timeline_item|pager|chart|progress|side|countdown|person)\b(.*?)%}",
    re.DOTALL,
)
SPOKEN_ARGUMENT = re.compile(
    r"\b(title|sub|label|text|hint|link_text|prefix|empty|shown|summary|change|who)="
    r"(\"[^\"]*\"|'[^']*')"
)
# Components whose first unnamed argument is read by people.
SPOKEN_FIRST = {"stat", "badge", "empty_state", "timeline_item", "filter_chip", "filter_bar"}
FIRST = re.compile(r"^\s*(\"[^\"]*\"|'[^']*')")


def source(path: Path) -> str:
    """The template's text."""
    return path.read_text()


def place(path: Path, text: str) -> str:
    """How a finding is reported."""
    return f"{path.relative_to(ROOT)}: {text}"


class _Reader(HTMLParser):
    """Collects the text and the spoken attributes of a page without its template tags."""

    def __init__(self) -> None:
        super().__init__()
        self.silent = 0
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in SILENT
        self.found += [value for key, value in attrs if key in SPOKEN and value]

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in SILENT

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.found.append(data)


def untranslated_texts(text: str) -> list[str]:
    """Words that stand in a template as they are."""
    reader = _Reader()
    reader.feed(TAG.sub("", TRANSLATED.sub("", text)))
    words = (" ".join(found.split()) for found in reader.found)
    return [w for w in words if w not in SAME_EVERYWHERE and WORD.search(_without_names(w))]


def _without_names(words: str) -> str:
    for name in sorted(SAME_EVERYWHERE, key=len, reverse=True):
        words = re.sub(rf"\b{re.escape(name)}\b", "", words)
    return words


def untranslated_arguments(text: str) -> Iterator[str]:
    """Words given to a component as they are, not through `_(…)`."""
    for tag in COMPONENT.finditer(TRANSLATED.sub("", text)):
        name, arguments = tag.groups()
        literals = [value for _key, value in SPOKEN_ARGUMENT.findall(arguments)]
        first = FIRST.match(arguments)
        if first and name in SPOKEN_FIRST:
            literals.append(first.group(1))
        yield from (f"{name} {value}" for value in literals if WORD.search(value))


UNSAFE = {
    "an inline style sheet": re.compile(r"<style\b", re.IGNORECASE),
    "a style attribute": re.compile(r"\sstyle\s*=", re.IGNORECASE),
    "an inline handler": re.compile(r"\son[a-z]+\s*=\s*[\"']", re.IGNORECASE),
    "an htmx handler": re.compile(r"hx-on|hx-vals\s*=\s*[\"']js:", re.IGNORECASE),
    "a script address": re.compile(r"javascript:", re.IGNORECASE),
    "a foreign address": re.compile(r"(?:src|href|action)=[\"']https?://", re.IGNORECASE),
    "unescaped output": re.compile(r"\|safe\b|{%\s*autoescape off"),
}
SCRIPT = re.compile(r"<script\b([^>]*)>", re.IGNORECASE)


def unsafe_parts(text: str) -> list[str]:
    """What the content security policy forbids, or what would weaken it."""
    found = [what for what, pattern in UNSAFE.items() if pattern.search(text)]
    inline = [
        tag for tag in SCRIPT.findall(text) if "src=" not in tag and "application/json" not in tag
    ]
    return found + ["an inline script" for _tag in inline]
