"""Every template: strict about scripts and styles, translatable to the last word."""

from __future__ import annotations

import pytest

from tests.shell.template_scan import (
    PAGES,
    place,
    source,
    unsafe_parts,
    untranslated_arguments,
    untranslated_texts,
)

# The gallery names components by their code names.
CODE_NAMES = {"shell/gallery.html"}


def test_there_are_templates_to_read() -> None:
    assert len(PAGES) > 60


def test_no_template_needs_an_exception_from_the_policy() -> None:
    wrong = [place(page, what) for page in PAGES for what in unsafe_parts(source(page))]
    assert wrong == []


def test_every_text_can_be_translated() -> None:
    wrong = [place(page, text) for page in PAGES for text in untranslated_texts(source(page))]
    assert wrong == []


def test_every_word_given_to_a_component_can_be_translated() -> None:
    wrong = [
        finding
        for page in PAGES
        for text in untranslated_arguments(source(page))
        if not (finding := place(page, text)).startswith(tuple(CODE_NAMES))
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("template", "found"),
    [
        ("<p>Hello</p>", ["Hello"]),
        ('<a title="Open it"></a>', ["Open it"]),
        ('<input placeholder="Name" aria-label="{% translate "x" %}">', ["Name"]),
        ('<button data-confirm="Sure?"></button>', ["Sure?"]),
        ('{% translate "Hello" %} {% blocktranslate %}Hi{% endblocktranslate %}', []),
        ("{% comment %}note{% endcomment %}{# note #}{{ name }} · 12 / x", []),
        ("<kbd>Enter</kbd><code>card</code> smarketing", []),
        ("smarketing rocks", ["smarketing rocks"]),
    ],
)
def test_the_scan_finds_what_it_should(template: str, found: list[str]) -> None:
    assert untranslated_texts(template) == found


@pytest.mark.parametrize(
    ("template", "found"),
    [
        ('{% card title="Leads" %}', ['card "Leads"']),
        ('{% badge "New" "neutral" %}', ['badge "New"']),
        ('{% card title=_("Leads") side="sales" %}{% stat _("MQLs") 3 size="hero" %}', []),
        ("{% filter_chip _('Owner') owner key=\"owner\" %}", []),
    ],
)
def test_the_scan_reads_the_words_of_components(template: str, found: list[str]) -> None:
    assert list(untranslated_arguments(template)) == found


@pytest.mark.parametrize(
    ("template", "found"),
    [
        ("<script>go()</script>", ["an inline script"]),
        ('<script src="{% static "js/a.js" %}"></script>', []),
        ('<script type="application/json">{}</script>', []),
        ('<p style="color: red">', ["a style attribute"]),
        ('<p onclick="go()">', ["an inline handler"]),
        ('<p hx-on:click="go()">', ["an htmx handler"]),
        ("{{ text|safe }}", ["unescaped output"]),
        ('<img src="https://acme.test/a.png">', ["a foreign address"]),
    ],
)
def test_the_scan_finds_what_the_policy_forbids(template: str, found: list[str]) -> None:
    assert unsafe_parts(template) == found
