"""The browser files: locked by hash, an allow-list, icons from one list."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from scripts.assets import ALLOWED, MODULES, font_styles, read_icon_names, sprite, symbol_id
from scripts.lock_assets import without_addresses
from smarketing.console import ROOT, StartError

LISTED = {symbol_id(name) for name in read_icon_names((ROOT / "static/icons.txt").read_text())}
HOME = """<svg
  xmlns="http://www.w3.org/2000/svg"
  width="24"
  viewBox="0 0 24 24"
  fill="none"
  stroke="currentColor"
  class="icon"
>
  <path stroke="none" d="M0 0h24v24H0z" fill="none" />
  <path d="M5 12l-2 0" />
  <path d="M9 21v-6" />
</svg>
"""


@pytest.fixture
def icons(tmp_path: Path) -> Path:
    """An icon set of two."""
    for folder, name in (("outline", "home"), ("filled", "star")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / f"{name}.svg").write_text(HOME)
    return tmp_path


def test_names_are_sorted_unique_and_may_have_comments() -> None:
    assert read_icon_names("# Acts\nplus\nhome  # the start\n\nplus\n") == ["home", "plus"]


@pytest.mark.parametrize("name", ["../secret", "Home", "home.svg", "filled/", "a b", 'x"onload'])
def test_a_name_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(StartError, match="is not an icon name"):
        read_icon_names(name)


def test_the_sprite_has_one_symbol_for_each_icon(icons: Path) -> None:
    drawing = 'viewBox="0 0 24 24" fill="none" stroke="currentColor"'
    shapes = '<path d="M5 12l-2 0" /><path d="M9 21v-6" />'
    assert sprite("home\nfilled/star\n", icons) == (
        '<svg xmlns="http://www.w3.org/2000/svg">\n'
        f'<symbol id="star-filled" {drawing}>{shapes}</symbol>\n'
        f'<symbol id="home" {drawing}>{shapes}</symbol>\n'
        "</svg>\n"
    )


def test_an_icon_that_the_set_lacks_is_named(icons: Path) -> None:
    with pytest.raises(StartError, match="'hoem', which the icon set does not have"):
        sprite("hoem", icons)


def test_templates_use_only_listed_icons() -> None:
    used = {
        (name, str(path.relative_to(ROOT)))
        for path in (ROOT / "templates").rglob("*.html")
        for name in re.findall(r"{% icon [\"']([\w-]+)[\"']", path.read_text())
    }
    assert sorted((name, path) for name, path in used if name not in LISTED) == []


def test_the_font_styles_name_the_two_files_that_are_served() -> None:
    rule = "@font-face {\n src: url(./files/inter-%s-wght-normal.woff2) format('woff2');\n}"
    three = "\n".join(rule % script for script in ("greek", "latin-ext", "latin"))
    assert re.findall(r"url\((.*?)\)", font_styles(three)) == [
        "inter-latin-ext.woff2",
        "inter-latin.woff2",
    ]


def test_every_package_of_the_lock_has_a_hash_and_none_an_address() -> None:
    text = (ROOT / "package-lock.json").read_text()
    packages = {name: p for name, p in json.loads(text)["packages"].items() if name}
    assert [name for name, p in packages.items() if not p["integrity"].startswith("sha512-")] == []
    assert "://" not in text
    assert {source.split("/dist")[0].split("/files")[0] for source in ALLOWED.values()} <= {
        name.removeprefix("node_modules/") for name in packages
    } | {"sortablejs/Sortable.min.js"}


def test_locking_anew_takes_addresses_out() -> None:
    package = {"version": "1.0.0", "integrity": "sha512-x"}
    lock = {"packages": {"a": package | {"resolved": "https://acme.test", "funding": {"url": "x"}}}}
    assert json.loads(without_addresses(json.dumps(lock))) == {"packages": {"a": package}}


def test_third_party_code_is_not_committed() -> None:
    ignored = (ROOT / ".gitignore").read_text().split()
    assert {"/node_modules/", "/vendor_static/", "/.venv/", "/var/"} <= set(ignored)


@pytest.mark.skipif(not MODULES.is_dir(), reason="the browser packages are not installed")
def test_the_served_files_are_there_and_ask_for_no_map() -> None:
    served = ROOT / "vendor_static"
    names = {path.name for path in served.iterdir() if not path.name.startswith(".")}
    assert names == {*ALLOWED, "inter.css", "icons.svg"}
    for name in names - {n for n in names if n.endswith(".woff2")}:
        assert "sourceMappingURL" not in (served / name).read_text(), name
