"""A town's own style sheet: its colours by day and by night, kept readable whatever they are."""

import re

from parvis.jurisdictions.brand import Brand, contrast

INK = "#14181d"
WHITE = "#ffffff"
NIGHT = "#1b2026"
NAME = re.compile(r"[0-9a-f]{6}(?:-[0-9a-f]{6}){4}")
READABLE = 4.5
COMFORTABLE = 6.5

SHEET = """\
:root{{--brand:{primary};--brand-ink:{on_primary};--brand-text:{link};--brand-strong:{strong};--brand-tint:{tint};\
--button:{button};--button-ink:{button_ink};--accent:{accent};--accent-ink:{accent_ink}}}
@media screen and (prefers-color-scheme:dark){{:root{{--brand-text:{night_link};--brand-strong:{night_strong};\
--brand-tint:{night_tint}}}}}
"""


def sheet_name(brand: Brand) -> str:
    """The colours themselves, so that the address of the sheet changes when they do and it may be kept for ever."""
    colours = (brand.primary, brand.on_primary, brand.link, brand.button, brand.accent)
    return "-".join(colour.lstrip("#").lower() for colour in colours)


def brand_sheet(name: str) -> str | None:
    """The style sheet of a name made by `sheet_name`, or None for anything else."""
    if not NAME.fullmatch(name):
        return None
    primary, on_primary, link, button, accent = (f"#{colour}" for colour in name.split("-"))
    night_link = readable_on(NIGHT, link, COMFORTABLE)
    return SHEET.format(
        primary=primary,
        on_primary=on_primary,
        link=link,
        strong=mixed(link, "#000000", 0.35),
        tint=mixed(primary, WHITE, 0.9),
        button=button,
        button_ink=ink_on(button),
        accent=accent,
        accent_ink=ink_on(accent),
        night_link=night_link,
        night_strong=mixed(night_link, WHITE, 0.45),
        night_tint=mixed(primary, NIGHT, 0.7),
    )


def ink_on(ground: str) -> str:
    """White where it can be read, else the dark ink."""
    return WHITE if contrast(WHITE, ground) >= READABLE else INK


def readable_on(ground: str, colour: str, needed: float) -> str:
    """The colour, lightened step by step until it reads on a dark ground."""
    for step in range(20):
        lighter = mixed(colour, WHITE, step / 20)
        if contrast(lighter, ground) >= needed:
            return lighter
    return WHITE


def mixed(colour: str, other: str, share: float) -> str:
    """The colour with this share of the other in it."""
    pairs = zip(channels(colour), channels(other), strict=True)
    return "#" + "".join(f"{round(one + (two - one) * share):02x}" for one, two in pairs)


def channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
