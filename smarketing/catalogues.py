"""The words of other languages, made ready to be looked up: locale/*/LC_MESSAGES/django.po → .mo

`python -m smarketing.catalogues` compiles what changed; `smarketing.prepare` does so by itself.
Needs the standard library only, so that no machine has to have the tools of gettext. What is not
translated yet, or marked as doubtful, is left out: it is said in English.
"""

from __future__ import annotations

import ast
import os
import re
import struct
import tempfile
from collections.abc import Iterator
from pathlib import Path

LOCALE = Path(__file__).resolve().parent.parent / "locale"
MAGIC, HEADER = 0x950412DE, 7 * 4
LINE = re.compile(r'(msgctxt|msgid_plural|msgid|msgstr)?(?:\[(\d+)\])?\s*("(?:[^"\\]|\\.)*")')
Entry = dict[str, str]


def main() -> None:
    """Compile every language."""
    compile_all(LOCALE)


def compile_all(folder: Path) -> list[Path]:
    """Compile the catalogues under `folder` that changed since; return those written.

    Several may do so at once: each file is whole at any time.
    """
    written = []
    for source in sorted(folder.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.is_file() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        _replace(target, compiled(source.read_text(encoding="utf-8")))
        written.append(target)
    return written


def compiled(text: str) -> bytes:
    """Return a catalogue (the text of a .po file) as gettext reads it."""
    pairs = sorted(
        (_key(one).encode(), "\0".join(_forms(one)).encode())
        for one in entries(text)
        if all(_forms(one)) and _forms(one)
    )
    index_size = len(pairs) * 8
    offset = HEADER + 2 * index_size
    tables: tuple[list[int], list[int]] = ([], [])
    blob = b""
    for place, table in enumerate(tables):
        for pair in pairs:
            table += [len(pair[place]), offset + len(blob)]
            blob += pair[place] + b"\0"
    head = struct.pack("<7I", MAGIC, 0, len(pairs), HEADER, HEADER + index_size, 0, 0)
    return head + struct.pack(f"<{4 * len(pairs)}I", *tables[0], *tables[1]) + blob


def entries(text: str) -> Iterator[Entry]:
    """Yield the entries of a .po file that are in use and not doubtful: `msgid`, `msgstr[0]`, …"""
    for block in re.split(r"\n\s*\n", text):
        lines = [line.strip() for line in block.splitlines()]
        if any(line.startswith("#,") and "fuzzy" in line for line in lines):
            continue
        found: Entry = {}
        part = ""
        for line in lines:
            told = LINE.fullmatch(line)
            if told is None:
                continue
            if told[1]:
                part = f"msgstr[{told[2] or 0}]" if told[1] == "msgstr" else told[1]
            found[part] = found.get(part, "") + ast.literal_eval(told[3])
        if "msgid" in found:
            yield found


def _key(one: Entry) -> str:
    context = f"{one['msgctxt']}\x04" if "msgctxt" in one else ""
    plural = f"\0{one['msgid_plural']}" if "msgid_plural" in one else ""
    return context + one["msgid"] + plural


def _forms(one: Entry) -> list[str]:
    return [text for name, text in sorted(one.items()) if name.startswith("msgstr[")]


def _replace(target: Path, content: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".django-")
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    whole = Path(name)
    whole.chmod(0o644)
    whole.replace(target)


if __name__ == "__main__":
    main()
