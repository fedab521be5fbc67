"""Files on their way in: marketers, managers and administrators bring them."""

from __future__ import annotations

from tests.access.matrix.answers import NO, Line

READ = "  in     403      200      403 200  403         200           200"
DO = "    in     403      302      403 302  403         302           302"
WRONG = " in     403      422      403 422  403         422           422"
ONE = "leads/import/{lead_import}/"
IMPORTS = [
    Line("leads/import/", get=READ, post=WRONG),
    Line("leads/import/<int:pk>/", get=DO, path=ONE),
    Line("leads/import/<int:pk>/mapping/", get=READ, post=READ, path=f"{ONE}mapping/"),
    Line("leads/import/<int:pk>/reread/", get=NO, post=DO, path=f"{ONE}reread/"),
    Line("leads/import/<int:pk>/progress/", get=READ, path=f"{ONE}progress/"),
    Line("leads/import/<int:pk>/run/", get=NO, post=DO, path=f"{ONE}run/"),
    Line("leads/import/<int:pk>/pause/", get=NO, post=DO, path=f"{ONE}pause/"),
    Line("leads/import/<int:pk>/resume/", get=NO, post=DO, path=f"{ONE}resume/"),
    Line("leads/import/<int:pk>/stop/", get=NO, post=DO, path=f"{ONE}stop/"),
    Line("leads/import/<int:pk>/discard/", get=NO, post=DO, path=f"{ONE}discard/"),
    Line("leads/import/<int:pk>/rejects/", get=READ, path=f"{ONE}rejects/"),
]
