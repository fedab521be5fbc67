"""Each yes names the words that it was said to, also after they were changed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import DatabaseError, transaction

from leads.form_stamp import write_stamp
from leads.models import Consent, ConsentWording
from leads.services.forms import FormFacts, save_form
from smarketing import time_source
from tests.conftest import AT
from tests.leads.capture.made import ANNA, TEXTS, a_form, send

pytestmark = pytest.mark.django_db
NEW = {"en": {**TEXTS["en"], "consent": "You may call me."}}


@pytest.fixture(autouse=True)
def _no_knocks() -> None:
    cache.clear()


def reworded(form, marketer, texts=NEW):
    return save_form(form, FormFacts(name=form.name, texts=texts), actor=marketer, at=AT)


def stamp_of(form, consent: int) -> str:
    at = time_source.now() - timedelta(seconds=10)
    return write_stamp(form.token, at=at, consent=consent)


def test_every_wording_is_kept_once(marketer):
    form = a_form(marketer)
    reworded(form, marketer)
    reworded(form, marketer)
    reworded(form, marketer, TEXTS)
    kept = ConsentWording.objects.values_list("version", "words", "created_by")
    assert list(kept) == [
        (3, {"en": "You may write to me."}, marketer.pk),
        (2, {"en": "You may call me."}, marketer.pk),
        (1, {"en": "You may write to me."}, marketer.pk),
    ]


def test_without_words_there_is_no_wording(marketer):
    a_form(marketer, texts={"en": {"title": "T"}})
    assert ConsentWording.objects.count() == 0


def test_a_wording_is_never_changed(marketer):
    a_form(marketer)
    for change in (
        lambda: ConsentWording.objects.update(words={"en": "All."}),
        lambda: ConsentWording.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    assert ConsentWording.objects.get().words == {"en": "You may write to me."}


@pytest.mark.parametrize(
    ("seen", "words"),
    [(1, "You may write to me."), (2, "You may call me."), (0, "You may call me.")],
)
def test_a_yes_is_kept_with_the_words_of_the_page_that_was_seen(seen, words, marketer):
    form = reworded(a_form(marketer), marketer)
    assert send(form, {**ANNA, "consent": "on"}, stamp=stamp_of(form, seen)).status_code == 202
    consent = Consent.objects.get()
    assert (consent.text, consent.text_version) == (words, str(seen or 2))


def test_a_page_shown_again_in_other_words_asks_for_its_own_yes(marketer):
    form = reworded(a_form(marketer), marketer)
    wrong = {"email": "none", "family_name": "Rossi", "consent": "on"}
    old, new = stamp_of(form, 1), stamp_of(form, 2)
    again = send(form, wrong, stamp=old).content.decode()
    assert (old in again, "checked" in again) == (False, False)
    same = send(form, wrong, stamp=new).content.decode()
    assert (new in same, "checked" in same) == (True, True)


def test_the_page_of_the_form_shows_the_words(marketer, client):
    form = reworded(a_form(marketer), marketer)
    client.force_login(marketer)
    page = client.get(f"/forms/{form.pk}/").content.decode()
    assert page.count("You may write to me.") == 1
    assert page.count("You may call me.") == 1
