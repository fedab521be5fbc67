"""How allauth meets our people: nobody signs up by himself, single sign-on finds invited people."""

from __future__ import annotations

from typing import Any

import structlog
from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.conf import settings
from django.contrib import messages
from django.core.mail import EmailMessage
from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.mail import write_mail
from accounts.models import User
from accounts.querysets import normalise_email
from accounts.sign_in_mail import SIGN_IN_MAILS

log = structlog.get_logger(__name__)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Sign-in by password."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """People come by invitation."""
        return False

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Links of mails go to our own address, whatever host a request claims to be for."""
        uid, _dash, secret = key.partition("-")
        return settings.BASE_URL + reverse("account_reset_password_from_key", args=[uid, secret])

    def render_mail(
        self,
        template_prefix: str,
        email: str | list[str],
        context: dict[str, Any],
        headers: dict[str, str] | None = None,
    ) -> EmailMessage:
        """Write the mail in our words, in the language of the person it goes to."""
        words = SIGN_IN_MAILS.get(template_prefix.rsplit("/", 1)[-1])
        address = email if isinstance(email, str) else email[0]
        person = User.objects.filter(email=normalise_email(address)).first()
        with translation.override(person.language if person else translation.get_language()):
            if words is None:
                library_mail: EmailMessage = super().render_mail(
                    template_prefix, email, context, headers
                )
                return library_mail
            facts = {
                "title": words.title,
                "body": words.body,
                "link": context.get(words.link, ""),
                "label": words.label,
                "recipient": person,
            }
            return write_mail("sign_in", address, facts, headers=headers)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send; a mail server that is down fails the mail, never the page."""
        try:
            super().send_mail(template_prefix, email, context)
        except OSError as error:  # refused, timed out, and all of smtplib's own errors
            log.error("sign_in_mail_failed", mail=template_prefix, error=str(error))
            if self.request is not None:
                text = _("The mail could not be sent. Try again in a few minutes.")
                messages.error(self.request, text)


class SocialAccountAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Sign-in by the organisation's own identity provider."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Single sign-on connects to an invited person by e-mail; it creates nobody."""
        return False
