"""Words of other languages: compiled as gettext reads them, and whole where visitors read them."""

from __future__ import annotations

import gettext
import os
import re
from io import BytesIO
from pathlib import Path

import pytest

from leads.capture_fields import FIELDS
from leads.forms_public import CONSENT_NEEDED, STALE
from smarketing.catalogues import LOCALE, compile_all, compiled, entries

PO = r"""
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\n"

#, python-format
msgid ""
"One \"line\"\n"
"and %(n)d more"
msgstr ""
"Una «riga»\n"
"e altre %(n)d"

msgid "row"
msgid_plural "rows"
msgstr[0] "riga"
msgstr[1] "righe"

msgctxt "a verb"
msgid "Open"
msgstr "Apri"

#, fuzzy
msgid "Doubtful"
msgstr "Dubbioso"

msgid "Not yet"
msgstr ""

#~ msgid "Gone"
#~ msgstr "Andato"
"""
PAGES = ("public_form.html", "public_thanks.html", "public_closed.html")
TRANSLATED = re.compile(r'{% translate "([^"]+)" %}')


def read(content: bytes) -> gettext.GNUTranslations:
    return gettext.GNUTranslations(BytesIO(content))


def test_gettext_reads_what_is_compiled():
    words = read(compiled(PO))
    assert words.gettext('One "line"\nand %(n)d more') == "Una «riga»\ne altre %(n)d"
    assert [words.ngettext("row", "rows", n) for n in (1, 2)] == ["riga", "righe"]
    assert (words.pgettext("a verb", "Open"), words.gettext("Open")) == ("Apri", "Open")


@pytest.mark.parametrize("text", ["Doubtful", "Not yet", "Gone"])
def test_what_is_not_translated_is_said_in_english(text):
    assert read(compiled(PO)).gettext(text) == text


def test_only_what_changed_is_compiled_again(tmp_path):
    folder = tmp_path / "it" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    source = folder / "django.po"
    source.write_text(PO, encoding="utf-8")
    target = folder / "django.mo"
    assert (compile_all(tmp_path), compile_all(tmp_path)) == ([target], [])
    os.utime(source, ns=(later := target.stat().st_mtime_ns + 1, later))
    assert compile_all(tmp_path) == [target]
    assert list(folder.iterdir()) in ([source, target], [target, source])


@pytest.mark.parametrize("language", ["it", "es", "fr"])
def test_what_visitors_of_a_form_read_is_translated(language):
    catalogue = LOCALE / language / "LC_MESSAGES" / "django.po"
    known = {one["msgid"]: one for one in entries(catalogue.read_text(encoding="utf-8"))}
    pages = Path("templates/leads/capture")
    texts = {text for page in PAGES for text in TRANSLATED.findall((pages / page).read_text())}
    texts |= {str(one.label) for one in FIELDS.values()} | {str(STALE), str(CONSENT_NEEDED)}
    assert [text for text in sorted(texts) if not known.get(text, {}).get("msgstr[0]")] == []
