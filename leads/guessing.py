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
                    "codigo", "identifiant", "reference", "opportunity id", "deal id"),
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
    "company": ("company", "company name", "account", "account name", "organisation",
                "organization", "employer", "azienda", "ragione sociale", "societa",
                "impresa", "ditta", "empresa", "compania", "entreprise", "societe",
                "raison sociale"),
    "sector": ("sector", "industry", "company sector", "company industry", "branch", "settore",
               "settore azienda", "industria", "settore merceologico", "sector de la empresa",
               "ramo", "secteur", "secteur d activite", "secteur activite", "branche"),
    "employees": ("employees", "number of employees", "company size", "headcount", "staff",
                  "no of employees", "employee count", "dipendenti", "numero dipendenti",
                  "numero di dipendenti", "n dipendenti", "addetti", "empleados",
                  "numero de empleados", "plantilla", "effectif", "effectifs", "salaries",
                  "nombre de salaries", "nombre d employes", "employes"),
    "company_country": ("company country", "country of the company", "account country",
                        "paese azienda", "paese dell azienda", "nazione azienda",
                        "pais de la empresa", "pais empresa", "pays de l entreprise",
                        "pays entreprise"),
    "source": ("source", "lead source", "channel", "lead origin", "fonte", "origine", "provenienza",
               "canale", "fuente", "origen", "canal", "provenance"),
    "campaign": ("campaign", "campaign name", "fair", "event", "campagna", "fiera", "evento",
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
    "closed_at": ("closed at", "close date", "closing date", "closed on", "data chiusura",
                  "data di chiusura", "chiuso il", "fecha de cierre", "date de cloture",
                  "date de fermeture", "cloture le"),
    "won_at": ("won at", "won date", "won on", "customer at", "customer since", "data vincita",
               "vinto il", "cliente dal", "ganado el", "fecha de ganado", "cliente desde",
               "gagne le", "client depuis"),
    "lost_at": ("lost at", "lost date", "lost on", "perso il", "data perdita", "perdido el",
                "fecha de perdida", "perdu le", "date de perte"),
    "disqualified_at": ("disqualified at", "disqualified on", "scartato il", "descartado el",
                        "ecarte le"),
    "recycled_at": ("recycled at", "recycled on", "riciclato il", "reciclado el", "recycle le"),
    "persona": ("persona", "buyer persona", "profile", "profilo", "perfil", "profil"),
    "sql_type": ("sql type", "type of sql", "tipo sql", "tipo di sql", "tipo de sql", "type sql",
                 "type de sql"),
    "competitor": ("competitor", "lost to", "lost to competitor", "concorrente", "perso con",
                   "perso a favore di", "competidor", "perdido contra", "perdido con",
                   "concurrent", "perdu contre", "perdu face a"),
    "owner_team": ("owner team", "team", "sales team", "squadra", "equipo", "equipe"),
    "activities": ("activities", "activity count", "number of activities", "attempts",
                   "number of attempts", "times contacted", "number of times contacted",
                   "attivita", "numero di attivita", "tentativi", "actividades",
                   "numero de actividades", "intentos", "activites", "nombre d activites",
                   "tentatives"),
    "touch": ("touch", "touch type", "touch kind", "touchpoint", "interaction", "interazione",
              "contatto", "interaccion", "canal de captacion"),
    "touch_at": ("touch at", "touch date", "interaction date", "data interazione",
                 "fecha de interaccion", "date d interaction"),
    "utm_source": ("utm source",), "utm_medium": ("utm medium",), "utm_term": ("utm term",),
    "utm_campaign": ("utm campaign",), "utm_content": ("utm content",),
    "consent": ("consent", "marketing consent", "email consent", "opt in", "optin", "gdpr",
                "email opt in", "consenso", "consenso marketing", "consentimiento",
                "acepta marketing", "consentement", "accord marketing"),
    "consent_at": ("consent at", "consent date", "opt in date", "data consenso",
                   "data del consenso", "fecha de consentimiento", "date de consentement"),
    "consent_text": ("consent text", "testo del consenso", "texto del consentimiento",
                     "texte du consentement"),
    "consent_version": ("consent version", "versione del consenso", "version del consentimiento",
                        "version du consentement"),
    "reason": ("reason", "loss reason", "lost reason", "reject reason", "motivo", "motivo perdita",
               "motivo de perdida", "motif", "raison"),
}  # fmt: skip


# Words of a head that say what is numbered, and by which alone no system is named.
NUMBERED = frozenset({
    "id", "ids", "external", "contact", "lead", "record", "prospect", "customer", "account",
    "opportunity", "deal", "code", "codice", "codigo", "cliente", "client", "identificativo",
    "identificador", "identifiant", "reference", "numero", "number", "n", "no", "person", "persona",
    "company", "contatto", "contacto", "del", "de", "di", "du", "the", "of",
})  # fmt: skip


def guess_system(head: str) -> str:
    """Return the system whose ids a column holds: `HubSpot contact id` → `hubspot`."""
    return " ".join(word for word in words(head.replace("_", " ")) if word not in NUMBERED)[:50]


def guess_field(head: str) -> str:
    """Return the field that a column's name means; empty when nothing is likely."""
    name = " ".join(words(head.replace("_", " ")))
    for field, known in NAMES.items():
        if name in known:
            return field
    *others, last = name.split() or [""]
    return "external_id" if others and last == "id" else ""


def guess_fields(heads: Sequence[str], known: frozenset[str]) -> dict[str, str]:
    """Return a field for each head, none that is not `known`; empty for no guess.

    Of two heads that mean one field the likelier has it; only ids may come in several columns, for
    a person has one in each system.
    """
    guesses = {head: guess_field(head) for head in heads}
    likeliest: dict[str, str] = {}
    for head, field in guesses.items():
        rival = likeliest.get(field)
        if rival is None or _rank(head, field) < _rank(rival, field):
            likeliest[field] = head
    return {
        head: field
        if field in known and (field == "external_id" or likeliest[field] == head)
        else ""
        for head, field in guesses.items()
    }


def _rank(head: str, field: str) -> int:
    """How likely a head means its field: the place of its name among those known."""
    name = " ".join(words(head.replace("_", " ")))
    known = NAMES.get(field, ())
    return known.index(name) if name in known else len(known)


def looks_like_email(texts: Sequence[str]) -> bool:
    """Tell whether a column without a telling name holds addresses."""
    told = [text.strip() for text in texts if text.strip()]
    return bool(told) and all("@" in text and "." in text.rpartition("@")[2] for text in told)
