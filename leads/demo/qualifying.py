"""The demo's agreement on words: personas, what makes an MQL and an SQL, types of SQL."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from accounts.models import User
from leads.demo.portraits import (
    ANSWERS,
    CHANGED_PLANT,
    COMMENTS,
    IDEAL_COMPANY,
    PERSONAS,
    SQL_TYPES,
)
from leads.enums import LifecycleStage, PersonaKind, Responsible
from leads.folding import fold
from leads.models import Asset, AssetFit, Persona, SqlType, StageDefinition
from leads.services.definitions import Wording, activate_definitions, propose_definition
from leads.services.persona_fits import refresh_personas_after
from leads.services.personas import (
    activate_personas,
    comment_on_persona,
    create_persona,
    propose_persona,
)

NAMES = {"chiara.lombardi", "andrea.galli", "giulia.ferri", "marco.bianchi"}
MQL = Wording(
    stage=LifecycleStage.MQL,
    prose=(
        "Somebody of a plant that we can serve, in a role that decides or advises, who has shown "
        "interest in the last weeks and can be reached."
    ),
    responsible=Responsible.SHARED,
    criteria=[
        {"kind": "filled", "field": "contact.email", "required": True},
        {"kind": "filled", "field": "company.name", "required": True},
        {"kind": "not_excluded", "required": True},
        {"kind": "filled", "field": "contact.phone", "required": False},
        {"kind": "persona_fits", "required": False},
        {"kind": "score_at_least", "value": 60, "required": False},
        {"kind": "touch_within", "days": 60, "required": False},
        {
            "kind": "question",
            "key": "asked-for-us",
            "label": "Did the person ask about something that we sell?",
            "required": False,
        },
    ],
    exit_rule="Sales accepts it, or rejects it with a reason.",
    longest_stay_days=2,
)
SQL = Wording(
    stage=LifecycleStage.SQL,
    prose="A person with a need that we can meet, who wants to talk about it and says by when.",
    responsible=Responsible.SHARED,
    criteria=[
        {"kind": "question", "key": "need", "label": "Is the need clear?", "required": False},
        {
            "kind": "question",
            "key": "decides",
            "label": "Do we know who decides?",
            "required": False,
        },
        {"kind": "question", "key": "when", "label": "Is there a date?", "required": False},
    ],
    exit_rule="It becomes an opportunity with an amount, or goes back to nurturing.",
    longest_stay_days=20,
)


def load_agreed_words(at: datetime) -> None:
    """Load personas, definitions and types of SQL; once, and only where the demo's people are."""
    users = {user.email.split("@")[0]: user for user in User.objects.active()}
    if Persona.objects.exists() or not set(users) >= NAMES:
        return
    personas = _load_personas(users, at)
    _load_definitions(users, at)
    _load_types()
    _load_talk(personas, users, at)


def load_fits(at: datetime) -> None:
    """Say which persona each lead fits, after the leads are there."""
    last: int | None = 0
    while last is not None:
        _changed, last = refresh_personas_after(last)


def _load_personas(users: dict[str, User], at: datetime) -> dict[str, Persona]:
    by: dict[str, Any] = {"actor": users["chiara.lombardi"], "at": at - timedelta(days=430)}
    versions = [
        create_persona(name, PersonaKind.BUYER, portrait, **by)
        for name, portrait in PERSONAS.items()
    ]
    name, portrait = IDEAL_COMPANY
    versions.append(create_persona(name, PersonaKind.COMPANY, portrait, **by))
    ids = [version.pk for version in versions]
    activate_personas(ids, actor=users["giulia.ferri"], at=at - timedelta(days=428))
    return {version.persona.name: version.persona for version in versions}


def _load_definitions(users: dict[str, User], at: datetime) -> None:
    """The versions that the product comes with were in force all the year before."""
    StageDefinition.objects.filter(version=1).update(in_force_from=at - timedelta(days=700))
    rows = [
        propose_definition(wording, actor=users["marco.bianchi"], at=at - timedelta(days=431))
        for wording in (MQL, SQL)
    ]
    ids = [row.pk for row in rows]
    activate_definitions(ids, actor=users["giulia.ferri"], at=at - timedelta(days=427))


def _load_types() -> None:
    SqlType.objects.bulk_create(
        [
            SqlType(name=name, key=fold(name), description=text, playbook="\n".join(steps))
            for name, text, steps in SQL_TYPES
        ],
        ignore_conflicts=True,
    )


def _load_talk(personas: dict[str, Persona], users: dict[str, User], at: datetime) -> None:
    """Both teams have a say, and one change is waiting for the heads."""
    plant = personas["Plant manager"]
    for login, days, text in COMMENTS:
        comment_on_persona(plant, text, author=users[login], at=at - timedelta(days=days))
    propose_persona(plant, CHANGED_PLANT, actor=users["chiara.lombardi"], at=at - timedelta(days=3))


def load_answers(at: datetime) -> None:
    """Let assets answer the steps of journeys; once, and only where the demo's assets are."""
    personas = {row.name: row for row in Persona.objects.filter(name__in=PERSONAS)}
    assets = list(Asset.objects.all())
    fits = [
        AssetFit(asset=asset, persona=personas[name], step=step)
        for begins, name, step in ANSWERS
        for asset in assets
        if asset.name.startswith(begins) and name in personas
    ]
    AssetFit.objects.bulk_create(fits, ignore_conflicts=True)
