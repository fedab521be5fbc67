"""The likeliest answers for a file, from its heads and first rows. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from leads.cell_formats import DATE_FORMATS, date_formats_of, decimal_of
from leads.folding import fold, words
from leads.guessing import guess_fields, guess_system, looks_like_email
from leads.import_choices.answers import CLOSED_AT, DATED, ENDED, EXTERNAL_ID, Choices
from leads.mapping import FIELDS, Accepts, Offered

PAGE_FIELDS = frozenset({*FIELDS, *DATED, *ENDED, CLOSED_AT, "stage"})
OUTCOME_WORDS = {
    "WON": ("won", "closed won", "customer", "converted", "vinto", "vinta", "cliente", "ganado",
            "ganada", "gagne", "gagnee", "client", "1", "chiuso vinto", "cerrado ganado"),
    "LOST": ("lost", "closed lost", "perso", "persa", "perdido", "perdida", "perdu", "perdue",
             "chiuso perso", "cerrado perdido"),
    "DISQUALIFIED": ("disqualified", "unqualified", "junk", "spam", "squalificato", "scartato",
                     "descartado", "descalificado", "disqualifie", "ecarte"),
    "RECYCLED": ("recycled", "nurture", "nurturing", "later", "riciclato", "reciclado", "recycle"),
    "OPPORTUNITY": ("opportunity", "engaging", "deal", "proposal", "negotiation", "opportunita",
                    "oportunidad", "opportunite", "offerta", "trattativa", "propuesta",
                    "negociacion", "proposition", "negociation"),
    "SQL": ("sql", "sales qualified lead", "sales qualified"),
    "SAL": ("sal", "sales accepted lead", "accepted", "accettato", "aceptado", "accepte"),
    "MQL": ("mql", "marketing qualified lead", "qualified", "prospecting", "qualificato",
            "cualificado", "calificado", "qualifie"),
    "LEAD": ("lead", "new", "open", "nuovo", "aperto", "nuevo", "abierto", "nouveau", "ouvert",
             "0", ""),
}  # fmt: skip
TOUCH_WORDS = {
    "FORM": ("form", "web form", "modulo", "formulario", "formulaire", "landing page submission"),
    "DOWNLOAD": ("download", "scaricato", "descarga", "telechargement"),
    "WEBINAR": ("webinar", "webinaire"),
    "FAIR": ("fair", "trade fair", "event", "fiera", "evento", "feria", "salon", "evenement"),
    "EMAIL_CLICK": ("email", "e mail", "click", "newsletter"),
    "AD": ("ad", "ads", "advertising", "pubblicita", "publicidad", "publicite"),
    "REFERRAL": ("referral", "reference", "passaparola", "referencia", "recommandation"),
}
Columns = Mapping[str, Sequence[str]]


def guess(
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    zone: str,
    own: Iterable[Offered] = (),
) -> Choices:
    """Return the likeliest choices for a file with these heads and first rows.

    `own` are the organisation's own fields; a column called as one of them is meant to be it.
    """
    columns = {head: [row[place] for row in rows] for place, head in enumerate(heads)}
    own = list(own)
    fields = _fields(columns, own)
    choices = Choices(
        fields=fields,
        systems={head: guess_system(head) for head, name in fields.items() if name == EXTERNAL_ID},
        stages=_stages(fields, columns),
        values=_touches(fields, columns),
        zone=zone,
        dates=tuple(one.code for one in own if one.accepts is Accepts.DATE),
        numbers=tuple(one.code for one in own if one.accepts is Accepts.NUMBER),
    )
    return _with_formats(choices, columns)


def _fields(columns: Columns, own: Sequence[Offered]) -> dict[str, str]:
    fields = guess_fields([*columns], PAGE_FIELDS)
    if "email" not in fields.values():
        found = next((head for head, texts in columns.items() if looks_like_email(texts)), None)
        if found:
            fields[found] = "email"
    named = {fold(str(one.label)): one.code for one in own}
    for head in columns:
        code = named.get(fold(head.replace("_", " ")), "")
        if code and not fields[head] and code not in fields.values():
            fields[head] = code
    return _with_ids(fields, columns)


def _with_ids(fields: dict[str, str], columns: Columns) -> dict[str, str]:
    """Keep as ids what tells people apart.

    Ids of a system that the head names; without any address, the first of all.
    """
    is_known = "email" in fields.values()
    for head in [head for head, name in fields.items() if name == EXTERNAL_ID]:
        told = [text for text in columns[head] if text.strip()]
        if len(set(told)) < len(told) or (is_known and not guess_system(head)):
            fields[head] = ""
        else:
            is_known = True
    return fields


def _with_formats(choices: Choices, columns: Columns) -> Choices:
    told = [(name, text) for head, name in choices.fields.items() for text in columns[head]]
    dates = [text for name, text in told if choices.is_date(name)]
    numbers = [text for name, text in told if choices.is_number(name)]
    found = {
        "date_format": next(iter(date_formats_of(dates)), next(iter(DATE_FORMATS))),
        "decimal": decimal_of(numbers),
    }
    return Choices(**{**vars(choices), **found})


def with_words(choices: Choices, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Choices:
    """Return the choices with a guess for each word of these rows that they say nothing of."""
    columns = {head: [row[place] for row in rows] for place, head in enumerate(heads)}
    touches = _touches(choices.fields, columns).get("touch", {})
    known = dict(choices.values)
    if touches:
        known["touch"] = {**touches, **known.get("touch", {})}
    stages = {**_stages(choices.fields, columns), **choices.stages}
    return Choices(**{**vars(choices), "stages": stages, "values": known})


def _stages(fields: Mapping[str, str], columns: Columns) -> dict[str, str]:
    return {
        value: guess_outcome(value)
        for head, name in fields.items()
        if name == "stage"
        for value in dict.fromkeys(text.strip() for text in columns[head])
    }


def _touches(fields: Mapping[str, str], columns: Columns) -> dict[str, dict[str, str]]:
    told = {
        value: kind
        for head, name in fields.items()
        if name == "touch"
        for value in dict.fromkeys(text.strip() for text in columns[head])
        if (kind := guess_touch(value))
    }
    return {"touch": told} if told else {}


def guess_outcome(value: str) -> str:
    """Return the outcome that a word of a stage column means, a new lead when none is likely."""
    plain = " ".join(words(value))
    return next((one for one, known in OUTCOME_WORDS.items() if plain in known), "LEAD")


def is_known_outcome(value: str) -> bool:
    """Tell whether a word of a stage column is one that is commonly used."""
    plain = " ".join(words(value))
    return any(plain in known for known in OUTCOME_WORDS.values())


def guess_touch(value: str) -> str:
    """Return the kind of touch that a word means; empty when none is likely."""
    plain = " ".join(words(value))
    return next((one for one, known in TOUCH_WORDS.items() if plain in known), "")
