"""Files on their way in."""

from django.urls import URLPattern, path

from leads.views import import_mapping, imports

urlpatterns: list[URLPattern] = [
    path("leads/import/", imports.imports, name="lead-imports"),
    path("leads/import/<int:pk>/", imports.import_page, name="lead-import-page"),
    path("leads/import/<int:pk>/mapping/", import_mapping.mapping, name="lead-import-mapping"),
    path("leads/import/<int:pk>/reread/", import_mapping.reread, name="lead-import-reread"),
    path("leads/import/<int:pk>/progress/", imports.progress, name="lead-import-progress"),
    path("leads/import/<int:pk>/run/", imports.run, name="lead-import-run"),
    path("leads/import/<int:pk>/pause/", imports.pause, name="lead-import-pause"),
    path("leads/import/<int:pk>/resume/", imports.resume, name="lead-import-resume"),
    path("leads/import/<int:pk>/stop/", imports.stop, name="lead-import-stop"),
    path("leads/import/<int:pk>/undo/", imports.undo, name="lead-import-undo"),
    path("leads/import/<int:pk>/discard/", imports.discard, name="lead-import-discard"),
    path("leads/import/<int:pk>/rejects/", imports.rejects, name="lead-import-rejects"),
]
