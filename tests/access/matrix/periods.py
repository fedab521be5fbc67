"""Period commitments and corrective actions."""

from __future__ import annotations

from tests.access.matrix.answers import API_NO, API_READ, MEMBERS, NO, Line

# A miss of Sales: its managers decide.
OF_SALES_WRONG = "in  403      403      403 422  403         403           403"

PERIODS: list[Line] = [
    Line("sla/", get=MEMBERS),
    Line("sla/commitments/<int:pk>/", get=MEMBERS, path="sla/commitments/{missed}/"),
    Line("sla/actions/", get=MEMBERS),
    Line("sla/actions/<int:pk>/", get=MEMBERS, path="sla/actions/{action}/"),
    *(
        Line(
            f"sla/actions/<int:pk>/{verb}/",
            get=NO,
            post=OF_SALES_WRONG,
            path=f"sla/actions/{{action}}/{verb}/",
        )
        for verb in ("decide", "finish", "drop")
    ),
]
API_OF_SALES = " 401    403      403      403 415  403         403           403"
API_PERIODS: list[Line] = [
    Line("api/v1/commitments/", get=API_READ, post=API_NO),
    Line("api/v1/corrective-actions/", get=API_READ, post=API_NO),
    Line(
        "api/v1/corrective-actions/<int:pk>/",
        get=API_READ,
        post=API_NO,
        path="api/v1/corrective-actions/{action}/",
    ),
    *(
        Line(
            f"api/v1/corrective-actions/<int:pk>/{verb}/",
            get=API_NO,
            post=API_OF_SALES,
            path=f"api/v1/corrective-actions/{{action}}/{verb}/",
        )
        for verb in ("decide", "finish", "drop")
    ),
]
