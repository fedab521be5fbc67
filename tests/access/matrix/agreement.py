"""The agreement and how its next version comes to be."""

from __future__ import annotations

from shell.pdf import makes_pdf
from tests.access.matrix.answers import (
    API_NO,
    API_READ,
    MARKETING_WRONG,
    MEMBERS,
    MEMBERS_DO,
    MEMBERS_WRONG,
    NO,
    WRITERS,
    WRITERS_DO,
    WRITERS_WRONG,
    Line,
)

NUMBERED = "agreement/{agreement}/"
DRAFT = "agreement/draft/"
# Where the machine makes no PDF there is none to have.
PAPER = MEMBERS if makes_pdf() else "in 403 404 404 404 404 404 404"
MEMBERS_NONE = "in 403 404 404 404 404 404 404"
FIRST = "  in  403  404  404  404  404  404  404"  # the first version changed nothing
# A person without a second way to prove himself goes on: heads sign, one without a hash or twice.
SIGNERS = "in  403  403  403  422  403  403  302"
ITS_AUTHOR = "in  403  403  302  302  302  403  302"
AGREEMENT: list[Line] = [
    Line("agreement/", get=MEMBERS),
    Line("agreement/versions/", get=MEMBERS),
    Line("agreement/<int:number>/", get=MEMBERS, path=NUMBERED),
    Line("agreement/<int:number>/print/", get=MEMBERS, path=f"{NUMBERED}print/"),
    Line("agreement/<int:number>/pdf/", get=PAPER, path=f"{NUMBERED}pdf/"),
    Line("agreement/<int:number>/changes/", get=FIRST, path=f"{NUMBERED}changes/"),
    Line("agreement/<int:number>/sign/", get=NO, post=SIGNERS, path=f"{NUMBERED}sign/"),
    Line("agreement/<int:number>/withdraw/", get=NO, post=WRITERS_DO, path=f"{NUMBERED}withdraw/"),
    Line("agreement/<int:number>/comment/", get=NO, post=MEMBERS_DO, path=f"{NUMBERED}comment/"),
    # The comment of the matrix is on the draft.
    Line(
        "agreement/<int:number>/comments/<int:pk>/settle/",
        get=NO,
        post=MEMBERS_NONE,
        path=f"{NUMBERED}comments/{{agreement_comment}}/settle/",
    ),
    Line("agreement/<int:number>/renew/", get=NO, post=WRITERS_DO, path=f"{NUMBERED}renew/"),
    # Who signs may end one: he proves first who he is. The commitment of the matrix is a draft's.
    Line(
        "agreement/commitments/<int:pk>/end/",
        get=MEMBERS_NONE,
        post=MEMBERS_NONE,
        path="agreement/commitments/{commitment}/end/",
    ),
    Line(
        "agreement/commitments/<int:pk>/end/back/",
        get=NO,
        post=MEMBERS_NONE,
        path="agreement/commitments/{commitment}/end/back/",
    ),
    Line("agreement/draft/", get=MEMBERS_DO),
    Line("agreement/draft/start/", get=NO, post=WRITERS_DO),
    Line("agreement/draft/propose/", get=NO, post=WRITERS_DO),
    Line("agreement/draft/terms/", get=NO, post=WRITERS_WRONG),
    Line("agreement/draft/messaging/", get=NO, post=WRITERS_WRONG),
    Line("agreement/draft/words/", get=NO, post=WRITERS_DO),
    Line("agreement/draft/protocol/", get=NO, post=WRITERS_WRONG),
    Line(
        "agreement/draft/part/<str:key>/",
        get=MEMBERS,
        post=WRITERS_WRONG,
        path=f"{DRAFT}part/definitions/",
    ),
    Line(
        "agreement/draft/part/<str:key>/comment/",
        get=NO,
        post=MEMBERS_WRONG,
        path=f"{DRAFT}part/sales/comment/",
    ),
    Line(
        "agreement/draft/comments/<int:pk>/settle/",
        get=NO,
        post=ITS_AUTHOR,
        path=f"{DRAFT}comments/{{agreement_comment}}/settle/",
    ),
    Line(
        "agreement/draft/answers/<str:side>/<str:stage>/",
        get=NO,
        post=MARKETING_WRONG,
        path=f"{DRAFT}answers/MARKETING/MQL/",
    ),
    Line(
        "agreement/draft/commitments/new/<str:side>/",
        get=WRITERS,
        post=WRITERS_WRONG,
        path=f"{DRAFT}commitments/new/sales/",
    ),
    Line(
        "agreement/draft/commitments/<int:pk>/",
        get=WRITERS,
        post=WRITERS_WRONG,
        path=f"{DRAFT}commitments/{{commitment}}/",
    ),
    Line(
        "agreement/draft/commitments/<int:pk>/remove/",
        get=NO,
        post=WRITERS_DO,
        path=f"{DRAFT}commitments/{{commitment}}/remove/",
    ),
]
# Writers propose and withdraw; a version that waits holds the draft back.
API_WRITERS = " 401    403      403      403 415  415         403           415"
API_WAITS = "   401    403      403      403 200  200         403           200"
API_NUMBERED = "api/v1/agreements/<int:number>/"
API_THE_ONE = "api/v1/agreements/{agreement}/"
API_AGREEMENT: list[Line] = [
    Line("api/v1/agreements/", get=API_READ, post=API_NO),
    Line("api/v1/agreements/draft/propose/", get=API_NO, post=API_WRITERS),
    Line(API_NUMBERED, get=API_READ, post=API_NO, path=API_THE_ONE),
    Line(f"{API_NUMBERED}text/", get=API_READ, post=API_NO, path=f"{API_THE_ONE}text/"),
    Line(f"{API_NUMBERED}signatures/", get=API_READ, post=API_NO, path=f"{API_THE_ONE}signatures/"),
    Line(f"{API_NUMBERED}withdraw/", get=API_NO, post=API_WAITS, path=f"{API_THE_ONE}withdraw/"),
]
