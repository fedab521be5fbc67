"""One message goes to one chat channel, through the library that speaks each service's language.

Only the services of the allow-list are loaded, addresses are checked again, no redirect is
followed, and nothing takes longer than a few seconds.
"""

from __future__ import annotations

import logging
import re
from typing import Any

from django.conf import settings

from accounts.chat_services import service_at
from accounts.enums import ChatService

SECONDS = 4.0
NOT_ALLOWED = "The address is none of a chat service that is allowed."
NOT_TAKEN = "The chat service did not take the message."
STAMP = re.compile(r"^.* - (WARNING|ERROR) - ")


class ChatError(Exception):
    """The message was not taken; in words, without the address."""


def send_message(address: str, service: str, *, title: str, body: str) -> None:
    """Send a message; raises ChatError when the service did not take it, after 8 s at most."""
    found = service_at(address, loopback=settings.CHAT_LOOPBACK)
    if found is None or found != service:
        raise ChatError(NOT_ALLOWED)
    # Loaded by the background alone, and only when something is sent.
    from apprise import LogCapture  # noqa: PLC0415

    speaker = _speaker(found, address)
    with LogCapture(level=logging.WARNING) as captured:
        taken = speaker.notify(title=title, body=body)
        told = captured.getvalue().strip().splitlines()
    if not taken:
        raise ChatError(STAMP.sub("", told[-1]) if told else NOT_TAKEN)


def _speaker(service: ChatService, address: str) -> Any:
    """Return the library's own sender; each class is imported by name, never found by scheme."""
    if service is ChatService.LOOPBACK:
        from apprise.plugins.custom_json import NotifyJSON as Speaker  # noqa: PLC0415

        read = Speaker.parse_url(address.replace("http:", "json:", 1))
    else:
        Speaker = _class_of(service)  # noqa: N806
        read = Speaker.parse_native_url(address)
    if not read:
        raise ChatError(NOT_ALLOWED)
    return Speaker(**read | {"redirect": "no", "cto": SECONDS, "rto": SECONDS})


def _class_of(service: ChatService) -> Any:
    if service is ChatService.SLACK:
        from apprise.plugins.slack import NotifySlack  # noqa: PLC0415

        return NotifySlack
    if service is ChatService.TEAMS:
        from apprise.plugins.workflows import NotifyWorkflows  # noqa: PLC0415

        return NotifyWorkflows
    if service is ChatService.GOOGLE_CHAT:
        from apprise.plugins.google_chat import NotifyGoogleChat  # noqa: PLC0415

        return NotifyGoogleChat
    from apprise.plugins.discord import NotifyDiscord  # noqa: PLC0415

    return NotifyDiscord
