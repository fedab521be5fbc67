"""The demo's files: a fair's list that came in, a few rows refused, and one yet to be mapped."""

from __future__ import annotations

from datetime import datetime, timedelta

from accounts.models import User
from leads.demo.data import COUNTRIES, domain_of
from leads.folding import fold
from leads.import_choices import Choices
from leads.models import Campaign, LeadImport
from leads.services.imports.receiving import receive_file
from leads.services.imports.steering import check_file, run_import
from leads.services.imports.working import work

DAY = timedelta(days=1)
FAIR, FAIR_DAYS_AGO, VISITORS = "SPS Parma", 178, 24
FAIR_HEADS = (
    "Indirizzo e-mail;Nome;Cognome;Azienda;Città;Paese;Linea di prodotto;Data;Consenso marketing"
)
# What a stand's scanner gets wrong, by row: the cell and what stands there instead.
MISREAD = {4: (0, "visitatore@"), 11: (7, "31/02/2026"), 17: (8, "forse")}
WAITING_HEADS = "Correo electrónico;Nombre;Apellidos;Empresa;Etapa;Fecha de creación;Importe"
WAITING = (
    ("Ganado", "14/01/2026", "12.400,00"), ("Nuevo", "03/02/2026", ""),
    ("Propuesta enviada", "21/01/2026", "8.250,50"), ("Perdido", "08/01/2026", ""),
    ("Cualificado", "11/02/2026", ""), ("Nuevo", "17/02/2026", ""),
    ("Propuesta enviada", "02/02/2026", "1.980,00"), ("Nuevo", "19/02/2026", ""),
)  # fmt: skip


def load_imports(at: datetime) -> None:
    """Load them up to `at`; once, and only beside the demo's campaigns."""
    marketer = User.objects.filter(email__startswith="chiara.lombardi@").first()
    known = Campaign.objects.filter(name=FAIR).exists()
    if marketer is None or not known or LeadImport.objects.exists():
        return
    _bring_in_fair(marketer, at)
    _receive("distribuidores-espana.csv", _waiting_list(), marketer, at - DAY / 8)


def _bring_in_fair(marketer: User, at: datetime) -> None:
    then = at - (FAIR_DAYS_AGO - 4) * DAY
    one = _receive("visitatori-sps-parma.csv", _fair_list(at), marketer, then)
    constants = {"campaign": FAIR, "source": "Trade fair", "touch": "FAIR",
                 "consent_text": "Posso ricevere novità sugli strumenti di misura."}  # fmt: skip
    choices = Choices.of({**one.choices, "constants": constants})
    check_file(one.pk, choices, actor=marketer, at=then)
    work(lambda: then, go_on=lambda: True)
    run_import(one.pk, actor=marketer, at=then)
    work(lambda: then, go_on=lambda: True)


def _receive(name: str, text: str, marketer: User, at: datetime) -> LeadImport:
    return receive_file([text.encode("utf-8-sig")], name=name, actor=marketer, at=at)


def _fair_list(at: datetime) -> str:
    day = at - FAIR_DAYS_AGO * DAY
    lines = [FAIR_HEADS]
    for n in range(VISITORS):
        cells = [*_person("Italy", n), "Italia", ("Flow meters", "Pressure sensors")[n % 2],
                 f"{day:%d/%m/%Y}", "sì" if n % 3 else "no"]  # fmt: skip
        if n in MISREAD:
            place, text = MISREAD[n]
            cells[place] = text
        lines.append(";".join(cells))
    return "\n".join([*lines, lines[6]]) + "\n"


def _waiting_list() -> str:
    lines = [
        ";".join([*_person("Spain", 40 + n)[:4], *told]) for n, told in enumerate(WAITING)
    ]  # fmt: skip
    return "\n".join([WAITING_HEADS, *lines]) + "\n"


def _person(country: str, n: int) -> list[str]:
    """E-mail, given name, family name, company and city of somebody who came by."""
    _code, cities, given, family, companies = COUNTRIES[country]
    first, last = given[(n * 5 + 2) % len(given)], family[(n * 7 + 3) % len(family)]
    company = companies[(n * 3 + 1) % len(companies)]
    login = fold(f"{first}.{last}").replace(" ", "").replace("’", "")
    return [f"{login}.{n}@{domain_of(company)}", first, last, company, cities[n % len(cities)]]
