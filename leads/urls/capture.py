"""Forms, what they bring, visits."""

from django.urls import URLPattern, path

from leads.views import forms, proposals, public_forms, public_visits, sites, stand

urlpatterns: list[URLPattern] = [
    path("forms/", forms.form_list, name="form-list"),
    path("forms/new/", forms.form_new, name="form-new"),
    path("forms/<int:pk>/", forms.form_detail, name="form-detail"),
    path("forms/<int:pk>/edit/", forms.form_edit, name="form-edit"),
    path("forms/<int:pk>/open/", forms.form_open, name="form-open"),
    path("forms/<int:pk>/code.svg", forms.form_code, name="form-code"),
    path("forms/<int:pk>/stand/", stand.form_stand, name="form-stand"),
    path("forms/visits/", sites.sites, name="site-list"),
    path("forms/visits/<int:pk>/use/", sites.site_use, name="site-use"),
    path("proposed-changes/<int:pk>/take/", proposals.change_take, name="change-take"),
    path("proposed-changes/<int:pk>/refuse/", proposals.change_refuse, name="change-refuse"),
    path("leads/<int:pk>/proposed/", proposals.of_lead, name="lead-proposed"),
    # For people outside: whoever has the address.
    path("f/<str:token>/", public_forms.public_form, name="public-form"),
    path("f/<str:token>/embed.js", public_forms.form_embed, name="form-embed"),
    path("t/<str:token>.js", public_visits.visit_script, name="visit-script"),
    path("t/<str:token>/", public_visits.visit_collect, name="visit-collect"),
]
