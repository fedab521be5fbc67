"""The answers that the mapping page sends, read back; what it may not send is left out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from zoneinfo import available_timezones

from django.http import QueryDict

from leads.cell_formats import DATE_FORMATS, DECIMALS
from leads.import_choices import CLOSED_AT, OUTCOMES, Choices
from leads.mapping import Accepts, Offered, OutOfOrder, Policy
from leads.mapping.offered import Group

LONGEST = 200
LONGEST_TEXT = 1_000
LONGEST_SYSTEM = 50
# Said of every row alike these make no sense: they tell one person from another.
EACH_ITS_OWN = frozenset(
    {"email", "external_id", "given_name", "family_name", "phone", "amount", "activities"}
)


def constant_fields(fields: Iterable[Offered]) -> list[Offered]:
    """Return the fields that every row may say alike."""
    return [one for one in fields if one.as_constant and one.code not in EACH_ITS_OWN
            and one.group is not Group.STORY]  # fmt: skip


def chosen(
    data: QueryDict, heads: Iterable[str], fields: Iterable[Offered], before: Choices
) -> Choices:
    """Return the choices that the page sent; words that it did not show stay as `before`."""
    fields = list(fields)
    columns = {one.code for one in fields if one.as_column} | {CLOSED_AT}
    places = dict(enumerate(heads))
    return Choices(
        fields={head: _one_of(data.get(f"field-{n}", ""), columns) for n, head in places.items()},
        systems={head: text for n, head in places.items()
                 if (text := data.get(f"system-{n}", "").strip()[:LONGEST_SYSTEM])},
        constants=_constants(data, fields),
        policies=_policies(data, fields),
        empty=tuple(_lines(data.get("empty", ""))),
        values=_values(data, before),
        stages={**before.stages, **_stages(data)},
        outcome=_one_of(data.get("outcome", ""), OUTCOMES) or "LEAD",
        out_of_order=_one_of(data.get("out_of_order", ""), list(OutOfOrder)) or OutOfOrder.REFUSE,
        hand_over="hand_over" in data,
        date_format=_one_of(data.get("date_format", ""), DATE_FORMATS) or next(iter(DATE_FORMATS)),
        decimal=_one_of(data.get("decimal", ""), DECIMALS) or ".",
        zone=_one_of(data.get("zone", ""), available_timezones()) or before.zone,
        dates=_own(fields, Accepts.DATE),
        numbers=_own(fields, Accepts.NUMBER),
    )  # fmt: skip


def _own(fields: Iterable[Offered], accepts: Accepts) -> tuple[str, ...]:
    return tuple(one.code for one in fields if one.group is Group.OWN and one.accepts is accepts)


def _one_of(text: str, known: Iterable[str]) -> str:
    return text if text in known else ""


def _constants(data: QueryDict, fields: Iterable[Offered]) -> dict[str, str]:
    told = {}
    for one in constant_fields(fields):
        most = LONGEST_TEXT if one.code == "consent_text" else LONGEST
        text = data.get(f"constant-{one.code}", "").strip()[:most].replace("\x00", "")
        if one.accepts is Accepts.DATE:
            text = _day(text)
        elif one.choices:
            text = _one_of(text, [choice for choice, _label in one.choices])
        if text:
            told[one.code] = text
    return told


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return ""


def _policies(data: QueryDict, fields: Iterable[Offered]) -> dict[str, str]:
    """The policy of all fields, and of those that differ."""
    known = [Policy.FILL, Policy.UPDATE, Policy.CREATE]
    told = {one.code: _one_of(data.get(f"policy-{one.code}", ""), known)
            for one in fields if one.with_policy}  # fmt: skip
    every = _one_of(data.get("policy", ""), known) or Policy.FILL
    return {"*": every, **{code: policy for code, policy in told.items() if policy}}


def _values(data: QueryDict, before: Choices) -> dict[str, dict[str, str]]:
    values = {code: dict(told) for code, told in before.values.items()}
    for key in data:
        if not key.startswith("told-") or key.startswith("told-stage-"):
            continue
        code = key.removeprefix("told-").rpartition("-")[0]
        told = str(data[key])[:LONGEST]
        read_as = data.get(f"as-{key.removeprefix('told-')}", "").strip()[:LONGEST]
        known = values.setdefault(code, {})
        if read_as and read_as != told:
            known[told] = read_as
        else:
            known.pop(told, None)
    return {code: told for code, told in values.items() if told}


def _stages(data: QueryDict) -> Mapping[str, str]:
    start = "told-stage-"
    return {
        str(data[key])[:LONGEST]: outcome
        for key in data
        if key.startswith(start)
        and (outcome := _one_of(data.get(f"as-stage-{key.removeprefix(start)}", ""), OUTCOMES))
    }


def _lines(text: str) -> list[str]:
    return list(dict.fromkeys(line.strip()[:LONGEST] for line in text.splitlines() if line.strip()))
