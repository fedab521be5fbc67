"""The chat channels of a team: its head adds them, tries them, switches them off."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.forms.chat import ChannelForm
from accounts.forms.refusals import attempt
from accounts.models import ChatChannel
from accounts.rules import can_manage_people
from accounts.selectors.chat import chat_channels_of
from accounts.selectors.people import managed_teams
from accounts.services import chat
from accounts.views.access import person, requires
from accounts.views.answers import form_page, posted, wants_part
from shell.toasts import toast
from smarketing import time_source
from smarketing.errors import Refused


@require_http_methods(["GET", "HEAD", "POST"])
@requires(can_manage_people)
def team_chat(request: HttpRequest, team_id: int) -> HttpResponse:
    """The channels of a team, and a form for another one."""
    reader = person(request)
    team = get_object_or_404(managed_teams(reader), pk=team_id)
    form = ChannelForm(posted(request))
    at = time_source.now()

    def add() -> None:
        chat.add_channel(team, **form.cleaned_data, by=reader, at=at)

    if request.method == "POST" and form.is_valid() and attempt(form, add):
        toast(request, _("The channel is added. Send a test to see whether messages arrive."))
        return redirect("settings-chat", team_id)
    context = {"team": team, "channels": chat_channels_of(team), "now": at}
    if wants_part(request):
        return render(request, "settings/_chat_channels.html", context)
    return form_page(request, "settings/team_chat.html", form, **context)


@require_POST
@requires(can_manage_people)
def chat_test(request: HttpRequest, pk: int) -> HttpResponse:
    """Write a test to a channel."""
    channel = _channel(request, pk)
    try:
        chat.send_test(channel, by=person(request), at=time_source.now())
    except Refused as refusal:
        toast(request, refusal.message, level=messages.ERROR)
    else:
        toast(request, _("The test is on its way. This page tells whether it arrived."))
    return redirect("settings-chat", channel.team_id)


@require_POST
@requires(can_manage_people)
def chat_switch(request: HttpRequest, pk: int) -> HttpResponse:
    """Switch a channel off, or on again."""
    channel = _channel(request, pk)
    chat.switch_channel(channel, is_on=request.POST.get("on") == "1")
    words = _("“%(name)s” is switched on.") if channel.is_on else _("“%(name)s” is switched off.")
    toast(request, words % {"name": channel.name})
    return redirect("settings-chat", channel.team_id)


@require_POST
@requires(can_manage_people)
def chat_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget a channel and its address."""
    channel = _channel(request, pk)
    chat.remove_channel(channel)
    toast(request, _("“%(name)s” is removed.") % {"name": channel.name})
    return redirect("settings-chat", channel.team_id)


def _channel(request: HttpRequest, pk: int) -> ChatChannel:
    """A channel of a team whose settings the person may open; else 404."""
    mine = ChatChannel.objects.filter(team__in=managed_teams(person(request)))
    return get_object_or_404(mine, pk=pk)
