"""What a file is: encodings, delimiters, heads, formats, fields."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from leads.cell_formats import as_number, date_formats_of, decimal_of, read_date
from leads.guessing import guess_field, guess_fields
from leads.import_choices import guess, guess_outcome
from leads.import_choices.guesses import PAGE_FIELDS, guess_touch
from leads.sniffing import Sniffer, fingerprint, heads_of, sniff_delimiter
from smarketing.errors import BadInput

ROME = ZoneInfo("Europe/Rome")
TEXT = "Nome;Città\nNiccolò;Forlì\n"


def sniffed(data: bytes, piece: int = 3) -> Sniffer:
    sniffer = Sniffer()
    for start in range(0, len(data), piece):
        sniffer.feed(data[start : start + piece])
    return sniffer


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (TEXT.encode(), "utf-8-sig"),
        (TEXT.encode("utf-8-sig"), "utf-8-sig"),
        (TEXT.encode("utf-16"), "utf-16"),
        (b"\xfe\xff" + TEXT.encode("utf-16-be"), "utf-16"),
        (TEXT.encode("utf-16-le"), "utf-16-le"),
        (TEXT.encode("utf-16-be"), "utf-16-be"),
        (TEXT.encode("cp1252"), "cp1252"),
        (TEXT.encode("latin-1") + b"\x81", "latin-1"),
        # The letter that tells comes after everything that a quick look sees.
        (b"name\n" + b"anna\n" * 20_000 + "Niccolò".encode("cp1252"), "cp1252"),
    ],
)
def test_the_encoding_is_found_whatever_the_pieces(data, encoding):
    assert sniffed(data).encoding == encoding
    assert sniffed(data, 70_000).encoding == encoding


def test_size_and_longest_line_are_known_as_they_pass():
    sniffer = sniffed(b"ab\nabcdef\r\nabc")
    assert (sniffer.size, sniffer.longest_line) == (14, 6)


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("a,b,c\n1,2,3\n", ","),
        ("a;b;c\n1,5;2,5;3\n", ";"),
        ("a\tb\n1,2\t3\n", "\t"),
        ("a|b\n1|2\n", "|"),
        ('name,note\nAnna,"x; y; z"\n', ","),
        ("only\none\n", ","),
        ("", ","),
    ],
)
def test_the_delimiter_is_found(text, delimiter):
    assert sniff_delimiter(text) == delimiter


def test_heads_are_whole_and_unlike_each_other():
    assert heads_of(["Mail", " Mail ", "", "a\x00b  c"]) == ["Mail", "Mail (2)", "Column 3", "ab c"]


def test_files_with_the_same_heads_are_alike_whatever_case_and_accents():
    assert fingerprint(["Città", "E-Mail"]) == fingerprint(["citta", "e-mail"])
    assert fingerprint(["a", "b"]) != fingerprint(["b", "a"])


@pytest.mark.parametrize(
    ("head", "field"),
    [
        ("E-mail", "email"), ("Indirizzo e-mail", "email"), ("Correo electrónico", "email"),
        ("Courriel", "email"), ("First name", "given_name"), ("Nome", "given_name"),
        ("Nombre", "given_name"), ("Prénom", "given_name"), ("Surname", "family_name"),
        ("Cognome", "family_name"), ("Apellidos", "family_name"), ("Nom", "family_name"),
        ("Company", "company"), ("Ragione sociale", "company"), ("Empresa", "company"),
        ("Société", "company"), ("created_at", "lead_at"), ("Data di creazione", "lead_at"),
        ("Importo", "amount"), ("Montant", "amount"), ("Fase", "stage"), ("Shoe size", ""),
        ("utm_campaign", "utm_campaign"), ("Consenso marketing", "consent"),
        ("Perdu le", "lost_at"), ("Cliente desde", "won_at"), ("account", "company"),
        ("Industry", "sector"), ("Settore", "sector"), ("Secteur d'activité", "sector"),
        ("Ramo", "sector"), ("Number of employees", "employees"), ("N. dipendenti", "employees"),
        ("Número de empleados", "employees"), ("Effectif", "employees"),
        ("Company country", "company_country"), ("Paese dell'azienda", "company_country"),
        ("País de la empresa", "company_country"), ("Pays de l’entreprise", "company_country"),
        ("Lost to", "competitor"), ("Concorrente", "competitor"), ("Competidor", "competitor"),
        ("Concurrent", "competitor"), ("SQL type", "sql_type"), ("Tipo di SQL", "sql_type"),
        ("Tipo de SQL", "sql_type"), ("Type de SQL", "sql_type"),
    ],
)  # fmt: skip
def test_fields_are_guessed_in_four_languages(head, field):
    assert guess_field(head) == field


def test_of_two_heads_the_likelier_has_the_field():
    guesses = guess_fields(["Lead Origin", "Lead Source"], frozenset(PAGE_FIELDS))
    assert guesses == {"Lead Origin": "", "Lead Source": "source"}


def test_no_field_is_guessed_twice():
    assert guess_fields(["Mail", "Posta elettronica"], frozenset(PAGE_FIELDS)) == {
        "Mail": "email",
        "Posta elettronica": "",
    }


@pytest.mark.parametrize(
    ("text", "date_format", "told"),
    [
        ("31/12/2025", "%d/%m/%Y", "2025-12-31T00:00:00+01:00"),
        ("31/12/2025 18:30", "%d/%m/%Y", "2025-12-31T18:30:00+01:00"),
        ("13/01/2026, 3:45 PM", "%d/%m/%Y", "2026-01-13T15:45:00+01:00"),
        ("13/01/2026 12:10 a.m.", "%d/%m/%Y", "2026-01-13T00:10:00+01:00"),
        ("2026-01-13T10:00:00.000Z", "%Y-%m-%d", "2026-01-13T11:00:00+01:00"),
        ("2026-01-13 10:00+02:00", "%Y-%m-%d", "2026-01-13T09:00:00+01:00"),
        ("2026-01-13 10:00-0500", "%Y-%m-%d", "2026-01-13T16:00:00+01:00"),
        ("13 gennaio 2026", "%d %b %Y", "2026-01-13T00:00:00+01:00"),
        ("3 août 2026", "%d %b %Y", "2026-08-03T00:00:00+02:00"),
        ("13 de enero de 2026", "%d %b %Y", "2026-01-13T00:00:00+01:00"),
        ("13-dic-2025 08:05", "%d %b %Y", "2025-12-13T08:05:00+01:00"),
        ("Jan 13, 2026", "%b %d %Y", "2026-01-13T00:00:00+01:00"),
        ("2026-03-29 03:30", "%Y-%m-%d", "2026-03-29T03:30:00+02:00"),
        ("2026-10-25 02:30", "%Y-%m-%d", "2026-10-25T02:30:00+02:00"),  # came twice: its first
        ("9999-12-31", "%Y-%m-%d", "9999-12-31T00:00:00+01:00"),  # the gate refuses the future
    ],
)
def test_dates_are_read_as_they_are_written(text, date_format, told):
    assert read_date(text, date_format, ROME).isoformat() == told


@pytest.mark.parametrize(
    ("text", "date_format", "reason"),
    [
        ("31/02/2026", "%d/%m/%Y", "is not a date like 31/12/2026"),
        ("13/01/2026 25:00", "%d/%m/%Y", "is not a date like 31/12/2026"),
        ("13/01/2026 13:00 PM", "%d/%m/%Y", "is not a date like 31/12/2026"),
        ("2026-03-29 02:30", "%Y-%m-%d", "does not exist in Europe/Rome"),
        ("0001-01-01", "%Y-%m-%d", "is before 1900"),
        ("9999-12-31 23:00-0500", "%Y-%m-%d", "is not a date like"),
        ("soon", "%Y-%m-%d", "is not a date like 2026-12-31"),
    ],
)
def test_what_is_no_date_is_refused_never_moved(text, date_format, reason):
    with pytest.raises(BadInput, match=reason):
        read_date(text, date_format, ROME)


def test_date_formats_are_those_that_read_every_date():
    assert date_formats_of(["03/04/2026", "13/04/2026"])[0] == "%d/%m/%Y"
    assert date_formats_of(["04/13/2026"])[0] == "%m/%d/%Y"
    assert date_formats_of(["03/04/2026"])[:2] == ["%d/%m/%Y", "%m/%d/%Y"]
    assert date_formats_of(["31/02/2026", "13/04/2026"])[0] == "%d/%m/%Y"
    assert date_formats_of(["soon"]) == []


@pytest.mark.parametrize(
    ("text", "decimal", "number"),
    [
        ("1.234,56", ",", "1234.56"), ("1,234.56", ".", "1234.56"), ("1,234.56", ",", None),
        ("1.234,56", ".", None), ("€ 1 200,50", ",", "1200.50"), ("1200", ",", "1200"),
        ("1.234", ",", "1234"), ("NaN", ".", None), ("1e999", ".", None), ("-5", ".", "-5"),
        ("9" * 30, ".", "9" * 30), ("1,23.4", ".", None),
    ],
)  # fmt: skip
def test_amounts_are_read_as_the_chosen_locale_or_not_at_all(text, decimal, number):
    assert as_number(text, decimal) == number


def test_the_decimal_mark_is_the_one_that_reads_most():
    assert decimal_of(["1.234,56", "12,5"]) == ","
    assert decimal_of(["1,234.56"]) == "."
    assert decimal_of([]) == "."


def test_ids_are_guessed_by_their_system_where_they_tell_people_apart():
    heads = ["Email", "Id", "HubSpot contact id", "Region id"]
    rows = [["a@b.example", "1", "h1", "north"], ["b@b.example", "2", "h2", "north"]]
    choices = guess(heads, rows, zone="Europe/Rome")
    assert choices.fields == {
        "Email": "email", "Id": "", "HubSpot contact id": "external_id", "Region id": "",
    }  # fmt: skip
    assert choices.systems == {"HubSpot contact id": "hubspot"}
    assert choices.mapped_to("HubSpot contact id") == "external_id:hubspot"


def test_without_addresses_the_first_id_is_taken_and_its_system_asked():
    choices = guess(["Prospect ID", "Lead ID"], [["a", "1"], ["b", "2"]], zone="Europe/Rome")
    assert choices.fields == {"Prospect ID": "external_id", "Lead ID": ""}
    with pytest.raises(BadInput, match="Name the system"):
        choices.require_sense()


def test_words_of_touches_are_guessed():
    assert [guess_touch(word) for word in ("Webinar", "Fiera", "E-mail", "???")] == [
        "WEBINAR", "FAIR", "EMAIL_CLICK", "",
    ]  # fmt: skip


def test_words_of_stages_are_guessed():
    told = ["Won", "Closed-Won", "perso", "MQL", "Prospecting", "Cliente", "???"]
    assert [guess_outcome(word) for word in told] == [
        "WON", "WON", "LOST", "MQL", "MQL", "WON", "LEAD",
    ]  # fmt: skip
