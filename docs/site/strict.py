"""Styles and scripts that the theme writes inside pages become files, so that the site stands under a strict policy."""

import re
from hashlib import sha256
from pathlib import Path
from typing import Any

INSIDE = re.compile(r"<(?P<tag>style|script)>(?P<words>.*?)</(?P=tag)>", re.DOTALL)
HIDDEN = ' style="display: none;"'
FADED = 'style="opacity: 50%"'
AS_FILES = {"style": ("css", '<link rel="stylesheet" href="{}">'), "script": ("js", '<script src="{}"></script>')}


def nothing_inside(application: Any, error: Exception | None) -> None:
    """Once the build is done: no page has words of a style or a script in it, or an attribute of style."""
    if error is None and application.builder.format == "html":
        for page in Path(application.outdir).rglob("*.html"):
            _without(page, Path(application.outdir))


def _without(page: Path, folder: Path) -> None:
    up = "../" * (len(page.relative_to(folder).parts) - 1)

    def moved(found: re.Match[str]) -> str:
        ending, link = AS_FILES[found["tag"]]
        name = f"_static/inside-{sha256(found['words'].encode()).hexdigest()[:12]}.{ending}"
        (folder / name).write_text(found["words"], "utf-8")
        return link.format(f"{up}{name}")

    text = page.read_text("utf-8")
    strict = INSIDE.sub(moved, text).replace(HIDDEN, ' width="0" height="0"').replace(FADED, 'opacity="0.5"')
    if strict != text:
        page.write_text(strict, "utf-8")
