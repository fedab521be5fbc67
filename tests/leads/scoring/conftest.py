"""The API's callers serve these tests too."""

from tests.leads.api.conftest import marketer_api, rep_api

__all__ = ["marketer_api", "rep_api"]
