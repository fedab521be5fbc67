"""`{% load ui %}`: the components that every page is made of. /gallery/ shows them (DEBUG only).

Blocks:
    {% card title side flush link link_text %}…{% endcard %}
    {% empty_state title text icon %}the one next step{% endempty_state %}
    {% notice tone icon %}…{% endnotice %}    {% dialog "id" title %}…{% enddialog %}
    {% facing %}{% side "marketing" %}…{% endside %}…{% endfacing %}
    {% timeline %}{% timeline_item title at icon tone who %}…{% endtimeline_item %}{% endtimeline %}
Words:
    {% icon "name" %}    {% badge text tone icon %}    {% stage_badge stage label %}
    {% avatar user %}    {% person user %}
Figures:
    {% stat label value hint %}    {% when instant %}    {% countdown due_at warn_at %}
    {% progress value max label %}    {% stage_path steps %}
    {{ n|number }}    {{ n|number:1 }}    {{ amount|money:currency }}    {{ share|percent }}
    {{ span|duration }}
Forms:
    {% form_field field %}    {% form_fields form %}    {% form_errors form %}
Tables:
    {% data_table id label %}<thead>…<tbody>…{% enddata_table %}
    {% column_head key label sort %}    {% select_all %}    {% select_row value label %}
    {% bulk_bar table %}…{% endbulk_bar %}    {% column_menu columns chosen %}
    {% pager previous next shown %}
    {% filter_bar label target %}…{% endfilter_bar %}    {% filter_chip label value key %}
Charts:
    {% chart id title option columns rows %}
"""

from __future__ import annotations

from django import template

from shell.components import blocks, charts, fields, figures, tables, words

register = template.Library()
for part in (words, figures, blocks, fields, tables, charts):
    register.tags.update(part.register.tags)
    register.filters.update(part.register.filters)
