"""`/api/v1/forms/`: forms, their wordings, what came in by them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics, status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.idempotency import once_by_key
from leads.api.bodies import UseIn, read
from leads.api.deals_serializers import LAST_ID
from leads.api.forms_serializers import FormChange, FormIn, FormOut, SubmissionOut, WordingOut
from leads.api.keyset import AFTER, page_response, paged, place_of
from leads.api.qualifying import READ, WRITE
from leads.api.refusals import caller
from leads.api.views import NO_PLACE, NOT_FOUND, REFUSED, WRONG
from leads.enums import FormKind
from leads.models import CaptureForm, Submission
from leads.selectors.forms import form_of, listed_forms, submissions_page, wordings_of
from leads.services.forms import FormFacts, open_form, save_form
from smarketing import time_source
from smarketing.errors import BadInput

MOST = 200
CREDITED = ("campaign", "source", "product_line")
PLAIN = ("name", "languages", "texts", "consent_required", "redirect_url", "allowed_origins")
BEFORE = OpenApiParameter(
    "before", {"type": "integer", "minimum": 1, "maximum": LAST_ID},
    description="Rows with a smaller id than this one.",
)  # fmt: skip


def rows_before(request: Request, rows: Any) -> list[Any]:
    """Return at most 200 of `rows`, the last made first, on from the id that was asked for."""
    before = request.query_params.get("before", "")
    if before:
        if not (before.isascii() and before.isdecimal() and 0 < int(before[:20]) <= LAST_ID):
            raise BadInput(_("The request cannot be read."), fields={"before": [_("An id.")]})
        rows = rows.filter(pk__lt=int(before))
    return list(rows.order_by("-id")[:MOST])


def facts_from(data: dict[str, Any]) -> FormFacts:
    """Return what the body says."""
    return FormFacts(
        kind=FormKind(data["kind"]),
        asked={one["name"]: one["required"] for one in data["fields"]},
        is_active=data["is_open"],
        **{name: data[name] for name in PLAIN},
        **{f"{name}_id": data[name] for name in CREDITED},
    )


def _told(pk: int) -> dict[str, Any]:
    return dict(FormOut(listed_forms().get(pk=pk)).data)


class FormList(generics.GenericAPIView[CaptureForm]):
    """Forms."""

    permission_classes = READ
    serializer_class = FormIn
    pagination_class = None

    @extend_schema(
        operation_id="forms_list",
        summary="List forms",
        parameters=[BEFORE],
        responses={200: FormOut(many=True), **WRONG, 422: REFUSED[422]},
    )
    def get(self, request: Request) -> Response:
        """At most 200 forms, the last made first, with how often each was sent."""
        return Response(FormOut(rows_before(request, listed_forms()), many=True).data)

    @once_by_key
    @extend_schema(
        operation_id="forms_create",
        summary="Build a form",
        request=FormIn,
        responses={201: FormOut, **WRONG, **REFUSED},
    )
    def post(self, request: Request) -> Response:
        """Build a form; its address is made with it. For Marketing and managers."""
        facts = facts_from(read(FormIn, request))
        row = save_form(None, facts, actor=caller(request), at=time_source.now())
        return Response(_told(row.pk), status=status.HTTP_201_CREATED)


class FormDetail(generics.GenericAPIView[CaptureForm]):
    """One form."""

    permission_classes = READ
    serializer_class = FormOut

    @extend_schema(
        operation_id="forms_retrieve",
        summary="Read a form",
        responses={200: FormOut, **WRONG, **NOT_FOUND},
    )
    def get(self, request: Request, pk: int) -> Response:
        """The form with how often it was sent."""
        return Response(_told(form_of(pk).pk))


class FormChanges(generics.GenericAPIView[CaptureForm]):
    """Changes of one form."""

    permission_classes = WRITE
    serializer_class = FormChange

    @once_by_key
    @extend_schema(
        operation_id="forms_change",
        summary="Change a form",
        request=FormChange,
        responses={200: FormOut, **WRONG, **NOT_FOUND, **REFUSED},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Write the form anew, as the body says; other words of the consent are a new version."""
        form, data = form_of(pk), read(FormChange, request)
        version, who = data.pop("version", None), caller(request)
        save_form(form, facts_from(data), actor=who, at=time_source.now(), version=version)
        return Response(_told(pk))


class FormUse(generics.GenericAPIView[CaptureForm]):
    """Whether a form is open."""

    permission_classes = WRITE
    serializer_class = UseIn

    @once_by_key
    @extend_schema(
        operation_id="forms_use",
        summary="Close a form, or open it again",
        request=UseIn,
        responses={200: FormOut, **WRONG, **NOT_FOUND, **REFUSED},
    )
    def post(self, request: Request, pk: int) -> Response:
        """A closed form says so and takes nothing."""
        form, in_use = form_of(pk), read(UseIn, request)["in_use"]
        open_form(form, is_open=in_use, actor=caller(request))
        return Response(_told(pk))


class FormWordings(generics.GenericAPIView[CaptureForm]):
    """Wordings of one form's consent."""

    permission_classes = READ
    serializer_class = WordingOut
    pagination_class = None

    @extend_schema(
        operation_id="forms_wordings_list",
        summary="List the wordings of a form's consent",
        responses={200: WordingOut(many=True), **WRONG, **NOT_FOUND},
    )
    def get(self, request: Request, pk: int) -> Response:
        """Every wording, the newest first; a consent names its version."""
        return Response(WordingOut(wordings_of(form_of(pk)), many=True).data)


class FormSubmissions(generics.GenericAPIView[Submission]):
    """What came in by one form."""

    permission_classes = READ
    serializer_class = SubmissionOut
    pagination_class = None

    @extend_schema(
        operation_id="forms_submissions_list",
        summary="List what came in by a form",
        parameters=[AFTER],
        responses={200: paged("SubmissionPage", SubmissionOut), **WRONG, 404: NO_PLACE},
    )
    def get(self, request: Request, pk: int) -> Response:
        """What people sent whom you may see, newest first, 50 a page."""
        form = form_of(pk)
        page, following = submissions_page(caller(request), form, after=place_of(request))
        return page_response(request, SubmissionOut(page, many=True).data, following)
