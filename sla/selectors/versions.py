"""The versions of the agreement, and what one changed of the one before."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import Organisation
from leads.version_words import Change, changed_list
from sla.enums import AgreementState, SectionKey
from sla.models import Agreement
from sla.promise_words import business_time, figure_of, say, what_of
from sla.selectors.agreement_parts import types_of, with_parts
from smarketing.errors import NotFound

Lines = dict[object, tuple[str, list[str]]]
READ = ~Q(state=AgreementState.DRAFT)


def in_force() -> Agreement | None:
    """Return the version in force with its parts, or None."""
    return with_parts().filter(state=AgreementState.IN_FORCE).first()


def version_numbered(number: int) -> Agreement:
    """Return a version that was at least proposed, with its parts; raise NotFound for none."""
    row = with_parts().filter(READ, number=number).first()
    if row is None:
        raise NotFound("no such version")
    return row


def draft() -> Agreement | None:
    """Return the draft with its parts, or None."""
    return with_parts().filter(state=AgreementState.DRAFT).first()


def versions() -> QuerySet[Agreement]:
    """Return every version that was at least proposed, the newest first."""
    rows = Agreement.objects.filter(READ).select_related("proposed_by", "created_by")
    return rows.prefetch_related("signatures__signer").order_by("-number")


def on_its_way() -> Agreement | None:
    """Return the version that waits for signatures or for its day."""
    waiting = [AgreementState.PROPOSED, AgreementState.SIGNED]
    return versions().filter(state__in=waiting).first()


def differences(old: Agreement, new: Agreement) -> list[Change]:
    """Return what `new` takes away from `old` and adds to it, part by part, in words.

    Both came with their parts; two statements.
    """
    currency = Organisation.objects.values_list("currency", flat=True).get()
    before, after = _lines(old, currency), _lines(new, currency)
    found = []
    for key in {**before, **after}:
        label = after.get(key, before.get(key, ("", [])))[0]
        was, now = (side.get(key, ("", []))[1] for side in (before, after))
        if (change := changed_list(label, was, now)) is not None:
            found.append(change)
    return found


def _lines(version: Agreement, currency: str) -> Lines:
    """Return the version as lines under a key that stays the same from version to version."""
    lines: Lines = {}
    texts = {row.key: row.text for row in version.sections.all()}
    for key in SectionKey:
        words = [part.strip() for part in texts.get(key, "").split("\n") if part.strip()]
        lines["section", key] = (str(key.label), words)
    for row in version.commitments.all():
        lines["commitment", row.lineage] = (
            f"{row.get_side_display()}: {what_of(row)}",
            [figure_of(row, currency), *say(row, currency).small_print],
        )
    for duty in version.protocol.all():
        lines["protocol", duty.step] = (
            _("Protocol: %(step)s") % {"step": duty.get_step_display()},
            _duty(duty.get_side_display(), duty.person, duty.longest_minutes, duty.on_failure),
        )
    for kind in types_of(version):
        lines["type", kind.number] = (
            _("Type of SQL: %(name)s") % {"name": kind.name},
            [line for line in (kind.description, *kind.steps) if line] or [kind.name],
        )
    messaging = [f"{row.get_stage_display()}: {row.get_writer_display()}"
                 for row in version.messaging.all()]  # fmt: skip
    lines["messaging"] = (_("Who writes to the contact"), messaging)
    lines["definitions"] = (_("Agreed definitions"), _definitions(version))
    lines["personas"] = (_("Agreed personas"), _personas(version))
    lines["terms"] = (_("Terms"), _terms(version))
    return lines


def _duty(side: str, person: object, minutes: int | None, failure: str) -> list[str]:
    who = getattr(person, "name", "")
    longest = business_time(minutes) if minutes else ""
    return [line for line in (side, who, longest, failure) if line]


def _definitions(version: Agreement) -> list[str]:
    return [
        _("%(name)s, version %(n)d")
        % {"name": one.definition.get_stage_display(), "n": one.definition.version}
        for one in version.definitions.all()
    ]


def _personas(version: Agreement) -> list[str]:
    return [
        _("%(name)s, version %(n)d")
        % {"name": one.persona_version.persona.name, "n": one.persona_version.version}
        for one in version.personas.all()
    ]


def _terms(version: Agreement) -> list[str]:
    named = (
        (_("System of record: %(value)s"), version.system_of_record),
        (_("Keeper: %(value)s"), version.keeper.name if version.keeper else ""),
        (
            _("Deputy for Marketing: %(value)s"),
            version.marketing_deputy.name if version.marketing_deputy else "",
        ),
        (
            _("Deputy for Sales: %(value)s"),
            version.sales_deputy.name if version.sales_deputy else "",
        ),
        (_("Lost deals: %(value)s"), version.lost_deals),
        (_("Longest pause: %(value)s days"), version.longest_pause_days),
        (
            _("Lowest share of deadlines kept: %(value)s %%"),
            f"{version.compliance_floor * 100:.0f}",
        ),
        (_("Looked at every %(value)s months"), version.renew_every_months),
    )
    return [words % {"value": value} for words, value in named if value]
