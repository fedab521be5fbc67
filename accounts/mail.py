"""Our mails: text and HTML from one pair of templates, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.template.loader import render_to_string
from django.utils import translation

from accounts.models import NoticeDelivery
from accounts.wording import words_of
from smarketing.registry import notice_kinds


def write_mail(
    template: str,
    to: str,
    context: Mapping[str, Any],
    *,
    headers: Mapping[str, str] | None = None,
    connection: BaseEmailBackend | None = None,
) -> EmailMultiAlternatives:
    """Return the mail `templates/emails/<template>.{subject.txt,txt,html}` in today's language."""
    facts = {"base_url": settings.BASE_URL, "site_name": settings.SITE_NAME, **context}
    subject = render_to_string(f"emails/{template}.subject.txt", facts)
    mail = EmailMultiAlternatives(
        subject=" ".join(subject.split()),
        body=render_to_string(f"emails/{template}.txt", facts).strip() + "\n",
        to=[to],
        headers={"Auto-Submitted": "auto-generated", **(headers or {})},
        connection=connection,
    )
    mail.attach_alternative(render_to_string(f"emails/{template}.html", facts), "text/html")
    return mail


def notice_mail(
    delivery: NoticeDelivery, connection: BaseEmailBackend, at: datetime
) -> EmailMultiAlternatives:
    """Return the mail of one notice; its Message-ID is the same however often it is written."""
    notice = delivery.notice
    kind = notice_kinds[notice.kind]
    with translation.override(notice.recipient.language):
        words = words_of(notice)
        link = kind.email_link(notice.recipient, at) if kind.email_link else ""
        context = {
            "title": words.title,
            "body": words.body,
            "link": link or (settings.BASE_URL + notice.url if notice.url else ""),
            "is_invitation": kind.email_link is not None,
            "can_switch_off": kind.optional,
            "recipient": notice.recipient,
        }
        return write_mail(
            "notice",
            notice.recipient.email,
            context,
            headers={"Message-ID": message_id(delivery)},
            connection=connection,
        )


def message_id(delivery: NoticeDelivery) -> str:
    """Return the Message-ID of a delivery: unique in the world, the same at every attempt."""
    host = urlsplit(settings.BASE_URL).hostname or "localhost"
    written = delivery.notice.created_at.strftime("%Y%m%d%H%M%S")
    return f"<notice.{delivery.pk}.{written}@{host}>"
