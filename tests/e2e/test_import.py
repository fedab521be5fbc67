"""A marketer brings in a file: upload, map, check, run, correct what was refused."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.db.models import Count, Sum
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from leads.enums import Disposition, LifecycleStage
from leads.models import Contact, Lead, Opportunity, ProductLine
from leads.services.imports.working import work
from smarketing import time_source
from tests.e2e.conftest import check_page
from tests.leads.test_realdata import DATA, by_source, cycle_of_won

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

SignIn = Callable[[User], Page]
FAIR = (
    "Indirizzo e-mail;Nome;Cognome;Azienda;Fase;Creato il;Importo;Data chiusura\n"
    "anna@acme.example;Anna;Neri;Acme;Vinto;13/01/2026;1.234,50;20/02/2026\n"
    "bea@acme.example;Bea;Rossi;Acme;MQL;14/01/2026;;\n"
    "carlo(at)acme.example;Carlo;Bruni;Acme;Nuovo;15/01/2026;;\n"
)


@pytest.fixture
def private_folder(settings: Any, tmp_path: Path) -> Path:
    settings.PRIVATE_ROOT = tmp_path / "private"
    return tmp_path


def let_work(page: Page, worker: Callable[[], None]) -> None:
    """Once the page says that the job waits, do it: before that nothing may have arrived."""
    expect(page.get_by_text("You can leave this page; it goes on.")).to_be_visible()
    worker()


@pytest.fixture
def worker() -> Callable[[], None]:
    """Does what waits, as a worker would, in its own thread."""

    def do() -> None:
        def run() -> None:
            try:
                work(time_source.now, go_on=lambda: True)
            finally:
                connection.close()

        thread = threading.Thread(target=run)
        thread.start()
        thread.join()

    return do


def test_a_fair_list_comes_in_and_is_corrected(
    sign_in: SignIn, marketer: User, live_server: LiveServer, private_folder: Path,
    worker: Callable[[], None],
) -> None:  # fmt: skip
    file = private_folder / "fiera.csv"
    file.write_text(FAIR, encoding="cp1252")
    page = sign_in(marketer)
    page.goto(live_server.url + reverse("lead-imports"))
    expect(page.get_by_text("No file has come in yet")).to_be_visible()
    check_page(page)

    page.get_by_label("CSV or Excel file").set_input_files(file)
    page.get_by_role("button", name="Upload file").click()
    expect(page.get_by_role("heading", name="Map columns")).to_be_visible()
    expect(page.get_by_label("Field for Indirizzo e-mail")).to_have_value("email")
    expect(page.get_by_label("Field for Importo")).to_have_value("amount")
    expect(page.get_by_label("Dates look like")).to_have_value("%d/%m/%Y")
    expect(page.get_by_label("Amounts look like")).to_have_value(",")
    expect(page.locator("#import-shown")).to_contain_text("1234.50")
    # A wrong date format is seen on the real rows, and corrected.
    page.get_by_label("Dates look like").select_option("%m/%d/%Y")
    expect(page.locator("#import-shown")).to_contain_text("is not a date like 12/31/2026")
    page.get_by_label("Dates look like").select_option("%d/%m/%Y")
    expect(page.locator("#import-shown")).not_to_contain_text("is not a date")
    check_page(page)

    page.get_by_role("button", name="Check file").click()
    let_work(page, worker)
    expect(page.get_by_text("What would happen")).to_be_visible()
    expect(page.locator("#import-problems")).to_contain_text("carlo(at)acme.example")
    check_page(page)
    assert Lead.objects.count() == 0

    page.get_by_role("button", name="Bring in 2 rows").click()
    let_work(page, worker)
    expect(page.get_by_text("What happened")).to_be_visible()
    assert list(Lead.objects.order_by("id").values_list("stage", "disposition")) == [
        ("CUSTOMER", "WON"), ("MQL", "OPEN"),
    ]  # fmt: skip
    check_page(page)

    with page.expect_download() as download:
        page.get_by_role("link", name="Download 1 refused row").click()
    text = Path(download.value.path()).read_text(encoding="utf-8-sig")
    assert text.splitlines()[0].endswith("Why it was refused")
    mended = private_folder / "mended.csv"
    mended.write_text(text.replace("carlo(at)", "carlo@"), encoding="utf-8")

    page.get_by_role("link", name="Bring in another file").click()
    page.get_by_label("CSV or Excel file").set_input_files(mended)
    page.get_by_role("button", name="Upload file").click()
    expect(page.get_by_text("Mapped as “fiera.csv” was by Alice Rossi")).to_be_visible()
    page.get_by_role("button", name="Check file").click()
    let_work(page, worker)
    page.get_by_role("button", name="Bring in 1 row").click()
    let_work(page, worker)
    expect(page.get_by_text("What happened")).to_be_visible()
    assert Contact.objects.get(email="carlo@acme.example").given_name == "Carlo"
    check_page(page)

    page.get_by_role("link", name="Undo import").click()
    expect(page.get_by_text("Take everything out again")).to_be_visible()
    check_page(page)
    page.get_by_role("button", name="Undo import").click()
    expect(page.get_by_text("Delete 1 lead for good?")).to_be_visible()
    page.locator("#confirm").get_by_role("button", name="Undo import").click()
    let_work(page, worker)
    expect(page.get_by_text("Undone by Alice Rossi.")).to_be_visible()
    assert not Contact.objects.filter(email="carlo@acme.example").exists()
    assert Lead.objects.count() == 2


def test_a_file_that_cannot_be_read_is_told_at_its_field(
    sign_in: SignIn, marketer: User, live_server: LiveServer, private_folder: Path
) -> None:
    file = private_folder / "empty.csv"
    file.write_text("")
    page = sign_in(marketer)
    page.goto(live_server.url + reverse("lead-imports"))
    page.get_by_label("CSV or Excel file").set_input_files(file)
    page.get_by_role("button", name="Upload file").click()
    expect(page.get_by_role("alert").get_by_text("The file is empty.")).to_be_visible()
    expect(page.get_by_label("CSV or Excel file")).to_have_attribute("aria-invalid", "true")


def upload(page: Page, url: str, file: Path) -> None:
    """Choose a file and wait for its mapping."""
    page.goto(url + reverse("lead-imports"))
    page.get_by_label("CSV or Excel file").set_input_files(file)
    page.get_by_role("button", name="Upload file").click()
    expect(page.get_by_role("heading", name="Map columns")).to_be_visible()
    page.wait_for_load_state()


def map_column(page: Page, head: str, word: str, field: str) -> None:
    """Open the list of fields, search it by `word` and take the first that is left."""
    select = page.get_by_label(f"Field for {head}", exact=True)

    def choose() -> None:
        select.click()
        page.locator(".pick-field").fill(word)
        page.keyboard.press("Enter")

    change(page, choose)
    expect(select).to_have_value(field)


SETTLED = """() => {
    window.settled = new Promise((done) =>
        document.addEventListener("htmx:afterSettle", done, { once: true }));
}"""


def change(page: Page, act: Callable[[], object]) -> None:
    """Do what makes the page show its rows anew, and wait until the new ones stand."""
    page.evaluate(SETTLED)
    act()
    page.evaluate("() => window.settled.then(() => true)")


def fill(page: Page, label: str, text: str) -> None:
    """Type into a field and leave it."""
    page.get_by_label(label).fill(text)
    page.get_by_label(label).press("Tab")


def bring_in(page: Page, worker: Callable[[], None], rows: str) -> None:
    """Check the file, see that all of it would come in, and bring it in."""
    page.get_by_role("button", name="Check file").click()
    let_work(page, worker)
    expect(page.get_by_text("What would happen")).to_be_visible()
    assert Lead.objects.count() == 0
    page.get_by_role("button", name=f"Bring in {rows} rows").click()
    let_work(page, worker)
    expect(page.get_by_text("What happened")).to_be_visible()
    expect(page.get_by_text("Done", exact=True)).to_be_visible()


with_data = pytest.mark.skipif(
    not DATA.is_dir(), reason="the public data sets are not beside the checkout"
)
S, D = LifecycleStage, Disposition


@with_data
@pytest.mark.realdata
@pytest.mark.timeout(300)
def test_the_history_of_a_sales_team_comes_in_through_the_page(
    sign_in: SignIn, marketer: User, live_server: LiveServer, private_folder: Path,
    worker: Callable[[], None],
) -> None:  # fmt: skip
    page = sign_in(marketer)
    upload(page, live_server.url, DATA / "sales_pipeline" / "sales_pipeline.csv")
    map_column(page, "sales_agent", "owner", "owner")
    expect(page.locator("#import-words-owner")).to_contain_text("not known here are refused")
    map_column(page, "sales_agent", "leave", "")
    expect(page.get_by_label("Field for engage_date")).to_have_value("opportunity_at")
    expect(page.get_by_label("Field for close_date")).to_have_value("closed_at")
    change(page, lambda: fill(page, "System of opportunity_id", "sales-pipeline"))
    product = page.locator("#import-words-product_line label", has_text="GTXPro").locator("input")
    product.last.fill("GTX Pro")
    change(page, lambda: product.last.press("Tab"))
    page.locator("summary", has_text="Anything else").click()
    change(page, lambda: fill(page, "Currency", "USD"))
    zone = page.get_by_label("Time zone of the dates")
    change(page, lambda: zone.select_option("UTC"))
    expect(page.locator("#import-rows")).to_contain_text("GTX Pro")
    expect(page.locator("#import-shown")).to_contain_text("1,000 rows looked at: no problem.")
    check_page(page)
    # A word that comes far down is told by the check, and asked for then.
    page.get_by_role("button", name="Check file").click()
    let_work(page, worker)
    expect(
        page.get_by_text("Nobody has said yet what the stage “Prospecting” means.")
    ).to_have_count(100)
    page.get_by_role("link", name="Change mapping").click()
    page.wait_for_load_state()
    stages = page.locator(".card", has_text="What each stage means")
    guessed = stages.locator("label", has_text="Prospecting").locator("select")
    expect(guessed).to_have_value("MQL")
    change(page, lambda: guessed.select_option("SQL"))
    bring_in(page, worker, "8,800")

    rows = Lead.objects.values_list("stage", "disposition").annotate(n=Count("id"))
    assert {(stage, end): n for stage, end, n in rows} == {
        (S.CUSTOMER, D.WON): 4238, (S.OPPORTUNITY, D.LOST): 2473,
        (S.OPPORTUNITY, D.OPEN): 1589, (S.SQL, D.OPEN): 500,
    }  # fmt: skip
    won = Opportunity.objects.filter(state="WON")
    assert won.aggregate(s=Sum("amount"))["s"] == 10_005_534
    assert set(Opportunity.objects.values_list("currency", flat=True)) == {"USD"}
    assert Lead.objects.filter(contact__company__isnull=True).count() == 1425
    assert Lead.objects.filter(lead_at__isnull=True).count() == 500
    assert cycle_of_won() == (57, 106)
    assert not ProductLine.objects.filter(name="GTXPro").exists()
    check_page(page)


@with_data
@pytest.mark.realdata
@pytest.mark.timeout(300)
def test_the_leads_of_a_school_come_in_through_the_page(
    sign_in: SignIn, marketer: User, live_server: LiveServer, private_folder: Path,
    worker: Callable[[], None],
) -> None:  # fmt: skip
    page = sign_in(marketer)
    upload(page, live_server.url, DATA / "x_education_leads.csv")
    change(page, lambda: fill(page, "System of Prospect ID", "x-education"))
    page.get_by_label("Find a column").fill("lead")
    expect(page.get_by_label("Field for Country")).to_be_hidden()
    expect(page.get_by_label("Field for Lead Source")).to_have_value("source")
    map_column(page, "Lead Source", "camp", "campaign")
    expect(page.locator("#import-shown")).to_contain_text("“Olark Chat” is not known here.")
    map_column(page, "Lead Source", "sour", "source")
    expect(page.get_by_label("Find a column")).to_have_value("lead")
    page.get_by_label("Find a column").fill("")
    map_column(page, "Converted", "stage", "stage")
    map_column(page, "What is your current occupation", "job", "job_title")
    stages = page.locator(".card", has_text="What each stage means")
    expect(stages.locator("label", has_text="0").locator("select").first).to_have_value("LEAD")
    change(page, lambda: fill(page, "How these people came", "x education"))
    expect(page.locator("#import-shown")).to_contain_text("1,000 rows looked at: no problem.")
    check_page(page)
    bring_in(page, worker, "9,240")

    assert by_source() == {
        "Google": (2873, 1147), "Direct Traffic": (2543, 818), "Olark Chat": (1755, 448),
        "Organic Search": (1154, 436), "Reference": (534, 490), "Welingak Website": (142, 140),
        "Referral Sites": (125, 31), "Facebook": (55, 13), None: (36, 29),
    }  # fmt: skip
    assert Lead.objects.filter(stage=S.CUSTOMER, disposition=D.WON).count() == 3561
    assert Lead.objects.filter(stage=S.LEAD, disposition=D.OPEN).count() == 9240 - 3561
