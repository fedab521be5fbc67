"""The rows of a file, read chunk by chunk: the next one while the last one is being written."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from leads.services.importing.chunk import FileChunk
from leads.services.importing.session import ImportSession

CHUNK = 5_000


class Ahead:
    """Reads one chunk ahead. What breaks while it does is kept until that chunk is asked for: it is
    no reason to leave the one before outside."""

    def __init__(self, session: ImportSession, rows: Iterable[dict[str, str]]) -> None:
        self._session = session
        # A blank row is passed over and keeps its number.
        self._numbered = ((number, row) for number, row in enumerate(rows, start=2) if row)
        self._next: FileChunk | None = None
        self._error: Exception | None = None

    def read(self) -> None:
        """Read the next chunk, if it has not been read yet."""
        if self._next is not None or self._error is not None:
            return
        try:
            self._next = FileChunk(self._session, list(islice(self._numbered, CHUNK)))
        except Exception as error:
            self._error = error

    def take(self) -> FileChunk:
        """Return the next chunk, empty after the last; raise what broke when it was read."""
        self.read()
        if self._error is not None:
            raise self._error
        found, self._next = self._next, None
        return found or FileChunk(self._session, ())
