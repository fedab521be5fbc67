"""Which field a column means, from its name in English, Italian, Spanish, French. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from leads.folding import words

# Folded words, each list the likeliest first. A name is met whole before it is met in part.
NAMES: Mapping[str, tuple[str, ...]] = {
    "email": ("email", "e mail", "mail", "email address", "e mail address", "indirizzo email",
              "indirizzo e mail", "posta elettronica", "correo", "correo electronico", "courriel",
              "adresse email", "adresse e mail", "adresse mail", "adresse electronique"),
    "external_id": ("id", "external id", "contact id", "lead id", "record id", "prospect id",
                    "customer id", "codice", "codice cliente", "identificativo", "identificador",
                    "codigo", "identifiant", "reference", "account", "opportunity id"),
    "given_name": ("first name", "given name", "firstname", "forename", "nome", "nome di battesimo",
                   "nombre", "nombre de pila", "prenom"),
    "family_name": ("last name", "family name", "surname", "lastname", "cognome", "apellido",
                    "apellidos", "nom", "nom de famille"),
    "phone": ("phone", "telephone", "phone number", "mobile", "mobile phone", "telefono",
              "cellulare", "numero di telefono", "movil", "celular", "telephone portable", "tel",
              "numero de telephone", "numero de telefono"),
    "job_title": ("job title", "title", "role", "position", "ruolo", "mansione", "qualifica",
                  "posizione", "cargo", "puesto", "poste", "fonction", "job"),
    "country": ("country", "nation", "paese", "nazione", "stato", "pais", "pays"),
    "city": ("city", "town", "citta", "comune", "localita", "ciudad", "ville", "localidad"),
    "company": ("company", "company name", "organisation", "organization", "account name",
                "employer", "azienda", "ragione sociale", "societa", "impresa", "ditta", "empresa",
                "compania", "entreprise", "societe", "raison sociale"),
    "source": ("source", "lead source", "channel", "lead origin", "fonte", "origine", "provenienza",
               "canale", "fuente", "origen", "canal", "provenance"),
    "campaign": ("campaign", "utm campaign", "fair", "event", "campagna", "fiera", "evento",
                 "campana", "feria", "campagne", "salon", "evenement"),
    "product_line": ("product line", "product", "linea di prodotto", "prodotto",
                     "linea de producto", "producto", "gamme", "produit", "ligne de produit"),
    "owner": ("owner", "owner email", "sales rep", "assigned to", "responsabile", "assegnato a",
              "venditore", "propietario", "responsable", "asignado a", "vendedor", "proprietaire",
              "attribue a", "commercial"),
    "amount": ("amount", "value", "deal value", "deal amount", "close value", "importo", "valore",
               "ammontare", "importe", "valor", "monto", "montant", "valeur"),
    "currency": ("currency", "valuta", "divisa", "moneda", "devise", "monnaie"),
    "stage": ("stage", "lifecycle stage", "status", "deal stage", "lead status", "fase", "stadio",
              "stato del lead", "etapa", "estado", "etape", "statut"),
    "lead_at": ("lead at", "created", "created at", "creation date", "date created", "lead date",
                "data creazione", "data di creazione", "creato il", "fecha de creacion", "creado",
                "date de creation", "cree le", "date", "data", "fecha"),
    "mql_at": ("mql at", "mql date", "data mql", "fecha mql", "date mql"),
    "sal_at": ("sal at", "sal date", "data sal", "fecha sal", "date sal"),
    "sql_at": ("sql at", "sql date", "data sql", "fecha sql", "date sql"),
    "opportunity_at": ("opportunity at", "opportunity date", "engage date", "deal created",
                       "data opportunita", "fecha de oportunidad", "date d opportunite"),
    "closed_at": ("won at", "closed at", "close date", "closing date", "won date", "lost at",
                  "data chiusura", "data di chiusura", "chiuso il", "fecha de cierre",
                  "date de cloture", "date de fermeture"),
    "reason": ("reason", "loss reason", "lost reason", "reject reason", "motivo", "motivo perdita",
               "motivo de perdida", "motif", "raison"),
}  # fmt: skip


def guess_field(head: str) -> str:
    """Return the field that a column's name means; empty when nothing is likely."""
    name = " ".join(words(head.replace("_", " ")))
    for field, known in NAMES.items():
        if name in known:
            return field
    return ""


def guess_fields(heads: Sequence[str], known: frozenset[str]) -> dict[str, str]:
    """Return a field for each head, none twice, none that is not `known`; empty for no guess."""
    taken: set[str] = set()
    guesses: dict[str, str] = {}
    for head in heads:
        field = guess_field(head)
        if field not in known or field in taken:
            field = ""
        guesses[head] = field
        taken.add(field)
    return guesses


def looks_like_email(texts: Sequence[str]) -> bool:
    """Tell whether a column without a telling name holds addresses."""
    told = [text.strip() for text in texts if text.strip()]
    return bool(told) and all("@" in text and "." in text.rpartition("@")[2] for text in told)
