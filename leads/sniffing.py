"""What a file of rows is: encoding, delimiter, limits, heads. Pure.

A `Sniffer` is fed the bytes as they arrive, so that limits are told before anything is parsed.
"""

from __future__ import annotations

import codecs
import csv
import hashlib
from collections.abc import Iterable, Sequence
from itertools import islice

from leads.folding import fold

MOST_COLUMNS = 200
MOST_CELL = 32_767
MOST_LINE = 1_000_000
MOST_ROWS = {"CSV": 1_000_000, "XLSX": 100_000}
MOST_BYTES = {"CSV": 600_000_000, "XLSX": 60_000_000}
DELIMITERS = (",", ";", "\t", "|")
ENCODINGS = ("utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "latin-1")
# Bytes that cp1252 leaves undefined: a file with one of them is latin-1.
NOT_CP1252 = (b"\x81", b"\x8d", b"\x8f", b"\x90", b"\x9d")
BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"))  # fmt: skip
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
HEAD = 65_536
SAMPLED = 50


class Sniffer:
    """Reads the bytes of a file once, as they pass by."""

    def __init__(self) -> None:
        self.size = 0
        self.longest_line = 0
        self.head = b""
        self._line = 0
        self._utf8: codecs.IncrementalDecoder | None = codecs.getincrementaldecoder("utf-8")()
        self._is_cp1252 = True

    @property
    def kind(self) -> str:
        """CSV or XLSX, by what stands in the file."""
        return "XLSX" if self.head.startswith((ZIP, OLE)) else "CSV"

    def feed(self, data: bytes) -> None:
        """Take the next bytes."""
        self.size += len(data)
        if len(self.head) < HEAD:
            self.head += data[: HEAD - len(self.head)]
        if self.kind == "XLSX":
            return
        self._measure(data)
        self._decode(data)

    def _measure(self, data: bytes) -> None:
        lines = data.replace(b"\r", b"\n").split(b"\n")
        self.longest_line = max(self.longest_line, self._line + len(lines[0]))
        self.longest_line = max(self.longest_line, *map(len, lines))
        self._line = len(lines[-1]) + (self._line if len(lines) == 1 else 0)

    def _decode(self, data: bytes) -> None:
        if self._utf8 is not None:
            try:
                self._utf8.decode(data)
            except UnicodeDecodeError:
                self._utf8 = None
        if self._is_cp1252 and any(byte in data for byte in NOT_CP1252):
            self._is_cp1252 = False

    @property
    def encoding(self) -> str:
        """The encoding of what was fed."""
        for mark, name in BOMS:
            if self.head.startswith(mark):
                return name
        wide = _without_mark(self.head)
        if wide:
            return wide
        if self._utf8 is not None and not self._utf8.getstate()[0]:
            return "utf-8-sig"
        return "cp1252" if self._is_cp1252 else "latin-1"


def _without_mark(head: bytes) -> str:
    """Tell UTF-16 without a mark by where its zero bytes stand; empty when it is none."""
    pairs = len(head) // 2
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if pairs and odd > pairs * 0.6 and even * 10 < odd:
        return "utf-16-le"
    if pairs and even > pairs * 0.6 and odd * 10 < even:
        return "utf-16-be"
    return ""


def sniff_delimiter(text: str) -> str:
    """Return what stands between the values: what cuts most rows of `text` into as many cells."""
    best, most = ",", 0.0
    for delimiter in DELIMITERS:
        worth = _worth(_widths(text, delimiter))
        if worth > most:
            best, most = delimiter, worth
    return best


def _widths(text: str, delimiter: str) -> list[int]:
    lines = text.splitlines()
    try:
        rows = csv.reader(lines, delimiter=delimiter)
        return [len(row) for row in islice(rows, SAMPLED) if row]
    except csv.Error:
        return []


def _worth(widths: Sequence[int]) -> float:
    """Say how well a delimiter cuts: the share of rows as wide as the first, then the width."""
    if not widths or widths[0] < 2:  # noqa: PLR2004  # one cell is not cut at all
        return 0.0
    alike = sum(width == widths[0] for width in widths) / len(widths)
    return alike + min(widths[0], MOST_COLUMNS) / (MOST_COLUMNS * 10)


def heads_of(cells: Iterable[str]) -> list[str]:
    """Return heads that are whole and unlike each other: `Mail`, `Mail (2)`, `Column 3`."""
    heads: list[str] = []
    for place, cell in enumerate(cells, start=1):
        plain = " ".join(cell.replace("\x00", "").split())[:100] or f"Column {place}"
        head, again = plain, 2
        while head in heads:
            head, again = f"{plain} ({again})", again + 1
        heads.append(head)
    return heads


def fingerprint(heads: Iterable[str]) -> str:
    """Return what files with the same heads have in common, whatever their case and accents."""
    folded = "\x1f".join(fold(head) for head in heads)
    return hashlib.sha256(folded.encode("utf-8", "surrogatepass")).hexdigest()
