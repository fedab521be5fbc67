"""The events of a timeline in sentences, in the reader's language. No ORM, no now."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from leads.enums import (
    Cause,
    CloseReason,
    CustomerEventKind,
    Decision,
    LifecycleStage,
    NextStepKind,
    QueueKind,
    Ruling,
    TouchKind,
)
from leads.routing_words import came_by
from leads.wording import CLOSED, DONE
from shell.formats import write_money

LATE = timedelta(hours=1)


@dataclass(frozen=True)
class Told:
    """One event as people read it; `quiet` and `undone` ones step back."""

    title: str
    icon: str = "circle"
    tone: str = "neutral"
    who: str = ""
    text: str = ""
    facts: tuple[str, ...] = ()
    quiet: bool = False
    undone: bool = False
    kind: str = ""
    pk: int = 0
    at: datetime | None = None
    actor_id: int | None = None
    logged_at: datetime | None = None


TOUCHED: dict[str, tuple[Any, str]] = {
    TouchKind.FORM: (gettext_lazy("Filled in a form"), "pencil"),
    TouchKind.DOWNLOAD: (gettext_lazy("Downloaded something"), "download"),
    TouchKind.WEBINAR: (gettext_lazy("Came to a webinar"), "presentation"),
    TouchKind.FAIR: (gettext_lazy("Met us at a fair"), "building-store"),
    TouchKind.EMAIL_CLICK: (gettext_lazy("Followed a link in an e-mail"), "mail-forward"),
    TouchKind.AD: (gettext_lazy("Answered an advertisement"), "speakerphone"),
    TouchKind.VISIT: (gettext_lazy("Visited our pages"), "world"),
    TouchKind.CHAT: (gettext_lazy("Wrote in the chat"), "message-2"),
    TouchKind.REFERRAL: (gettext_lazy("Was referred to us"), "user-plus"),
    TouchKind.ASSET_OPEN: (gettext_lazy("Opened what was sent"), "eye"),
    TouchKind.OTHER: (gettext_lazy("Was in touch with us"), "circle"),
}
# (kind, from us, reached) → what it says; reached None stands for "not said".
ACTED: dict[tuple[str, bool, bool | None], Any] = {
    ("CALL", True, True): gettext_lazy("Called and spoke"),
    ("CALL", True, False): gettext_lazy("Called, not reached"),
    ("CALL", True, None): gettext_lazy("Called"),
    ("CALL", False, None): gettext_lazy("They called"),
    ("EMAIL", True, None): gettext_lazy("Sent an e-mail"),
    ("EMAIL", False, None): gettext_lazy("They sent an e-mail"),
    ("MEETING", True, True): gettext_lazy("Met"),
    ("MEETING", True, False): gettext_lazy("Meeting, they did not come"),
    ("MEETING", True, None): gettext_lazy("Met"),
    ("MEETING", False, None): gettext_lazy("They came to see us"),
    ("MESSAGE", True, None): gettext_lazy("Sent a message"),
    ("MESSAGE", False, None): gettext_lazy("They sent a message"),
    ("NOTE", True, None): pgettext_lazy("timeline", "Note"),
}
ACT_ICONS = {
    "CALL": "phone", "EMAIL": "mail", "MEETING": "users", "MESSAGE": "message-2", "NOTE": "note",
}  # fmt: skip
DECIDED: dict[str, tuple[Any, str, str]] = {
    Decision.ACCEPTED: (gettext_lazy("Sales said yes"), "check", "sales"),
    Decision.REJECTED: (gettext_lazy("Sales said no"), "x", "sales"),
    Decision.RETURNED: (gettext_lazy("Sales sent it back to be fixed"), "arrow-back-up", "at-risk"),
}


def tell_events(events: Iterable[Any]) -> list[Told]:
    """Return each event (`leads.selectors.timeline.Event`) in words, in order."""
    return [
        replace(
            TELLERS[event.kind](event.data, event.at), kind=event.kind, pk=event.pk, at=event.at
        )
        for event in events
    ]


def reason_words(code: str, own_label: str | None) -> str:
    """Return a coded reason as people read it: the organisation's wording, else the product's."""
    known = CloseReason._value2member_map_.get(code)
    return own_label or (str(CloseReason(code).label) if known else code)


def _stage(data: dict[str, Any], at: datetime) -> Told:
    stage, closed = LifecycleStage(data["to_stage"]), CLOSED.get(data["to_disposition"])
    who = data["who"] or str(Cause(data["cause"]).label)
    if data["undoes"]:
        return Told(_("Taken back: %(stage)s again") % {"stage": stage.label}, "arrow-back-up",
                    who=who, text=data["note"])  # fmt: skip
    if data["inferred"]:
        title = _("%(stage)s passed over") % {"stage": stage.label}
        return Told(title, "dots", who=who, quiet=True, undone=data["undone"])
    title, icon, tone = closed or (DONE[stage], _stage_icon(stage), _stage_tone(stage))
    facts = [] if data["told"] else [reason_words(data["reason"], data["label"])]
    if data["unknown"]:
        facts.append(_("Nobody knows when."))
    return Told(
        str(title), icon, tone, who=who, text="" if data["told"] else data["note"],
        facts=tuple(filter(None, facts)), undone=data["undone"],
    )  # fmt: skip


def _stage_icon(stage: LifecycleStage) -> str:
    return "star" if stage is LifecycleStage.CUSTOMER else "arrow-right"


def _stage_tone(stage: LifecycleStage) -> str:
    if stage is LifecycleStage.CUSTOMER:
        return "on-track"
    return "marketing" if stage in (LifecycleStage.LEAD, LifecycleStage.MQL) else "sales"


def _feedback(data: dict[str, Any], at: datetime) -> Told:
    title, icon, tone = DECIDED[data["decision"]]
    facts = []
    if data["reason"]:
        facts.append(reason_words(data["reason"], data["label"]))
    if data["fit"]:
        facts.append(_("Fit %(n)d of 5") % {"n": data["fit"]})
    if data["acknowledged"]:
        facts.append(_("Marketing has read it"))
    return Told(str(title), icon, tone, who=data["who"] or "", text=data["text"],
                facts=tuple(facts), undone=data["undone"])  # fmt: skip


def _dispute(data: dict[str, Any], at: datetime) -> Told:
    return Told(_("Marketing disputed the rejection"), "hand-stop", "marketing",
                who=data["who"] or "", text=data["text"])  # fmt: skip


def _ruling(data: dict[str, Any], at: datetime) -> Told:
    title = str(Ruling(data["ruling"]).label)
    return Told(title, "checks", "shared", who=data["who"] or "", text=data["text"])


def _assignment(data: dict[str, Any], at: datetime) -> Told:
    if data["owner"]:
        title, icon = _("Came to %(person)s") % {"person": data["owner"]}, "user"
    else:
        queue = QueueKind(data["queue"]).label if data["queue"] else ""
        title, icon = _("Came to the queue “%(queue)s”") % {"queue": queue}, "users-group"
    facts = [came_by(data["cause"], to_person=bool(data["owner"]))]
    if data["rule"]:
        facts.append(data["rule"])
    return Told(title, icon, who=data["who"] or "", text=data["note"], facts=tuple(facts),
                undone=data["undone"])  # fmt: skip


def _deal_opened(data: dict[str, Any], at: datetime) -> Told:
    return Told(_("Deal opened"), "coins", "sales", who=data["who"] or "", facts=_deal_facts(data))


def _deal_closed(data: dict[str, Any], at: datetime) -> Told:
    won = data["state"] == "WON"
    facts = list(_deal_facts(data))
    if data["reason"]:
        facts.append(reason_words(data["reason"], data["label"]))
    if data["competitor"]:
        facts.append(_("Lost to %(name)s") % {"name": data["competitor"]})
    return Told(
        _("Deal won") if won else _("Deal lost"), "star" if won else "circle-x",
        "on-track" if won else "late", who=data["who"] or "", text=data["note"],
        facts=tuple(facts),
    )  # fmt: skip


def _deal_facts(data: dict[str, Any]) -> tuple[str, ...]:
    facts = [data["name"]]
    if data["amount"] is not None:
        facts.append(write_money(data["amount"], data["currency"]))
    return tuple(filter(None, facts))


def _customer(data: dict[str, Any], at: datetime) -> Told:
    facts = [] if data["amount"] is None else [write_money(data["amount"], data["currency"])]
    kind = CustomerEventKind(data["kind"])
    tone = "late" if kind is CustomerEventKind.CHURNED else "on-track"
    return Told(str(kind.label), "refresh", tone, who=data["who"] or "", text=data["text"],
                facts=tuple(facts))  # fmt: skip


def _activity(data: dict[str, Any], at: datetime) -> Told:
    ours = data["direction"] == "OUTBOUND"
    reached = data["connected"] if ours else None
    title = ACTED.get((data["kind"], ours, reached)) or ACTED[data["kind"], True, None]
    logged_at = datetime.fromisoformat(data["logged_at"])
    facts = [_("logged later")] if logged_at - at > LATE else []
    if data["automatic"]:
        facts.append(_("sent by a machine"))
    return Told(
        str(title), ACT_ICONS[data["kind"]], "neutral" if data["kind"] == "NOTE" else "sales",
        who=data["who"] or "", text=data["text"], facts=tuple(facts), quiet=data["automatic"],
        actor_id=data["actor_id"], logged_at=logged_at,
    )  # fmt: skip


def _step(data: dict[str, Any], at: datetime) -> Told:
    facts = (str(NextStepKind(data["kind"]).label),)
    return Told(data["text"] or _("Next step done"), "checklist", who=data["who"] or "",
                facts=facts)  # fmt: skip


def _asset(data: dict[str, Any], at: datetime) -> Told:
    title = _("Sent “%(asset)s”") % {"asset": data["name"]}
    opened = _("opened %(n)d times") % {"n": data["openings"]} if data["openings"] else ""
    facts = (opened or _("not opened yet"),)
    return Told(title, "send", "sales", who=data["who"] or "", text=data["note"], facts=facts)


def _post(data: dict[str, Any], at: datetime) -> Told:
    alert = data["kind"] == "ALERT"
    title = _("Named in a campaign alert") if alert else _("Named in a field note")
    return Told(title, "speakerphone", "marketing" if alert else "sales", who=data["who"] or "",
                text=data["text"])  # fmt: skip


def _touch(data: dict[str, Any], at: datetime) -> Told:
    title, icon = TOUCHED[data["kind"]]
    facts = tuple(filter(None, (data["campaign"] or data["source"], data["asset"])))
    return Told(str(title), icon, "marketing", text=data["detail"], facts=facts)


def _merge(data: dict[str, Any], at: datetime) -> Told:
    if not data["leads"]:
        title = _("Merged with %(name)s") % {"name": data["with"]}
    elif data["into"]:
        title = _("Merged into another lead")
    else:
        title = _("Another lead was merged into this one")
    facts = tuple(filter(None, (data["line"],)))
    return Told(title, "copy", who=data["who"] or "", facts=facts, undone=data["undone"])


def _unmerge(data: dict[str, Any], at: datetime) -> Told:
    title = (
        _("The merge with another lead was undone") if data["leads"]
        else _("The merge with %(name)s was undone") % {"name": data["with"]}
    )  # fmt: skip
    facts = tuple(filter(None, (data["line"],)))
    return Told(title, "arrow-back-up", who=data["who"] or "", facts=facts)


TELLERS: dict[str, Callable[[dict[str, Any], datetime], Told]] = {
    "stage": _stage,
    "feedback": _feedback,
    "dispute": _dispute,
    "ruling": _ruling,
    "assignment": _assignment,
    "deal_closed": _deal_closed,
    "deal_opened": _deal_opened,
    "customer": _customer,
    "activity": _activity,
    "note": _activity,
    "step": _step,
    "asset": _asset,
    "post": _post,
    "touch": _touch,
    "merge": _merge,
    "unmerge": _unmerge,
}
