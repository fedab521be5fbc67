"""The pages of the settings: what they say, what they do, what they cost."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command
from django.test import Client, override_settings

from accounts.demo import PASSWORD as DEMO_PASSWORD
from accounts.demo import PEOPLE, SIGN_INS
from accounts.enums import Role, TeamKind
from accounts.models import Absence, ApiToken, Membership, Notice, Organisation, Team, User
from accounts.selectors.search import find_people
from accounts.services.notices import notify
from smarketing import registry, time_source
from tests.factories import TUESDAY, AbsenceFactory, TeamFactory, UserFactory, member


def page(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def admin_client(administrator: User, client: Client) -> Client:  # the name shadows Django's own
    client.force_login(administrator)
    return client


# --- what lists cost -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "queries"),
    [
        ("/settings/users/", 8),
        ("/settings/teams/", 5),
        ("/settings/absences/", 5),
        ("/settings/tokens/", 5),
        ("/inbox/", 6),
        ("/inbox/badge/", 3),
    ],
)
def test_lists_cost_the_same_with_one_row_and_with_three(
    admin_client: Client,
    administrator: User,
    django_assert_num_queries: Any,
    path: str,
    queries: int,
) -> None:
    at = time_source.now()
    for names in (["a"], ["b", "c"]):
        for name in names:
            team = TeamFactory(name=name, kind=TeamKind.OTHER, head=administrator)
            user = member(f"{name}@acme.test", Role.MANAGER, team=team)
            AbsenceFactory(
                user=user, first_on=date(2999, 1, 1), last_on=date(2999, 1, 2), deputy=administrator
            )
            ApiToken.objects.create(
                user=administrator, name=name, token_hash=name, hint="x", scopes=["leads:read"],
                created_at=TUESDAY, expires_at=at,
            )  # fmt: skip
            notify([administrator], "roles_changed", {}, at=TUESDAY)
        client = Client()
        client.force_login(administrator)
        client.get(path)
        with django_assert_num_queries(queries):
            client.get(path)


# --- users ---------------------------------------------------------------------------------------


def test_the_list_of_users_is_searched_and_filtered(
    admin_client: Client, rep: User, marketer: User, sales: Team
) -> None:
    UserFactory(email="gina@acme.test", name="Gina Sala", joined_at=None, invited_at=TUESDAY)
    UserFactory(email="gone@acme.test", name="Gone Away", is_active=False)
    names = ["Alice Rossi", "Bruno Conti", "Fabio Serra", "Gina Sala", "Gone Away"]

    def shown(query: str) -> list[str]:
        found = page(admin_client, f"/settings/users/{query}")
        return [name for name in names if f">{name}</a>" in found]

    assert shown("") == names
    assert shown("?q=CONTI") == ["Bruno Conti"]
    assert shown("?q=alice@") == ["Alice Rossi"]
    assert shown(f"?team={sales.pk}") == ["Bruno Conti"]
    assert shown("?role=MARKETER") == ["Alice Rossi"]
    assert shown(f"?team={sales.pk}&role=MARKETER") == []
    assert shown("?status=invited") == ["Gina Sala"]
    assert shown("?status=deactivated") == ["Gone Away"]
    assert shown("?status=nonsense&team=x&after=zzz") == names
    assert "Nobody matches" in page(admin_client, "/settings/users/?q=nobody")
    assert "<html" not in admin_client.get(
        "/settings/users/?q=alice", headers={"HX-Request": "true"}
    ).content.decode()  # fmt: skip


def test_the_list_goes_on_page_by_page(admin_client: Client) -> None:
    for n in range(60):
        UserFactory(email=f"p{n:02d}@acme.test", name=f"Person {n:02d}")
    first = page(admin_client, "/settings/users/")
    link = first.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0]
    second = page(admin_client, f"/settings/users/{link.replace('&amp;', '&')}")
    assert (first.count("<tr data-row>"), second.count("<tr data-row>")) == (50, 11)


def test_a_head_sees_only_his_people(
    manager_sales: User, rep: User, marketer: User, client: Client
) -> None:
    client.force_login(manager_sales)
    found = page(client, "/settings/users/")
    assert ("Bruno Conti" in found, "Alice Rossi" in found) == (True, False)
    assert client.get(f"/settings/users/{marketer.pk}/").status_code == 404


def test_the_search_finds_only_those_whom_one_manages(
    manager_sales: User, rep: User, marketer: User, administrator: User
) -> None:
    def found(user: User, words: str) -> list[tuple[str, str]]:
        return [(hit.label, hit.url) for hit in find_people(user, words, 5)]

    assert found(administrator, "acme.test")[0] == (
        "Alice Rossi",
        f"/settings/users/{marketer.pk}/",
    )
    assert found(manager_sales, "ALICE") == []
    assert found(manager_sales, "bruno") == [("Bruno Conti", f"/settings/users/{rep.pk}/")]


def test_an_invitation_by_a_head_leads_to_a_mail(
    manager_sales: User, sales: Team, client: Client
) -> None:
    client.force_login(manager_sales)
    refused = client.post("/settings/users/invite/", {"name": "", "email": "x", "language": "it"})
    assert refused.status_code == 422
    assert User.objects.count() == 1
    foreign = client.post(
        "/settings/users/invite/",
        {"name": "G", "email": "g@acme.test", "language": "it", "roles": ["ADMINISTRATOR:"]},
    )
    assert foreign.status_code == 422
    answer = client.post(
        "/settings/users/invite/",
        {"name": "G", "email": "g@acme.test", "language": "it", "roles": [f"REP:{sales.pk}"]},
    )
    assert (answer.status_code, answer["Location"]) == (302, "/settings/users/")
    invited = User.objects.get(email="g@acme.test")
    assert (invited.language, Membership.objects.get(user=invited).team) == ("it", sales)


def test_roles_outside_a_heads_teams_stay_when_he_saves(
    manager_sales: User, rep: User, sales: Team, marketing: Team, client: Client
) -> None:
    Membership.objects.create(user=rep, role=Role.MARKETER, team=marketing)
    client.force_login(manager_sales)
    answer = client.post(f"/settings/users/{rep.pk}/roles/", {"roles": [f"MANAGER:{sales.pk}"]})
    assert answer.status_code == 302
    assert set(Membership.objects.filter(user=rep).values_list("role", "team")) == {
        ("MARKETER", marketing.pk),
        ("MANAGER", sales.pk),
    }


def test_what_a_service_refuses_stands_on_the_page(
    admin_client: Client, administrator: User
) -> None:
    answer = admin_client.post(f"/settings/users/{administrator.pk}/roles/", {})
    assert answer.status_code == 422
    assert "last administrator" in answer.content.decode()
    assert Membership.objects.filter(user=administrator).count() == 1


# --- own settings --------------------------------------------------------------------------------


def test_the_profile_is_saved_or_refused_whole(rep: User, client: Client) -> None:
    client.force_login(rep)
    facts = {
        "name": "Bruno C.", "language": "it", "zone": "Europe/Madrid", "theme": "dark",
        "number_form": "comma", "first_day": "monday",
    }  # fmt: skip
    assert client.post("/profile/", facts | {"zone": "Mars/Base"}).status_code == 422
    rep.refresh_from_db()
    assert rep.name == "Bruno Conti"
    assert client.post("/profile/", facts).status_code == 302
    rep.refresh_from_db()
    assert {name: getattr(rep, name) for name in facts} == facts
    assert rep.single_key_shortcuts is False


def test_the_theme_is_switched_and_leads_back_only_to_us(rep: User, client: Client) -> None:
    client.force_login(rep)
    for back, to in [("/leads/", "/leads/"), ("https://evil.test/", "/profile/")]:
        answer = client.post("/profile/theme/", {"theme": "dark", "next": back})
        assert (answer.status_code, answer["Location"]) == (302, to)
    rep.refresh_from_db()
    assert rep.theme == "dark"
    assert client.post("/profile/theme/", {"theme": "pink"}).status_code == 422


def test_a_token_is_shown_once_and_revoked(rep: User, client: Client) -> None:
    client.force_login(rep)
    made = client.post(
        "/settings/tokens/", {"name": "Export", "scopes": ["leads:read"], "days": "30"}
    )
    token = ApiToken.objects.get()
    secret = made.content.decode().split('value="smk_')[1].split('"')[0]
    assert made["Cache-Control"] == "no-store"
    assert secret not in page(client, "/settings/tokens/")
    api = {"HTTP_AUTHORIZATION": f"Bearer smk_{secret}"}
    assert Client().get("/api/v1/leads/", **api).status_code == 200
    assert client.post(f"/settings/tokens/{token.pk}/revoke/").status_code == 302
    assert Client().get("/api/v1/leads/", **api).status_code == 401


def test_preferences_are_saved_as_ticked(rep: User, client: Client) -> None:
    client.force_login(rep)
    client.post("/settings/notices/", {"take": ["roles_changed:inbox", "nonsense:email"]})
    notify([rep], "roles_changed", {}, at=TUESDAY)
    notify([rep], "absence", {}, at=TUESDAY)
    assert [(n.kind, n.in_inbox, n.deliveries.count()) for n in Notice.objects.all()] == [
        ("roles_changed", True, 0)
    ]


def test_an_overlapping_absence_is_refused_in_words(rep: User, client: Client) -> None:
    client.force_login(rep)
    AbsenceFactory(user=rep, first_on=date(2026, 3, 16), last_on=date(2026, 3, 20))
    facts = {"user": rep.pk, "first_on": "2026-03-20", "last_on": "2026-03-21", "deputy": ""}
    answer = client.post("/settings/absences/new/", facts)
    assert answer.status_code == 422
    assert "away on some of these days already" in answer.content.decode()
    assert Absence.objects.count() == 1


# --- the inbox -----------------------------------------------------------------------------------


def test_the_inbox_reads_opens_and_counts(rep: User, client: Client) -> None:
    client.force_login(rep)
    assert client.get("/inbox/badge/").content == b""
    notify([rep], "roles_changed", {"by": "Alice", "roles": "Rep"}, at=TUESDAY, url="/profile/")
    notify([rep], "roles_changed", {"by": "Evil"}, at=TUESDAY, url="//evil.test/")
    assert ">2</span>" in client.get("/inbox/badge/").content.decode()
    assert "Alice changed your roles" in page(client, "/inbox/")
    first, evil = Notice.objects.order_by("pk")
    assert client.get(f"/inbox/{first.pk}/")["Location"] == "/profile/"
    assert client.get(f"/inbox/{evil.pk}/")["Location"] == "/inbox/"
    assert "Nothing waits for you" in page(client, "/inbox/?show=unread")


# --- the demo ------------------------------------------------------------------------------------


def test_the_demo_is_loaded_once_and_left_alone(organisation: Organisation) -> None:
    call_command("load_demo", verbosity=0)
    before = list(User.objects.order_by("pk").values_list("email", "password"))
    assert len(before) == len(PEOPLE) + 2  # one is invited, one has left
    call_command("load_demo", verbosity=0)
    assert list(User.objects.order_by("pk").values_list("email", "password")) == before
    assert Team.objects.roots().filter(head__isnull=False).count() == 2
    assert mail.outbox == []


def test_the_demo_never_touches_a_database_in_use(rep: User) -> None:
    call_command("load_demo", verbosity=0)
    assert User.objects.count() == 1


def load_demo_people() -> None:
    """Only them: their year of work takes its time."""
    registry.demo_steps["people"].load(time_source.now())


def test_sign_ins_are_printed_and_work(organisation: Organisation, capsys: Any) -> None:
    call_command("load_demo", print_sign_ins=True)
    assert capsys.readouterr().out == ""
    load_demo_people()
    call_command("load_demo", print_sign_ins=True)
    printed = capsys.readouterr().out
    for login in SIGN_INS:
        email = f"{login}@acme-instruments.example"
        assert email in printed
    assert DEMO_PASSWORD in printed
    client = Client()
    client.post("/accounts/login/", {"login": email, "password": DEMO_PASSWORD})
    assert "_auth_user_id" in client.session


@pytest.mark.parametrize(
    ("demo", "address", "host", "status"),
    [
        (True, "127.0.0.1", "localhost", 302),
        (True, "127.0.0.1", "127.0.0.1:8000", 302),
        (True, "10.0.0.7", "localhost", 404),
        (True, "127.0.0.1", "demo.acme.test", 404),
        (False, "127.0.0.1", "localhost", 404),
    ],
)
def test_one_click_signs_in_on_this_machine_only(
    organisation: Organisation, demo: bool, address: str, host: str, status: int
) -> None:
    load_demo_people()
    person = User.objects.get(email="andrea.galli@acme-instruments.example")
    client = Client(REMOTE_ADDR=address, HTTP_HOST=host)
    with override_settings(DEMO=demo, ALLOWED_HOSTS=["*"]):
        answer = client.post("/demo/sign-in/", {"person": person.pk})
        assert answer.status_code == status
        assert ("_auth_user_id" in client.session) == (status == 302)
        others = User.objects.exclude(pk=person.pk).get(name="Davide Rinaldi")
        assert client.post("/demo/sign-in/", {"person": others.pk}).status_code == 404
