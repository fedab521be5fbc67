"""Pages as PDF, where WeasyPrint and pango are installed: an extra that the product does without.

Rendered in the request: what is printed is a few pages of a text that rarely changes. Nothing is
fetched while a page is rendered; the style sheets are handed in.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from types import ModuleType

import structlog
from django.contrib.staticfiles import finders

log = structlog.get_logger(__name__)


@lru_cache(maxsize=1)
def _weasyprint() -> ModuleType | None:
    """Return the library, None where it or pango is missing; looked for once a process."""
    try:
        found = import_module("weasyprint")
    except (ImportError, OSError) as error:
        log.info("no_pdf", reason=str(error)[:200])
        return None
    # It tells every step, and every rule of a style sheet that paper does not need.
    logging.getLogger("weasyprint").setLevel(logging.ERROR)
    logging.getLogger("weasyprint.progress").setLevel(logging.ERROR)
    return found


def makes_pdf() -> bool:
    """Tell whether pages can be had as PDF here."""
    return _weasyprint() is not None


def pdf_of(markup: str, sheets: Sequence[str]) -> bytes:
    """Return a page as PDF; `sheets` are names of our static style sheets.

    Raises RuntimeError where `makes_pdf` says no.
    """
    library = _weasyprint()
    if library is None:
        raise RuntimeError("no library for PDF is installed")
    nothing = library.urls.URLFetcher(allowed_protocols=())
    styles = [library.CSS(string=_text_of(name), url_fetcher=nothing) for name in sheets]
    page = library.HTML(string=markup, url_fetcher=nothing)
    made: bytes = page.write_pdf(stylesheets=styles)
    return made


def _text_of(name: str) -> str:
    found = finders.find(name)
    if not isinstance(found, str):
        raise FileNotFoundError(name)
    return Path(found).read_text(encoding="utf-8")
