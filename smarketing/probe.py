"""Ask a running server how it is: python -m smarketing.probe URL [PART …]

Ends with code 0 when it answers 200 and every named part of the answer is "ok"; else with code 1
and one line that says what is wrong. For health checks of containers, which carry no curl.
"""

from __future__ import annotations

import json
import sys
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

SECONDS = 4.0


def trouble(url: str, parts: list[str]) -> str | None:
    """What is wrong, in one line, or None when all is well."""
    if urlsplit(url).scheme not in {"http", "https"}:
        return f"{url} is not a web address"
    try:
        with urlopen(url, timeout=SECONDS) as answer:  # noqa: S310 - the scheme was looked at
            found = json.load(answer).get("parts", {})
    except (URLError, OSError, ValueError) as error:
        return f"{url}: {error}"
    wrong = [part for part in parts if found.get(part, {}).get("status") != "ok"]
    return f"{url}: not ok: {', '.join(wrong)}" if wrong else None


if __name__ == "__main__":
    sys.exit(trouble(sys.argv[1], sys.argv[2:]))
