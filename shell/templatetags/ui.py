"""`{% load ui %}`: the components that every page is made of. The gallery (/gallery/) shows them.

Blocks:  {% card title=… side=… %}…{% endcard %}           {% empty_state title text icon %}actions{% endempty_state %}
         {% notice tone icon %}…{% endnotice %}            {% dialog "id" title %}…{% enddialog %}
         {% facing %}{% side "marketing" %}…{% endside %}…{% endfacing %}
         {% timeline %}{% timeline_item title at=… icon=… tone=… %}…{% endtimeline_item %}{% endtimeline %}
Single:  {% icon "name" %} {% stat label value hint %} {% badge text tone icon %} {% stage_badge stage label %}
         {% form_field field %} {% form_fields form %} {% when instant %} {% avatar user %} {% person user %}
         {% progress value max label %} {% countdown due_at %} {% stage_path steps %}
Filters: {{ n|number }} {{ n|number:1 }} {{ amount|money:currency }} {{ share|percent }} {{ span|duration }}
Forms:   {% form_field field %} {% form_fields form %} {% form_errors form %}
Tables:  {% data_table id label %}…{% enddata_table %} {% column_head key label %} {% select_all %} {% select_row id label %}
         {% bulk_bar %}…{% endbulk_bar %} {% column_menu columns chosen %} {% pager previous next %}
         {% filter_bar %}…{% endfilter_bar %} {% filter_chip label value remove_url %}
Charts:  {% chart id title option columns rows %}

"""

from __future__ import annotations

from django import template

from shell.components import blocks, charts, figures, fields, tables, words

register = template.Library()
for part in (words, figures, blocks, fields, tables, charts):
    register.tags.update(part.register.tags)
    register.filters.update(part.register.filters)
