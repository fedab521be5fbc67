"""`{% load shell %}`: what only the frame itself uses."""

from __future__ import annotations

from collections.abc import Sequence

from django import template
from django.contrib.messages import get_messages
from django.template.context import Context
from django.utils.html import json_script
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from shell.settings_list import Section, sections_for
from shell.toasts import describe
from shell.today import Drawn

register = template.Library()


@register.simple_tag(takes_context=True)
def toasts(context: Context) -> list[dict[str, str]]:
    """The waiting messages, as toasts; an htmx answer carries them in its header instead."""
    request = context.get("request")
    if request is None or request.headers.get("HX-Request") == "true":
        return []
    return [describe(message) for message in get_messages(request)]


@register.simple_tag
def shell_words() -> SafeString:
    """The words that the scripts say, in the person's language."""
    words = {
        "language": get_language() or "en",
        "undo": _("Undo"),
        "dismiss": _("Dismiss"),
        "go": _("Go to"),
        "act": _("Do"),
        "page": _("On this page"),
        "nothing": _("Nothing found. Try another word."),
        "searching": _("Searching"),
        "results": _("%(n)s results"),
        "late": _("%(span)s late"),
        "left": _("%(span)s left"),
        "days": _("%(n)s d"),
        "hours": _("%(n)s h"),
        "minutes": _("%(n)s min"),
        "seconds": _("%(n)s s"),
        "offline": _("The server cannot be reached. Check your connection and try again."),
        "failed": _("That did not work. Reload the page and try again."),
        "signedOut": _("You have been signed out. Reload the page to sign in again."),
        "loaded": _("Updated"),
        "showTable": _("Show as table"),
        "showChart": _("Show as chart"),
        "noPasskey": _("This browser cannot use passkeys."),
        "passkeyFailed": _("The passkey was not used. Try again."),
    }  # fmt: skip
    return json_script(words, "shell-words")


@register.simple_tag(takes_context=True)
def today_panel(context: Context, drawn: Drawn) -> SafeString:
    """A panel of the Today page: its template sees `title` and what it computed as `panel`."""
    page = context.template
    if page is None:  # only outside a page
        return SafeString("")
    with context.push(title=drawn.panel.title, panel=drawn.context):
        return page.engine.get_template(drawn.panel.template).render(context)


@register.simple_tag(takes_context=True)
def today_parts(context: Context, panels: Sequence[Drawn]) -> list[list[SafeString]]:
    """The panels that have something to show, by turns in two parts, or in one for a single one."""
    drawn = [text for one in panels if (text := today_panel(context, one)).strip()]
    return [part for part in (drawn[::2], drawn[1::2]) if part]


@register.simple_tag(takes_context=True)
def settings_list(context: Context) -> list[Section]:
    """The settings pages that the person may open, by section."""
    request = context["request"]
    return sections_for(request.user, request.path)
