"""The list of files: every one can be found again, the newest first."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from leads.models import LeadImport
from leads.selectors.import_pages import SIZE, page_of_files
from tests.conftest import AT
from tests.leads.imports.made import csv_file, done

pytestmark = pytest.mark.django_db
LIST = reverse("lead-imports")


@pytest.fixture
def alice(client: Client, marketer: Any) -> Client:
    """A browser of the marketer."""
    client.force_login(marketer)
    return client


def add_files(count: int, marketer: Any) -> None:
    LeadImport.objects.bulk_create(
        LeadImport(name=f"old{n}.csv", kind="CSV", size=1, fingerprint="", created_by=marketer,
                   created_at=AT - timedelta(days=n + 1))
        for n in range(count)
    )  # fmt: skip


def test_older_files_are_on_the_next_page(alice, marketer):
    done(csv_file(2) + "nobody,A,B,C,\n", marketer)
    add_files(SIZE, marketer)
    first = alice.get(LIST)
    assert [one.name for one in first.context["imports"][:2]] == ["fair.csv", "old0.csv"]
    assert first.context["imports"][0].sum_refused == 1
    assert (len(first.context["imports"]), first.context["first_page"]) == (SIZE, "")
    older = alice.get(LIST + first.context["next_page"])
    assert [one.name for one in older.context["imports"]] == [f"old{SIZE - 1}.csv"]
    assert (older.context["next_page"], older.context["first_page"]) == ("", LIST)
    assert f'href="{LIST}"' in older.content.decode()


def test_a_short_list_has_one_page_and_a_made_up_place_is_none(alice, marketer):
    add_files(SIZE, marketer)
    assert alice.get(LIST).context["next_page"] == ""
    assert alice.get(LIST, {"after": "nonsense"}).status_code == 404


@pytest.mark.parametrize("files", [1, 3])
def test_one_statement_finds_the_files(marketer, django_assert_num_queries, files):
    add_files(files, marketer)
    with django_assert_num_queries(1):
        rows, last = page_of_files(None)
        assert ([one.created_by for one in rows], last) == ([marketer] * files, None)
