"""By REST as on the pages: proposals withdrawn, personas out of use, types of SQL kept."""

from __future__ import annotations

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from leads.models import Persona, PersonaVersion, SqlType, StageDefinition
from tests.conftest import AT
from tests.leads.api.conftest import caller
from tests.leads.qualifying.records import persona

pytestmark = pytest.mark.django_db
API = "/api/v1/"
TYPE = {"name": "New  line", "description": "A new plant.", "playbook": "Call\nVisit"}


@pytest.fixture
def marketer_api(marketer: User) -> APIClient:
    """Alice's token."""
    return caller(marketer)


@pytest.fixture
def head_api(manager_marketing: User) -> APIClient:
    """Carla's token."""
    return caller(manager_marketing)


@pytest.fixture
def rep_api(rep: User) -> APIClient:
    """Bruno's token."""
    return caller(rep)


def drafts() -> dict[str, StageDefinition | PersonaVersion]:
    """A proposed version of a definition and of a persona."""
    plant = Persona.objects.create(name="Plant manager", key="plant manager")
    return {
        "definitions/": StageDefinition.objects.create(
            stage="MQL", version=90, responsible="SHARED", created_at=AT
        ),
        "personas/versions/": PersonaVersion.objects.create(
            persona=plant, version=1, created_at=AT
        ),
    }


@pytest.mark.parametrize("kind", ["definitions/", "personas/versions/"])
def test_a_proposal_is_withdrawn_once(
    kind: str, marketer_api: APIClient, rep_api: APIClient
) -> None:
    draft = drafts()[kind]
    url = f"{API}{kind}{draft.pk}/withdraw/"
    assert rep_api.post(url).status_code == 403
    draft.refresh_from_db()
    assert draft.state == "DRAFT"
    answer = marketer_api.post(url)
    assert (answer.status_code, answer.json()["state"]) == (200, "RETIRED")
    draft.refresh_from_db()
    assert draft.state == "RETIRED"
    again = marketer_api.post(url)
    assert (again.status_code, again.json()["code"]) == (409, "not_a_proposal")
    assert marketer_api.post(f"{API}{kind}{10**9}/withdraw/").status_code == 404


def test_a_persona_goes_out_of_use_and_back(head_api: APIClient, marketer_api: APIClient) -> None:
    row = persona()
    url = f"{API}personas/{row.pk}/use/"
    assert marketer_api.post(url, {"in_use": False}).status_code == 403
    assert Persona.objects.get(pk=row.pk).is_active is True
    assert head_api.post(url, {"in_use": False}).json()["is_active"] is False
    assert Persona.objects.get(pk=row.pk).is_active is False
    assert head_api.post(url, {"in_use": True}).json()["is_active"] is True
    assert head_api.post(f"{API}personas/{10**9}/use/", {"in_use": True}).status_code == 404


def test_a_type_of_sql_is_added_changed_and_taken_out_of_use(
    marketer_api: APIClient, rep_api: APIClient
) -> None:
    made = marketer_api.post(f"{API}sql-types/", TYPE)
    assert made.status_code == 201
    pk = made.json()["id"]
    told = {**TYPE, "id": pk, "name": "New line", "is_active": True}
    assert made.json() == told
    changed = marketer_api.post(f"{API}sql-types/{pk}/change/", {"name": "Line", "playbook": "Go"})
    told = {**told, "name": "Line", "description": "", "playbook": "Go"}
    assert changed.json() == told
    unused = marketer_api.post(f"{API}sql-types/{pk}/use/", {"in_use": False}).json()
    assert unused == {**told, "is_active": False}
    assert rep_api.get(f"{API}sql-types/").json() == [unused]


@pytest.mark.parametrize(("name", "status"), [("NÉW LINE", 422), (" ", 400), ("\0", 400)])
def test_a_name_that_is_none_or_anothers_adds_nothing(
    name: str, status: int, marketer_api: APIClient
) -> None:
    marketer_api.post(f"{API}sql-types/", TYPE)
    refused = marketer_api.post(f"{API}sql-types/", {"name": name})
    assert (refused.status_code, list(refused.json()["fields"])) == (status, ["name"])
    assert list(SqlType.objects.values_list("name", flat=True)) == ["New line"]


@pytest.mark.parametrize(
    ("verb", "body"), [("", TYPE), ("change/", TYPE), ("use/", {"in_use": False})]
)
def test_reps_keep_no_types(
    verb: str, body: dict[str, object], rep_api: APIClient, marketer_api: APIClient
) -> None:
    row = SqlType.objects.create(name="Retrofit", key="retrofit")
    url = f"{API}sql-types/{row.pk}/{verb}" if verb else f"{API}sql-types/"
    refused = rep_api.post(url, body)
    assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")
    assert list(SqlType.objects.values_list("name", "is_active")) == [("Retrofit", True)]
    if verb:
        assert marketer_api.post(f"{API}sql-types/{10**9}/{verb}", body).status_code == 404


@pytest.mark.parametrize("n", [1, 3])
def test_types_are_listed_in_as_many_statements_however_many_there_are(
    n: int, rep_api: APIClient, django_assert_num_queries
) -> None:
    SqlType.objects.bulk_create(SqlType(name=f"T{i}", key=f"t{i}") for i in range(n))
    with django_assert_num_queries(5):
        assert len(rep_api.get(f"{API}sql-types/").json()) == n
