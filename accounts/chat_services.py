"""Which chat services a team's channel may lie in, told by the address that the service gave. Pure.

An allow-list of hosts: no address reaches a machine of the house or any other of the network.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from accounts.enums import ChatService

HTTPS = 443
LONGEST_ADDRESS = 1_000
WORDS = r"[A-Za-z0-9_-]+"


@dataclass(frozen=True)
class Known:
    """How the addresses of one service look."""

    service: ChatService
    hosts: re.Pattern[str]
    path: re.Pattern[str]


KNOWN = (
    Known(
        ChatService.SLACK,
        re.compile(r"hooks\.slack\.com"),
        re.compile(r"/services/[A-Z0-9]+/[A-Z0-9]+/[A-Za-z0-9]+/?"),
    ),
    Known(
        ChatService.TEAMS,
        re.compile(r"[a-z0-9.-]+\.(logic\.azure\.com|powerplatform\.com)"),
        re.compile(
            rf"(/powerautomate/automations/direct(/cu/\d+)?)?/workflows/{WORDS}"
            r"/triggers/manual/paths/invoke/?"
        ),
    ),
    Known(
        ChatService.GOOGLE_CHAT,
        re.compile(r"chat\.googleapis\.com"),
        re.compile(rf"/v1/spaces/{WORDS}/messages/?"),
    ),
    Known(
        ChatService.DISCORD,
        re.compile(r"(ptb\.|canary\.)?discord(app)?\.com"),
        re.compile(rf"/api/webhooks/\d+/{WORDS}/?"),
    ),
)


def service_at(address: str, *, loopback: bool = False) -> ChatService | None:
    """Return whose `address` it is; None for any that is not on the list.

    With `loopback`, which only tests ask for, an address of this very machine is one too.
    """
    try:
        parts = urlsplit(address)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        return None
    if loopback and parts.scheme == "http" and host == "127.0.0.1":
        return ChatService.LOOPBACK
    is_plain = parts.scheme == "https" and port in {None, HTTPS} and "@" not in parts.netloc
    if not is_plain or len(address) > LONGEST_ADDRESS or not address.isprintable():
        return None
    return next(
        (
            known.service
            for known in KNOWN
            if known.hosts.fullmatch(host) and known.path.fullmatch(parts.path)
        ),
        None,
    )
