"""Visits: nobody knows whose they are until a form says so; who asks not to be counted is not."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client

from leads.models import PageView, Touch, TrackedSite, Visitor
from leads.selectors.visits import visits_of
from leads.services.sites import add_site, use_site
from leads.services.visits import Seen, forget_visits, identify, key_of, record_view
from smarketing.errors import BadInput, NotAllowed
from tests.conftest import AT
from tests.leads.capture.made import a_form, send
from tests.leads.records import lead_at

pytestmark = pytest.mark.django_db
HOME = "https://www.acme.example"
BROWSER, OTHER = "a" * 32, "b" * 32
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _no_knocks() -> None:
    cache.clear()


def a_site(marketer, *, asks_consent: bool = False) -> TrackedSite:
    return add_site("Acme", [HOME], asks_consent=asks_consent, actor=marketer, at=AT)


def tell(site: TrackedSite, view: object = None, **headers: str) -> int:
    body = (
        view
        if isinstance(view, str)
        else json.dumps({"v": BROWSER, "url": f"{HOME}/", **(view or {})})
    )
    headers = {"Origin": HOME, **{name.replace("_", "-"): value for name, value in headers.items()}}
    client = Client(enforce_csrf_checks=True)
    return client.post(f"/t/{site.token}/", body, "text/plain", headers=headers).status_code


def seen(url="/", referrer="", browser=BROWSER, **utm: str) -> Seen:
    return Seen(browser=browser, url=HOME + url, referrer=referrer, utm=utm)


def test_a_view_is_kept_without_a_name_query_or_foreign_keys(marketer):
    site = a_site(marketer)
    told = {
        "url": f"{HOME}/pumps?email=anna@acme.example#top", "ref": "https://search.example/?q=me",
        "utm": {"utm_source": "news", "gclid": "1"},
    }  # fmt: skip
    assert tell(site, told) == 204
    view = PageView.objects.select_related("visitor").get()
    assert (view.url, view.referrer, view.utm) == (
        f"{HOME}/pumps", "https://search.example/", {"utm_source": "news"}
    )  # fmt: skip
    visitor = view.visitor
    assert (visitor.contact, visitor.key, visitor.first_referrer) == (
        None, key_of(BROWSER), "https://search.example/"
    )  # fmt: skip
    assert BROWSER not in visitor.key


def test_who_asks_not_to_be_counted_is_not(marketer):
    site = a_site(marketer)
    assert tell(site, DNT="1") == tell(site, Sec_GPC="1") == 204
    assert Visitor.objects.count() == 0


def test_without_consent_nothing_is_kept(marketer):
    site = a_site(marketer, asks_consent=True)
    assert (tell(site), tell(site, {"consent": "yes"}), Visitor.objects.count()) == (204, 204, 0)
    assert (tell(site, {"consent": True}), Visitor.objects.count()) == (204, 1)


@pytest.mark.parametrize(
    ("view", "status"),
    [
        ("no json", 400), ("[]", 400), ("[" * 5000, 400), ({"v": "short"}, 400), ({"v": 7}, 400),
        ({"v": "A" * 32}, 400), ({"url": "https://evil.example/"}, 400), ({"url": 7}, 400),
        ({"url": "javascript:alert(1)"}, 400), ({"x": "x" * 9000}, 413),
    ],
)  # fmt: skip
def test_what_is_no_view_is_refused(view, status, marketer):
    assert (tell(a_site(marketer), view), Visitor.objects.count()) == (status, 0)


def test_other_sites_are_refused_and_the_own_ones_answered(marketer):
    site = a_site(marketer)
    for origin in ("https://evil.example", "null", ""):
        assert tell(site, Origin=origin) == 403
    assert Client().post("/t/none/", "{}", "text/plain").status_code == 404
    answer = Client().options(f"/t/{site.token}/", headers={"Origin": HOME})
    assert (answer.status_code, answer.headers["Access-Control-Allow-Origin"]) == (204, HOME)
    assert "Access-Control-Allow-Credentials" not in answer.headers
    use_site(site, in_use=False, actor=marketer)
    assert (tell(site), Visitor.objects.count()) == (403, 0)


def test_the_first_campaign_stays_and_the_last_one_moves(marketer):
    site = a_site(marketer)
    for n, utm in enumerate([{}, {"utm_source": "a"}, {}, {"utm_source": "b"}, {}]):
        record_view(site, seen(**utm), at=AT + n * DAY)
    visitor = Visitor.objects.get()
    assert (visitor.first_utm, visitor.last_utm) == ({"utm_source": "a"}, {"utm_source": "b"})
    assert (visitor.first_seen_at, visitor.last_seen_at) == (AT, AT + 4 * DAY)


def test_a_form_says_whose_visits_they_were(marketer):
    site = a_site(marketer)
    record_view(site, seen("/a", utm_source="news", utm_campaign="c"), at=AT)
    record_view(site, seen("/b"), at=AT + DAY)
    record_view(site, seen("/other", browser=OTHER, utm_source="x"), at=AT)
    send(a_form(marketer), v=BROWSER)
    visitor = Visitor.objects.select_related("contact").get(key=key_of(BROWSER))
    assert visitor.contact.email == "anna@acme.example"
    touches = list(Touch.objects.order_by("occurred_at").values_list("kind", "url", "utm_source"))
    # The arrival at its own instant; the form by the campaign that brought the person last.
    assert touches == [("VISIT", f"{HOME}/a", "news"), ("FORM", "", "news")]
    assert Visitor.objects.get(key=key_of(OTHER)).contact is None


def test_a_known_persons_arrivals_become_touches_at_once(marketer):
    site, lead = a_site(marketer), lead_at()
    record_view(site, seen("/a"), at=AT)
    assert identify(BROWSER, lead.contact_id, at=AT) == 0
    record_view(site, seen("/b"), at=AT + DAY)
    record_view(site, seen("/c", utm_source="mail"), at=AT + 2 * DAY)
    touch = Touch.objects.get()
    assert (touch.contact_id, touch.kind, touch.url) == (lead.contact_id, "VISIT", f"{HOME}/c")
    visits = visits_of([lead.contact_id])
    assert [view.url for view in visits.views] == [f"{HOME}/c", f"{HOME}/b", f"{HOME}/a"]


def test_a_browser_stays_who_it_was_first(marketer):
    site, first = a_site(marketer), lead_at()
    second = lead_at(email="b@acme.example")
    record_view(site, seen(utm_source="a"), at=AT)
    assert (
        identify(BROWSER, first.contact_id, at=AT),
        identify(BROWSER, second.contact_id, at=AT),
    ) == (1, 0)
    assert Visitor.objects.get().contact_id == first.contact_id


def test_the_snippet_is_small_and_its_own(marketer):
    for asks in (True, False):
        site = a_site(marketer, asks_consent=asks)
        answer = Client().get(f"/t/{site.token}.js")
        script = answer.content.decode()
        assert len(answer.content) < 3_000
        assert f"const asks = {'true' if asks else 'false'};" in script
        assert script.count("http") == 1  # the one address is ours
        assert answer.cookies == {}


def test_unknown_browsers_are_forgotten_after_thirteen_months(marketer):
    site, lead = a_site(marketer), lead_at()
    record_view(site, seen(), at=AT)
    record_view(site, seen(browser=OTHER), at=AT)
    identify(OTHER, lead.contact_id, at=AT)
    assert forget_visits(at=AT + 395 * DAY) == 0
    assert forget_visits(at=AT + 395 * DAY + timedelta(microseconds=1)) == 1
    assert (Visitor.objects.get().contact_id, PageView.objects.count()) == (lead.contact_id, 1)


def test_marketing_keeps_the_sites(marketer, rep):
    with pytest.raises(NotAllowed):
        a_site(rep)
    for origins in ([], ["http://acme.example"], ["https://acme.example/page"]):
        with pytest.raises(BadInput):
            add_site("X", origins, asks_consent=True, actor=marketer, at=AT)
    assert TrackedSite.objects.count() == 0


def test_the_page_adds_a_site_and_shows_its_line(marketer, rep, client):
    client.force_login(marketer)
    told = {"name": "Acme", "origins": HOME, "asks_consent": "on"}
    assert client.post("/forms/visits/", told).status_code == 302
    site = TrackedSite.objects.get()
    line = f"/t/{site.token}.js&quot; async&gt;&lt;/script&gt;"
    assert client.get("/forms/visits/").content.decode().count(line) == 2
    assert client.post("/forms/visits/", {**told, "origins": "no site"}).status_code == 422
    client.force_login(rep)
    assert client.post("/forms/visits/", told).status_code == 403
    assert TrackedSite.objects.count() == 1
