"""A marketer brings in a file: upload, map, check, run, correct what was refused."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from leads.models import Contact, Lead
from leads.services.imports.working import work
from smarketing import time_source
from tests.e2e.conftest import check_page

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
    expect(page.get_by_text("You can leave this page; it goes on.")).to_be_visible()
    worker()
    expect(page.get_by_text("What would happen")).to_be_visible()
    expect(page.locator("#import-problems")).to_contain_text("carlo(at)acme.example")
    check_page(page)
    assert Lead.objects.count() == 0

    page.get_by_role("button", name="Bring in 2 rows").click()
    worker()
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
    worker()
    page.get_by_role("button", name="Bring in 1 row").click()
    worker()
    expect(page.get_by_text("What happened")).to_be_visible()
    assert Contact.objects.get(email="carlo@acme.example").given_name == "Carlo"

    check_page(page)


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
