"""The OpenAPI schema says what the API does: valid, without a warning, and true under fire."""

from __future__ import annotations

from datetime import timedelta

import pytest
import schemathesis
from django.core.management import call_command
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

from accounts.enums import Scope
from accounts.services.tokens import create_token
from smarketing import time_source
from smarketing.wsgi import application
from tests.leads.records import lead_at

pytestmark = pytest.mark.django_db


@pytest.fixture
def held_connection():
    """The application keeps the test's connection, as Django's own test client sees to."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def api_schema(marketer, held_connection):
    """The schema as served, with one lead to find."""
    lead_at()
    return schemathesis.openapi.from_wsgi("/api/schema/?format=json", application)


@pytest.fixture
def bearer(marketer) -> dict[str, str]:
    at = time_source.now()
    _token, secret = create_token(
        marketer, name="fire", scopes=tuple(Scope), expires_at=at + timedelta(days=1), at=at
    )
    return {"Authorization": f"Bearer {secret}"}


def test_the_schema_is_valid_without_a_warning(tmp_path):
    written = tmp_path / "schema.yml"
    call_command("spectacular", validate=True, fail_on_warn=True, file=str(written))
    assert written.read_text().startswith("openapi: 3.")


# The operations are dealt out, so that the parts of this test run side by side.
HANDS = 12


@pytest.mark.parametrize("hand", range(HANDS))
def test_the_api_keeps_its_schema(hand, api_schema, bearer):
    """Every operation under made-up requests: answers in the schema's words only, never a 500."""
    operations = [result.ok() for result in api_schema.get_all_operations()][hand::HANDS]
    assert operations != []
    for operation in operations:
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            fire(operation.as_strategy(generation_mode=mode), bearer)


def flat(query) -> list[object]:
    """Every value of a query, of lists too."""
    values = (query or {}).values()
    return [one for value in values for one in (value if isinstance(value, list) else [value])]


def fire(cases, bearer: dict[str, str]) -> None:
    @given(case=cases)
    @settings(
        max_examples=6,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    def call(case):
        # Names and addresses have rules that no schema can tell, so a body may be refused.
        apart = [positive_data_acceptance] if case.method == "POST" else []
        # A filter left empty, as forms send it, is no filter; and the token is always ours.
        if "" in flat(case.query) or case.headers:
            apart.append(negative_data_rejection)
        case.call_and_validate(headers=bearer, excluded_checks=apart)

    call()
