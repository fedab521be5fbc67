"""Personas: versions, comments of both teams, and the persona kept on each lead."""

from __future__ import annotations

from datetime import timedelta

import pytest
from pytest_django.fixtures import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

from accounts.models import User
from leads.criteria_words import Lexicon
from leads.enums import AssetKind, Disposition, LifecycleStage, PersonaKind
from leads.models import Asset, AssetFit, Lead, Persona, PersonaComment, PersonaVersion, ScoreRun
from leads.persona_tasks import refresh_personas, refresh_personas_nightly
from leads.selectors.personas import persona_cards, persona_history, persona_page
from leads.services.persona_fits import refresh_personas_after
from leads.services.personas import (
    Portrait,
    activate_personas,
    comment_on_persona,
    create_persona,
    propose_persona,
    use_persona,
    withdraw_persona,
)
from smarketing.errors import BadInput, NotAllowed, Refused
from tests.conftest import AT
from tests.leads.qualifying.records import SCORE_60, of_job, persona
from tests.leads.records import lead_at

pytestmark = pytest.mark.django_db
BUYER = PersonaKind.BUYER
DAY = timedelta(days=1)
JOURNEY = [
    {"name": " Notices the  problem ", "questions": ["Why did it stop?", " "]},
    {"name": "Decides"},
    {"key": "decides", "name": "Decides again", "questions": []},
]


def test_a_persona_begins_with_a_draft_that_nobody_fits_yet(marketer: User) -> None:
    portrait = Portrait(
        description=" Runs a plant. ",
        criteria=[of_job("Plant manager")],
        journey=JOURNEY,
        sources=[" Twelve talks ", ""],
    )
    row = create_persona("Plant  manager", BUYER, portrait, actor=marketer, at=AT)
    assert (row.persona.name, row.persona.key, row.version, row.state) == (
        "Plant manager",
        "plant manager",
        1,
        "DRAFT",
    )
    assert row.description == "Runs a plant."
    assert row.journey == [
        {
            "key": "notices-the-problem",
            "name": "Notices the problem",
            "questions": ["Why did it stop?"],
        },
        {"key": "decides", "name": "Decides", "questions": []},
        {"key": "decides-2", "name": "Decides again", "questions": []},
    ]
    assert row.sources == ["Twelve talks"]


@pytest.mark.parametrize(
    ("name", "portrait", "field"),
    [
        ("PLANT MANAGER", Portrait(), "name"),
        (" ", Portrait(), "name"),
        ("Buyer", Portrait(criteria=[SCORE_60]), "criteria"),  # a score knows personas already
        ("Buyer", Portrait(exclusions=[{"kind": "filled"}]), "exclusions"),
        ("Buyer", Portrait(journey=[{"questions": ["?"]}]), "journey"),
        ("Buyer", Portrait(journey=[{"name": "x"}] * 13), "journey"),
        ("Buyer", Portrait(sources=["x" * 501]), "sources"),
    ],
)
def test_what_cannot_be_kept_is_refused_whole(
    name: str, portrait: Portrait, field: str, marketer: User
) -> None:
    persona("Plant manager")
    with pytest.raises(BadInput) as refused:
        create_persona(name, BUYER, portrait, actor=marketer, at=AT)
    assert list(refused.value.fields) == [field]
    assert (Persona.objects.count(), PersonaVersion.objects.count()) == (1, 1)


def test_who_proposes_and_who_puts_in_force(
    marketer: User, rep: User, manager_marketing: User
) -> None:
    with pytest.raises(NotAllowed):
        create_persona("Buyer", BUYER, Portrait(), actor=rep, at=AT)
    row = create_persona("Buyer", BUYER, Portrait(), actor=marketer, at=AT)
    with pytest.raises(NotAllowed):
        activate_personas([row.pk], actor=marketer, at=AT)
    activate_personas([row.pk], actor=manager_marketing, at=AT)
    newer = propose_persona(row.persona, Portrait(goals="Less"), actor=marketer, at=AT)
    activate_personas([newer.pk], actor=manager_marketing, at=AT + DAY)
    row.refresh_from_db()
    assert (row.state, row.superseded_at) == ("RETIRED", AT + DAY)
    with pytest.raises(Refused):
        withdraw_persona(newer.pk, actor=marketer, at=AT)


def test_coming_into_force_rings_for_the_refresh(
    marketer: User,
    manager_marketing: User,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    row = create_persona("Buyer", BUYER, Portrait(), actor=marketer, at=AT)
    with django_capture_on_commit_callbacks() as rung:
        activate_personas([row.pk], actor=manager_marketing, at=AT)
    with django_capture_on_commit_callbacks() as again:
        activate_personas([row.pk], actor=manager_marketing, at=AT)
    with django_capture_on_commit_callbacks() as unused:
        use_persona(row.persona_id, active=False, actor=manager_marketing, at=AT)
    # The refresh of personas and the recalculation of scores, each time that something changed.
    assert (len(rung), len(again), len(unused)) == (2, 0, 2)
    assert [run.asked_by for run in ScoreRun.objects.all()] == [manager_marketing] * 2


def test_the_refresh_sets_the_best_fit_of_open_leads_and_clears_what_fits_no_more() -> None:
    chief = persona("Chief", of_job("Chief"))
    gone = persona("Gone")
    fitting = lead_at(job_title="Chief", email="a@acme.example")
    stale = lead_at(job_title="Clerk", email="b@acme.example")
    closed = lead_at(
        LifecycleStage.MQL, Disposition.LOST, job_title="Chief", email="c@acme.example"
    )
    Lead.objects.filter(pk__in=[stale.pk, closed.pk]).update(persona=gone)
    versions = dict(Lead.objects.values_list("pk", "version"))
    assert refresh_personas() == 2
    found = dict(Lead.objects.values_list("pk", "persona_id"))
    assert found == {fitting.pk: chief.pk, stale.pk: None, closed.pk: gone.pk}
    assert dict(Lead.objects.values_list("pk", "version")) == versions
    assert refresh_personas() == 0


def test_the_refresh_goes_on_where_it_stopped() -> None:
    persona("Chief", of_job("Chief"))
    leads = [lead_at(job_title="Chief", email=f"p{n}@acme.example") for n in range(3)]
    assert refresh_personas_after(0, most=2) == (2, leads[1].pk)
    assert refresh_personas_after(leads[1].pk, most=2) == (1, leads[2].pk)
    assert refresh_personas_after(leads[2].pk, most=2) == (0, None)


def test_the_night_begins_anew() -> None:
    persona("Chief", of_job("Chief"))
    lead_at(job_title="Chief")
    assert refresh_personas_nightly() == 1
    assert refresh_personas_nightly() is None  # the night's slot is taken


@pytest.mark.parametrize("n", [1, 3])
def test_a_batch_costs_the_same_however_long(
    n: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    persona("Chief", of_job("Chief"))
    for i in range(n):
        lead_at(job_title="Chief", email=f"p{i}@acme.example")
    with django_assert_num_queries(7):  # leads, fields, personas, lock, update, savepoint of both
        refresh_personas_after(0)


def test_both_teams_comment(marketer: User, rep: User, newcomer: User) -> None:
    row = persona("Chief")
    comment_on_persona(row, " Decides alone. ", author=rep, at=AT)
    comment_on_persona(row, "Noted.", author=marketer, at=AT + DAY)
    assert list(PersonaComment.objects.values_list("author__name", "text", "written_at")) == [
        ("Bruno Conti", "Decides alone.", AT),
        ("Alice Rossi", "Noted.", AT + DAY),
    ]
    for author, text in ((newcomer, "Hello"), (rep, " "), (rep, "x" * 5001)):
        with pytest.raises((NotAllowed, BadInput)):
            comment_on_persona(row, text, author=author, at=AT)
    assert PersonaComment.objects.count() == 2


def test_the_list_counts_open_leads_that_fit_best(
    marketer: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    chief, clerk = persona("Chief", of_job("Chief")), persona("Clerk", of_job("Clerk"))
    for n in range(2):
        lead_at(job_title="Chief", email=f"p{n}@acme.example")
    lead_at(LifecycleStage.MQL, Disposition.LOST, job_title="Chief", email="x@acme.example")
    refresh_personas()
    persona_cards(marketer, Lexicon())  # who he is has been read
    with django_assert_num_queries(3):
        cards = persona_cards(marketer, Lexicon())
    assert [(card.persona.pk, card.fitting) for card in cards] == [(chief.pk, 2), (clerk.pk, 0)]
    assert [one.words for one in cards[0].criteria] == ["Job title is one of: Chief"]


def test_the_page_places_assets_at_their_steps(marketer: User) -> None:
    journey = [
        {"key": "notices", "name": "Notices", "questions": ["Why?"]},
        {"key": "decides", "name": "Decides", "questions": []},
    ]
    row = persona("Chief", journey=journey)
    for name, step in (("Case", "decides"), ("Video", ""), ("Old", "gone")):
        asset = Asset.objects.create(
            name=name, key=name, kind=AssetKind.VIDEO, body="x", created_at=AT,
            is_active=True,
        )  # fmt: skip
        AssetFit.objects.create(asset=asset, persona=row, step=step)
    page = persona_page(marketer, row.pk, Lexicon())
    assert [(s.name, [a.name for a in s.assets]) for s in page.steps] == [
        ("Notices", []),
        ("Decides", ["Case"]),
    ]
    assert [asset.name for asset in page.everywhere] == ["Old", "Video"]


def test_the_history_says_what_a_version_changed(marketer: User) -> None:
    row = persona("Chief", of_job("Chief"))
    portrait = Portrait(goals="Less", criteria=[of_job("Boss")], sources=["Talks"])
    propose_persona(row, portrait, actor=marketer, at=AT)
    newest, _first = persona_history(row, Lexicon())
    assert [(c.label, c.removed, c.added) for c in newest.changes] == [
        ("Goals", (), ("Less",)),
        ("Criteria", ("Job title is one of: Chief",), ("Job title is one of: Boss",)),
        ("Research sources", (), ("Talks",)),
    ]
