"""The demo's closed loop: what Sales said, what Marketing answered, the channel, the library.

It adds to the year of leads, whose decisions are there by then. Nothing in it is left to chance.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from accounts.models import NoticeDelivery, User
from leads.demo.data import PRODUCT_LINES
from leads.demo.days import at_work
from leads.demo.library import ALERTS, ARGUMENTS, ASSETS, NOTES, WORDS
from leads.enums import Decision, LifecycleStage, Ruling
from leads.models import (
    Acknowledgement,
    Asset,
    AssetSend,
    Campaign,
    ChannelPost,
    Dispute,
    Feedback,
    Lead,
    Persona,
    ProductLine,
)
from leads.services.assets import AssetFacts, NewSend, record_opening, save_asset, send_assets
from leads.services.channel import NewPost, acknowledge_posts, write_alert, write_note
from leads.services.disputes import answer_dispute, open_dispute, rule_dispute
from leads.services.feedback import comment

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
FRESH = 4 * DAY  # what is younger than this waits for Marketing still
RATINGS = {"wrong_fit": 1, "existing_customer": 2, "no_contact": 2, "not_now": 4}
RATED_WELL = (4, 5, 4, 3, 5)
SENDS = 18


def load_feedback(at: datetime) -> None:
    """Load it up to `at`; once, and only beside the demo's leads."""
    people = {user.email.split("@")[0]: user for user in User.objects.active()}
    if Asset.objects.exists() or not {"chiara.lombardi", "andrea.galli"} <= set(people):
        return
    if not Feedback.objects.exists():
        return
    _say_and_acknowledge(people, at)
    _dispute(people, at)
    assets = _fill_library(people, at)
    _send(people, assets, at)
    _talk(people, assets, at)
    # What happened before the demo was loaded is not mailed to anyone now.
    NoticeDelivery.objects.all().delete()


def _say_and_acknowledge(people: dict[str, User], at: datetime) -> None:
    """Give the year's decisions their ratings and words; acknowledge all but the last days'."""
    rows = list(Feedback.objects.filter(voided_at=None).order_by("decided_at", "pk"))
    marketers = [people["chiara.lombardi"], people["davide.rinaldi"]]
    for n, row in enumerate(rows):
        words = WORDS.get(row.reason, [""])
        row.text = row.text or words[n % len(words)]
        accepted = row.decision == Decision.ACCEPTED
        rating = RATED_WELL[n % len(RATED_WELL)] if accepted else RATINGS.get(row.reason)
        row.fit_rating = row.fit_rating or (rating if n % 4 else None)
        if row.decided_at < at - 2 * FRESH or (n % 3 and row.decided_at < at - FRESH):
            row.acknowledged_by = marketers[n % 2]
            row.acknowledged_at = at_work(
                row.decided_at + (90 if n % 19 == 0 else 3 + n % 20) * HOUR
            )
    Feedback.objects.bulk_update(rows, ["text", "fit_rating", "acknowledged_by", "acknowledged_at"])
    spoken = [row for row in rows if row.decision == Decision.REJECTED][-6::2]
    for row in spoken:
        comment(
            [row], "Thank you. Did they say so themselves, or does the form tell it?",
            actor=people["chiara.lombardi"], at=min(at, row.decided_at + 5 * HOUR),
        )  # fmt: skip


def _dispute(people: dict[str, User], at: datetime) -> None:
    """Open two disputes: one was ruled, one waits."""
    marketer, facilitator = people["chiara.lombardi"], people["paolo.neri"]
    rejected = Feedback.objects.select_related("given_by").filter(
        decision=Decision.REJECTED, given_by__is_active=True, voided_at=None
    )
    earlier = rejected.filter(reason="wrong_fit", decided_at__lt=at - 12 * DAY)
    ruled = earlier.order_by("-decided_at").first()
    newest = rejected.filter(decided_at__lt=at - DAY).order_by("-decided_at")
    waiting = (newest.exclude(pk=ruled.pk) if ruled else newest).first()
    if ruled is not None and ruled.given_by is not None:
        argument, answer, ruling = ARGUMENTS[0]
        begun = ruled.decided_at
        made = open_dispute(ruled.pk, argument, actor=marketer, at=begun + 4 * HOUR)
        answer_dispute(made.pk, answer, actor=ruled.given_by, at=begun + 25 * HOUR)
        rule_dispute(
            made.pk,
            Ruling.OVERTURNED,
            ruling,
            actor=facilitator,
            at=min(at - HOUR, begun + 3 * DAY),
        )
    if waiting is not None and not Dispute.objects.filter(feedback=waiting).exists():
        begun = min(at - HOUR, waiting.decided_at + 2 * HOUR)
        open_dispute(waiting.pk, ARGUMENTS[1][0], actor=marketer, at=begun)


def _fill_library(people: dict[str, User], at: datetime) -> list[Asset]:
    lines = [ProductLine.objects.filter(name=name).first() for name in PRODUCT_LINES]
    campaigns = {campaign.name: campaign.pk for campaign in Campaign.objects.all()}
    personas = list(Persona.objects.filter(is_active=True).values_list("pk", flat=True))
    made = []
    for n, (name, kind, purpose, url, body, internal, line, campaign) in enumerate(ASSETS):
        product = lines[line] if line is not None else None
        facts = AssetFacts(
            name=name,
            kind=kind,
            description=purpose,
            url=url,
            body=body,
            internal_only=internal,
            product_line_id=product.pk if product else None,
            campaign_id=campaigns.get(campaign),
            fits=[(personas[n % len(personas)], "")] if personas else [],
        )
        actor = people["chiara.lombardi"]
        made.append(save_asset(facts, actor=actor, at=at - (200 - 30 * n) * DAY))
    return made


def _send(people: dict[str, User], assets: list[Asset], at: datetime) -> None:
    """Send the assets to leads that Sales works; two of three were really opened."""
    worked = (LifecycleStage.SAL, LifecycleStage.SQL, LifecycleStage.OPPORTUNITY)
    leads = list(
        Lead.objects.open().filter(stage__in=worked, owner__isnull=False)
        .select_related("owner").order_by("-sal_at", "pk")[:SENDS]
    )  # fmt: skip
    offered = [asset for asset in assets if not asset.internal_only]
    for n, lead in enumerate(leads):
        asset = offered[n % len(offered)]
        began = lead.stage_at or at - 3 * DAY
        (send,) = send_assets(
            [NewSend(lead=lead, asset=asset)], actor=lead.owner or people["andrea.galli"],
            at=min(at - HOUR, began + 5 * HOUR),
        )  # fmt: skip
        for opened_at in _openings(n, send, at):
            record_opening(
                AssetSend.objects.select_related("asset", "lead__contact").get(pk=send.pk),
                at=opened_at,
            )


def _openings(n: int, send: AssetSend, at: datetime) -> Iterator[datetime]:
    if n % 3 == 0:
        return
    for times in range(1 + n % 2):
        yield min(at, send.sent_at + (2 + n % 7 + 26 * times) * HOUR)


def _talk(people: dict[str, User], assets: list[Asset], at: datetime) -> None:
    campaigns = {campaign.name: campaign.pk for campaign in Campaign.objects.all()}
    for login, ago, text, campaign, count in NOTES:
        leads = Lead.objects.open().filter(owner=people[login]).order_by("pk")[:count]
        post = NewPost(
            text=text, campaign_id=campaigns.get(campaign), lead_ids=[lead.pk for lead in leads]
        )
        write_note(post, actor=people[login], at=at - ago * DAY)
    for login, ago, ahead, text, audience, say, campaign, used in ALERTS:
        post = NewPost(
            text=text,
            campaign_id=campaigns.get(campaign),
            asset_ids=[assets[n].pk for n in used],
            audience=audience,
            goes_out_at=at + (ahead - ago) * DAY,
            what_to_say=say,
        )
        write_alert(post, actor=people[login], at=at - ago * DAY)
    _acknowledge(people, at)


def _acknowledge(people: dict[str, User], at: datetime) -> None:
    """Let most have read what is older than three days."""
    old = ChannelPost.objects.filter(posted_at__lt=at - 3 * DAY).values_list("pk", flat=True)
    for login in ("andrea.galli", "sara.esposito", "javier.ortega", "chiara.lombardi",
                  "lucia.navarro"):  # fmt: skip
        acknowledge_posts(old, actor=people[login], at=at - 2 * DAY)
    Acknowledgement.objects.filter(user=people["javier.ortega"], post=max(old, default=0)).delete()
