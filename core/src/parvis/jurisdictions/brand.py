"""The look of one town: its colours, checked so that everybody can read them, its name on the page, its logo."""

import re
from pathlib import Path

import msgspec

from parvis.jurisdictions.reading import Findings, Table
from parvis_sdk.text import Text

COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
PAGE = "#ffffff"
READABLE = 4.5  # WCAG 2.2, 1.4.3: text against its background
LOGOS = ("logo.svg", "logo.png")
MOST_OF_LOGO = 500_000  # bytes
VISIBLE = 3.0  # WCAG 2.2, 1.4.11: shapes against theirs


class Brand(msgspec.Struct, frozen=True, kw_only=True):
    logo_text: Text
    tagline: Text = Text(fr="")
    primary: str = "#123a5e"
    on_primary: str = "#ffffff"
    link: str = "#0b57a4"
    button: str = "#0b6b43"
    accent: str = "#b3541e"


def read_brand(table: Table, name: Text) -> Brand:
    logo_text = table.text("logo_text")
    brand = Brand(
        logo_text=logo_text if logo_text.fr else name,
        tagline=table.text("tagline"),
        **{
            colour: read_colour(table, colour, Brand)
            for colour in ("primary", "on_primary", "link", "button", "accent")
        },
    )
    check_contrast(table, "on_primary", brand.on_primary, brand.primary, READABLE, "on the primary colour")
    check_contrast(table, "link", brand.link, PAGE, READABLE, "on the white page")
    check_contrast(table, "button", brand.button, PAGE, READABLE, "under its white text")
    check_contrast(table, "accent", brand.accent, PAGE, VISIBLE, "on the white page")
    table.close()
    return brand


def read_colour(table: Table, name: str, defaults: type[Brand]) -> str:
    field = next(field for field in msgspec.structs.fields(defaults) if field.name == name)
    return table.matching(name, COLOUR, "a colour like #1a4f8b", str(field.default)).lower()


def check_contrast(table: Table, name: str, colour: str, against: str, needed: float, where: str) -> None:
    ratio = contrast(colour, against)
    if ratio < needed:
        table.wrong(
            name,
            f"{colour} {where} has a contrast of {ratio:.2f}, less than {needed}",
            f"choose {'a darker' if luminance(against) > 0.2 else 'a lighter'} colour so that everybody can read it",
        )


def contrast(one: str, other: str) -> float:
    """The WCAG contrast ratio of two colours, from 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


class Logo(msgspec.Struct, frozen=True, kw_only=True):
    """The town's mark on its sheets of paper; without a name it has none."""

    name: str = ""
    content: bytes = b""


def read_logo(findings: Findings, folder: Path) -> Logo:
    """`documents/logo.svg` or `.png`."""
    file = next((folder / name for name in LOGOS if (folder / name).is_file()), None)
    if file is None:
        return Logo()
    content = file.read_bytes()
    if len(content) > MOST_OF_LOGO:
        findings.add(file, "", f"is larger than {MOST_OF_LOGO // 1000} kB", "save a smaller one")
    return Logo(name=file.name, content=content)
