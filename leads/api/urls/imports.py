"""Files on their way in."""

from django.urls import URLPattern, path

from leads.api import imports

ONE = "imports/<int:pk>/"
urlpatterns: list[URLPattern] = [
    path("imports/", imports.ImportList.as_view(), name="import-list"),
    path(ONE, imports.ImportDetail.as_view(), name="import-detail"),
    path(f"{ONE}check/", imports.ImportCheck.as_view(), name="import-check"),
    path(f"{ONE}run/", imports.ImportRun.as_view(), name="import-run"),
    path(f"{ONE}pause/", imports.ImportPause.as_view(), name="import-pause"),
    path(f"{ONE}resume/", imports.ImportResume.as_view(), name="import-resume"),
    path(f"{ONE}stop/", imports.ImportStop.as_view(), name="import-stop"),
    path(f"{ONE}undo/", imports.ImportUndo.as_view(), name="import-undo"),
    path(f"{ONE}rejects/", imports.ImportRejects.as_view(), name="import-rejects"),
]
