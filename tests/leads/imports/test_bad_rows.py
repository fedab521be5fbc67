"""Rows that are sent to break it, through the page: refused by row and column, or kept as text."""

from __future__ import annotations

from decimal import Decimal

import pytest

from leads.enums.imports import ImportPhase
from leads.models import Company, Contact, Lead, Opportunity
from leads.selectors.imports import problems_of
from tests.leads.capture.test_bad_input import TEXTS
from tests.leads.imports.made import done

pytestmark = pytest.mark.django_db
DEAL = "Email;Stage;Amount\nanna@acme.example;Opportunity;{}\nolga@beta.example;Opportunity;1,50\n"
STORY = "Email;Created;Won at\nanna@acme.example;{};{}\nolga@beta.example;2026-01-05 10:00;\n"


def problems(one) -> list[tuple[int, str, str]]:
    told = problems_of(one, ImportPhase.RUN)
    return [(problem["row"], problem["column"], problem["code"]) for problem in told]


@pytest.mark.parametrize(
    "amount", ["-5", "NaN", "1e999", "Infinity", "9" * 30, "1,234.56", "5,5,5", "0x10", "½"]
)
def test_an_amount_that_cannot_be_is_refused_at_its_column(amount, marketer):
    one = done(DEAL.format(amount), marketer, decimal=",", stages={"Opportunity": "OPPORTUNITY"})
    assert problems(one) == [(2, "Amount", "bad_amount")]
    assert Opportunity.objects.get().amount == Decimal("1.50")


def test_thousands_are_read_as_the_chosen_format_has_them(marketer):
    stages = {"Opportunity": "OPPORTUNITY"}
    done(DEAL.format("1.234,56"), marketer, decimal=",", stages=stages)
    amounts = Opportunity.objects.order_by("amount").values_list("amount", flat=True)
    assert list(amounts) == [Decimal("1.50"), Decimal("1234.56")]


@pytest.mark.parametrize(
    ("created", "won", "told"),
    [
        ("2026-02-31 10:00", "", (2, "Created", "bad_date")),
        ("0001-01-01 00:00", "", (2, "Created", "bad_date")),
        ("2026-03-29 02:30", "", (2, "Created", "bad_date")),  # the clocks went from 2 to 3
        ("9999-12-31 00:00", "", (2, "Created", "in_the_future")),
        ("2026-02-01 10:00", "2026-01-01 10:00", (2, "Won at", "out_of_order")),
    ],
)
def test_a_date_that_cannot_be_is_refused_at_its_column(created, won, told, marketer):
    chosen = {"date_format": "%Y-%m-%d", "zone": "Europe/Rome"}
    one = done(STORY.format(created, won), marketer, **chosen)
    assert problems(one) == [told]
    assert list(Contact.objects.values_list("email", flat=True)) == ["olga@beta.example"]


@pytest.mark.parametrize("text", TEXTS)
def test_any_text_is_kept_as_text_and_shown_as_text(text, marketer, client):
    cell = '"' + text.replace('"', '""') + '"'
    done(f"Email,First name,Company\nanna@acme.example,{cell},{cell}\n", marketer)
    kept = text.strip()
    assert (Contact.objects.get().given_name, Company.objects.get().name) == (kept, kept)
    client.force_login(marketer)
    lead = Lead.objects.get()
    for page in ("/leads/", f"/leads/{lead.pk}/", f"/contacts/{lead.contact_id}/", "/companies/"):
        body = client.get(page).content.decode()
        assert "<script>alert" not in body
        assert "onerror=alert(1)>" not in body
        assert "<svg onload" not in body
        assert 'href="javascript:' not in body
        assert "{{7*7}}" not in text or "{{7*7}}" in body  # read by nobody
