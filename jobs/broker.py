"""A plain Redis client for the broker's address, with short time-outs: for health, not for work."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import redis

PING_SECONDS = 1.0


def client(url: str) -> redis.Redis:
    """Return a client for `url` as Celery reads it (redis://, rediss://, redis+socket://)."""
    return redis.Redis.from_url(
        _plain(url),
        socket_timeout=PING_SECONDS,
        socket_connect_timeout=PING_SECONDS,
        decode_responses=True,
    )


def _plain(url: str) -> str:
    """Turn Celery's `redis+socket:///path?virtual_host=1` into redis-py's `unix:///path?db=1`."""
    parts = urlsplit(url)
    if parts.scheme != "redis+socket":
        return url
    database = parse_qs(parts.query).get("virtual_host", ["0"])[0].strip("/") or "0"
    return f"unix://{parts.path}?db={database}"
