"""One message goes to one chat channel, through the library that speaks each service's language.

Only the services of the allow-list are loaded, addresses are checked again, no redirect is
followed, and nothing takes longer than a few seconds.
"""

from __future__ import annotations

import logging
import re
from importlib import import_module
from typing import Any

from django.conf import settings

from accounts.chat_services import service_at
from accounts.enums import ChatService

SECONDS = 4.0
NOT_ALLOWED = "The address is none of a chat service that is allowed."
NOT_TAKEN = "The chat service did not take the message."
STAMP = re.compile(r"^.* - (WARNING|ERROR) - ")


SPEAKERS = {
    ChatService.SLACK: ("apprise.plugins.slack", "NotifySlack"),
    ChatService.TEAMS: ("apprise.plugins.workflows", "NotifyWorkflows"),
    ChatService.GOOGLE_CHAT: ("apprise.plugins.google_chat", "NotifyGoogleChat"),
    ChatService.DISCORD: ("apprise.plugins.discord", "NotifyDiscord"),
    ChatService.LOOPBACK: ("apprise.plugins.custom_json", "NotifyJSON"),
}


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
    speaks = _class_of(service)
    if service is ChatService.LOOPBACK:
        read = speaks.parse_url(address.replace("http:", "json:", 1))
    else:
        read = speaks.parse_native_url(address)
    if not read:
        raise ChatError(NOT_ALLOWED)
    return speaks(**read | {"redirect": "no", "cto": SECONDS, "rto": SECONDS})


def _class_of(service: ChatService) -> Any:
    module, name = SPEAKERS[service]
    return getattr(import_module(module), name)
