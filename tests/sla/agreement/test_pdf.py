"""The agreement as PDF where the machine can make one; the print page serves all others."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from shell.pdf import makes_pdf
from tests.sla.agreement.drafts import signed_by

TO_HAVE = pytest.mark.skipif(not makes_pdf(), reason="needs the extra [pdf] and pango")


@TO_HAVE
def test_it_comes_as_a_file(client: Client, manager_marketing: User, manager_sales: User) -> None:
    signed_by(manager_marketing, manager_sales)
    client.force_login(manager_sales)
    answer = client.get(reverse("agreement-pdf", args=[1]))
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer["Content-Disposition"] == 'attachment; filename="agreement-1.pdf"'
    assert answer.content.startswith(b"%PDF-")
    assert "Download PDF" in client.get(reverse("agreement")).content.decode()


@pytest.mark.skipif(makes_pdf(), reason="this machine makes PDF")
def test_without_the_library_no_button_leads_nowhere(
    client: Client, manager_marketing: User, manager_sales: User
) -> None:
    signed_by(manager_marketing, manager_sales)
    client.force_login(manager_sales)
    assert client.get(reverse("agreement-pdf", args=[1])).status_code == 404
    page = client.get(reverse("agreement")).content.decode()
    assert "Download PDF" not in page
    assert "Print agreement" in page
