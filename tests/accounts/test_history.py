"""The history: who changed what, when, from what to what; searchable; secrets never shown."""

from __future__ import annotations

from datetime import datetime, timedelta

import pghistory
import pytest
from django.test import Client

from accounts.enums import Role, TeamKind
from accounts.models import Membership, Organisation, Team, User
from accounts.selectors.history import HistoryFilter, fields_of, history_page, kinds
from tests.factories import PASSWORD, TeamFactory, UserFactory

QUERIES = 10


def search(**wanted: object) -> list[tuple[str, str, list[tuple[str, str, str]]]]:
    """(who, what, [(field, before, after)]) of every match, newest first."""
    changes, _following = history_page(HistoryFilter(**wanted), after=None, limit=50)  # type: ignore[arg-type]
    return [
        (
            change.by.name if change.by else "",
            change.name,
            [(str(label), before, after) for label, before, after in change.fields],
        )
        for change in changes
    ]


def test_the_first_change_shows_before_and_after_too(administrator: User, rep: User) -> None:
    with pghistory.context(user=administrator.pk):
        User.objects.filter(pk=rep.pk).update(language="it", zone="Europe/Madrid")
        User.objects.filter(pk=rep.pk).update(language="es")
    assert search(kind="accounts.user") == [
        ("Fabio Serra", "Bruno Conti · bruno@acme.test", [("language", "Italian", "Spanish")]),
        (
            "Fabio Serra",
            "Bruno Conti · bruno@acme.test",
            [("language", "English", "Italian"), ("time zone", "Europe/Rome", "Europe/Madrid")],
        ),
    ]


def test_people_and_teams_are_named(rep: User, manager_sales: User, sales: Team) -> None:
    Team.objects.filter(pk=sales.pk).update(head=rep)
    assert search(kind="accounts.team", field="head")[0] == (
        "",
        "Sales",
        [("head", "Dario Greco", "Bruno Conti")],
    )


def test_a_removal_shows_what_was(rep: User, sales: Team) -> None:
    Membership.objects.filter(user=rep).delete()
    ((who, what, fields),) = search(kind="accounts.membership")
    assert (who, what) == ("", "Bruno Conti")
    assert fields == [
        ("user", "Bruno Conti", ""),
        ("team", "Sales", ""),
        ("role", "Sales rep", ""),
    ]


def test_bulk_changes_leave_one_event_a_row(rep: User, marketer: User) -> None:
    User.objects.update(theme="dark")
    assert len(search(kind="accounts.user", field="theme")) == User.objects.count()


def test_secrets_are_not_kept(rep: User) -> None:
    rep.set_password(PASSWORD)
    rep.save()
    assert search(object_id=rep.pk, kind="accounts.user") == []
    for kind, _label in kinds():
        names = {name for name, _field_label in fields_of(kind)}
        assert names & {"password", "token_hash", "last_login", "last_used_at"} == set()


def test_search_by_person_kind_object_field_words_and_days(
    administrator: User, rep: User, marketer: User
) -> None:
    User.objects.filter(pk=marketer.pk).update(theme="dark")
    Organisation.objects.update(name="Acme")
    with pghistory.context(user=administrator.pk):  # it lasts until the transaction ends
        User.objects.filter(pk=rep.pk).update(language="fr")
    bruno = "Bruno Conti · bruno@acme.test"
    alice = "Alice Rossi · alice@acme.test"

    def found(**wanted: object) -> list[str]:
        return [what for _who, what, _fields in search(**wanted)]

    # One transaction, one instant: then the order is by kind, newest first within it.
    assert found() == ["My organisation", bruno, alice]
    assert found(by=administrator) == [bruno]
    assert found(by=rep) == []
    assert found(kind="accounts.organisation") == ["My organisation"]
    assert found(kind="no.such") == []
    assert found(kind="accounts.user", object_id=marketer.pk) == [alice]
    assert found(words="ALICE") == [alice]
    assert found(field="theme") == [alice]
    assert found(kind="accounts.user", field="language") == [bruno]
    at = history_page(HistoryFilter(), after=None, limit=1)[0][0].at
    assert len(found(since=at)) == 3
    assert found(since=at + timedelta(microseconds=1)) == []
    assert found(until=at) == []


@pytest.mark.parametrize("limit", [1, 2, 3, 7])
def test_pages_go_on_without_gap_or_overlap(
    rep: User, marketer: User, sales: Team, limit: int
) -> None:
    # All in one transaction: every event has the same instant, over two kinds.
    for language in ("it", "es", "fr"):
        User.objects.filter(pk__in=[rep.pk, marketer.pk]).update(language=language)
        Team.objects.filter(pk=sales.pk).update(name=f"Sales {language}")
    seen: list[tuple[str, int, str]] = []
    after: tuple[datetime, int, int] | None = None
    while True:
        page, after = history_page(HistoryFilter(), after=after, limit=limit)
        seen += [(c.kind, c.object_id, c.fields[0].after) for c in page]
        if after is None:
            break
    assert len(seen) == len(set(seen)) == 9


def test_the_page_is_the_same_number_of_statements_for_one_and_three_changes(
    administrator: User, client: Client, django_assert_num_queries: object
) -> None:
    client.force_login(administrator)
    for names in (["a"], ["b", "c", "d"]):
        for name in names:
            team = TeamFactory(name=name, kind=TeamKind.OTHER)
            with pghistory.context(user=administrator.pk):
                Team.objects.filter(pk=team.pk).update(name=name.upper())
        client.get("/settings/audit/")
        with django_assert_num_queries(QUERIES):  # type: ignore[operator]
            page = client.get("/settings/audit/?kind=accounts.team").content.decode()
        assert page.count("<ins>") == len(Team.objects.all())


def test_the_actor_of_a_request_is_kept(
    administrator: User, client: Client, organisation: Organisation
) -> None:
    rep = UserFactory(email="bruno@acme.test", name="Bruno Conti")
    client.force_login(administrator)
    answer = client.post(
        f"/settings/users/{rep.pk}/", {"name": "Bruno Neri", "email": "bruno@acme.test"}
    )
    assert answer.status_code == 302
    assert search(by=administrator) == [
        ("Fabio Serra", "Bruno Conti · bruno@acme.test", [("name", "Bruno Conti", "Bruno Neri")])
    ]
    page = client.get(f"/settings/audit/?by={administrator.pk}").content.decode()
    assert "<del>Bruno Conti</del>" in page
    assert "<ins>Bruno Neri</ins>" in page


def test_senseless_searches_show_everything_or_nothing_but_never_fail(
    administrator: User, client: Client
) -> None:
    client.force_login(administrator)
    for query in [
        "by=x", "by=999", "kind=x", "object=x", "object=99999999999999999999", "field=x",
        "kind=accounts.apitoken&field=scopes", "kind=accounts.businesscalendar&field=weekly",
        "first_on=2026-02-31", "last_on=9999-12-31", "first_on=0001-01-01", "after=x",
        "after=" + "A" * 50, "kind=accounts.user&field=password", "q=%00", "q=" + "x" * 500,
    ]:  # fmt: skip
        assert client.get(f"/settings/audit/?{query}").status_code == 200, query


def test_roles_are_read_as_words(rep: User) -> None:
    Membership.objects.filter(user=rep).update(role=Role.MANAGER)
    assert search(kind="accounts.membership", field="role")[0][2] == [
        ("role", "Sales rep", "Manager")
    ]
