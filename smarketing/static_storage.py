"""How static files are kept in production: named by their content, compressed once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from whitenoise.storage import CompressedManifestStaticFilesStorage

NAMED_BY_CONTENT = re.compile(r"\.[0-9a-f]{12}\.")


class HashedStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # untyped
    """Compresses only the files that pages name, which are those with a hash in their name.

    The plain names stay, uncompressed, for whoever guesses them. Half the files, half the time.
    """

    def compress_files(self, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
        """Yield (name, compressed name) for each file made."""
        yield from super().compress_files([p for p in paths if NAMED_BY_CONTENT.search(p)])
