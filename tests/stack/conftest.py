"""A whole stack for the tests of one module."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.stack.whole_stack import WholeStack


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WholeStack]:
    """Not started yet; whatever a test leaves running is ended."""
    stack = WholeStack(tmp_path_factory.mktemp("stack") / "var")
    yield stack
    stack.remove()
