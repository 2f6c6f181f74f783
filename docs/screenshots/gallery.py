"""Makes one page of the pictures from the tour of every page: French on a telephone, English on a desk.

`tox run -e tour` takes them and runs this; what it makes stays in the folder `pictures`, outside git.
"""

import re
import sys
from itertools import groupby
from pathlib import Path

from PIL import Image

Taken = tuple[re.Match[str], Path]
PICTURE = re.compile(r"(?P<way>\w+)-(?P<stop>.+)-(?P<language>fr|en)-(?P<width>\d+)\.png")
CHOSEN = {("fr", "360"): 240, ("en", "1280"): 520}
"""How wide each is in the gallery, in pixels."""
MOST_TALL = 2.4  # times as tall as wide: what is below says the same of longer lists
QUALITY = 45
BEGINNING = """\
# Every page, as it is

Made by the tour that the tests take through every page and its states: French on a telephone by day, English on a desk
by night. The components that pages are made of stand in [components](#components), and live at `/fr/demo/composants` in
a running demo.
"""


def main(folder: Path) -> None:
    for old in folder.glob("*.webp"):
        old.unlink()
    taken = [(found, path) for path in sorted(folder.glob("*.png")) if (found := PICTURE.fullmatch(path.name))]
    wanted = in_order([(found, path) for found, path in taken if (found["language"], found["width"]) in CHOSEN])
    lines = [BEGINNING]
    for way, of_way in groupby(wanted, key=lambda each: each[0]["way"]):
        lines.append(f"## {way.replace('_', ' ')}\n")
        for stop, pictures in groupby(of_way, key=lambda each: each[0]["stop"]):
            lines.append(f"**{stop}**\n")
            lines += [shown(found, path, folder) for found, path in pictures]
            lines.append("")
    page = folder / "every-page.md"
    page.write_text("\n".join(lines).rstrip() + "\n", "utf-8")
    print(
        f"{page}: {len(wanted)} pictures, {sum(path.stat().st_size for path in folder.glob('*.webp')):,} bytes in all"
    )


def in_order(taken: list[Taken]) -> list[Taken]:
    """As the tour came by: way after way, stop after stop, French first."""
    times: dict[tuple[str, ...], float] = {}
    for found, path in taken:
        for place in ((found["way"],), (found["way"], found["stop"])):
            times[place] = min(times.get(place, float("inf")), path.stat().st_mtime)
    return sorted(
        taken,
        key=lambda each: (
            times[(each[0]["way"],)],
            times[each[0]["way"], each[0]["stop"]],
            each[0]["language"] != "fr",
        ),
    )


def shown(found: re.Match[str], path: Path, folder: Path) -> str:
    """The picture, made small, and the line that shows it."""
    width = CHOSEN[found["language"], found["width"]]
    picture = Image.open(path).convert("RGB")
    picture = picture.crop((0, 0, picture.width, min(picture.height, round(picture.width * MOST_TALL))))
    small = picture.resize((width, round(picture.height * width / picture.width)), Image.Resampling.LANCZOS)
    name = re.sub(r"[^a-z0-9]+", "-", path.stem.lower())
    small.save(folder / f"{name}.webp", quality=QUALITY, method=6)
    words = (
        f"{found['way'].replace('_', ' ')}, {found['stop']}, in {'French' if found['language'] == 'fr' else 'English'}"
    )
    return f'<img src="{name}.webp" width="{width}" alt="{words}">'


if __name__ == "__main__":
    main(Path(sys.argv[1]))
