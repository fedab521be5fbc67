"""The demo's records: people who came twice, owners of companies, views of the list."""

from __future__ import annotations

from datetime import datetime, timedelta

from accounts.enums import Role
from accounts.models import User
from leads.demo.data import PEOPLE
from leads.enums import ViewReach
from leads.models import Company, Contact, Lead, SavedView
from leads.services.contacts import ContactFacts
from leads.services.indexing import index_people
from leads.services.recording import create_contact
from leads.services.saved_views import ViewFacts, save_view

TWICE, PROSPECTS = 6, 4
OWNED = ("andrea.galli", "sara.esposito", "javier.ortega", "antoine.mercier")
VIEWS = (
    ("giulia.ferri", "To qualify, best first", "stage=LEAD&sort=-score", ""),
    ("marco.bianchi", "My MQLs and SALs", "stage=MQL&stage=SAL&owner=me&sort=due", ""),
    ("marco.bianchi", "Stuck for a month", "stage=SAL&stage=SQL&stage_days=30&sort=since", ""),
    ("chiara.lombardi", "Trade fair, not yet MQL", "stage=LEAD&sort=-began&q=parma", ""),
)


def load_records(at: datetime) -> None:
    """Load them up to `at`; once, and only beside the demo's leads."""
    people = {user.email.split("@")[0]: user for user in User.objects.active()}
    if SavedView.objects.exists() or not Lead.objects.exists():
        return
    if not {*OWNED, *(view[0] for view in VIEWS)} <= set(people):
        return
    _give_owners(people)
    _meet_twice(people["chiara.lombardi"], at)
    _keep_views(people, at)


def _give_owners(people: dict[str, User]) -> None:
    """Every second company has a rep of its country who knows it."""
    companies = list(Company.objects.filter(owner=None).order_by("id")[::2])
    for n, company in enumerate(companies):
        _marketers, reps = PEOPLE[company.country]
        company.owner = people.get(reps[n % len(reps)])
    Company.objects.bulk_update(companies, ["owner"])


def _meet_twice(marketer: User, at: datetime) -> None:
    """Some people write again from another address, or are met at a fair without their e-mail."""
    known = list(Contact.objects.select_related("company").exclude(company=None).order_by("-id"))
    for n, contact in enumerate(known[5 : 5 + TWICE * 9 : 9]):
        same_mailbox = n % 2 == 0
        email = (
            f"{(contact.email or '').split('@')[0] if same_mailbox else f'visitor{n}'}@mail.example"
        )
        facts = ContactFacts(
            captured_through="trade fair" if n % 2 else "newsletter",
            email=email,
            given_name=contact.given_name,
            family_name=contact.family_name if n % 3 else contact.family_name.upper(),
            phone=contact.phone if n % 2 else "",
            city=contact.city,
        )
        twin = create_contact(facts, actor=marketer, at=at - timedelta(days=n, minutes=n))
        Contact.objects.filter(pk=twin.pk).update(company=contact.company)
        index_people([twin.pk])
    _stroll_by(known, marketer, at)


def _stroll_by(known: list[Contact], marketer: User, at: datetime) -> None:
    """Prospects: they asked for the newsletter and nothing more."""
    for n, contact in enumerate(known[:PROSPECTS]):
        facts = ContactFacts(
            captured_through="newsletter",
            email=f"newsletter{n + 1}@{contact.company.domain if contact.company else 'x.example'}",
            country=contact.country,
        )
        create_contact(facts, actor=marketer, at=at - timedelta(days=2 * n, hours=1))


def _keep_views(people: dict[str, User], at: datetime) -> None:
    for login, name, query, role in VIEWS:
        shared = Role.MANAGER in {m.role for m in people[login].memberships.all()}
        facts = ViewFacts(
            name=name,
            query=query,
            reach=ViewReach.ALL if shared else ViewReach.PRIVATE,
            default_for=role if shared else "",
        )
        save_view(facts, actor=people[login], at=at)
