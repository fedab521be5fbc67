"""Files on their way in: marketers, managers and administrators bring them."""

from __future__ import annotations

from tests.access.matrix.answers import API_NO, NO, Line

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
    Line("leads/import/<int:pk>/undo/", get=DO, post=DO, path=f"{ONE}undo/"),
    Line("leads/import/<int:pk>/discard/", get=NO, post=DO, path=f"{ONE}discard/"),
    Line("leads/import/<int:pk>/rejects/", get=READ, path=f"{ONE}rejects/"),
]
API_READ = "  401    403      200      403 200  403         200           200"
API_RAW = "   401    403      415      403 415  403         415           415"
API_DO = "    401    403      409      403 409  403         409           409"
API_ONE = "api/v1/imports/{lead_import}/"
API_IMPORTS = [
    Line("api/v1/imports/", get=API_READ, post=API_RAW),
    Line("api/v1/imports/<int:pk>/", get=API_READ, post=API_NO, path=API_ONE),
    Line("api/v1/imports/<int:pk>/check/", get=API_NO, post=API_RAW, path=f"{API_ONE}check/"),
    Line("api/v1/imports/<int:pk>/run/", get=API_NO, post=API_DO, path=f"{API_ONE}run/"),
    Line("api/v1/imports/<int:pk>/pause/", get=API_NO, post=API_DO, path=f"{API_ONE}pause/"),
    Line("api/v1/imports/<int:pk>/resume/", get=API_NO, post=API_DO, path=f"{API_ONE}resume/"),
    Line("api/v1/imports/<int:pk>/stop/", get=API_NO, post=API_RAW, path=f"{API_ONE}stop/"),
    Line("api/v1/imports/<int:pk>/undo/", get=API_DO, post=API_DO, path=f"{API_ONE}undo/"),
    Line("api/v1/imports/<int:pk>/rejects/", get=API_READ, post=API_NO, path=f"{API_ONE}rejects/"),
]
