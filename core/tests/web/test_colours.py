"""A town's colours stay readable, by day and by night, whatever they are."""

import re

import pytest

from parvis.jurisdictions.brand import Brand, contrast
from parvis.web.colours import NIGHT, brand_sheet, ink_on, mixed, sheet_name

COLOURS = ["#000000", "#123a5e", "#0b6b43", "#7a2352", "#b3541e", "#1a4f8b", "#222222", "#5b2140"]


@pytest.mark.parametrize("colour", COLOURS)
def test_links_read_on_the_page_of_the_night(colour):
    sheet = brand_sheet(sheet_name(Brand(logo_text="", link=colour, primary=colour, button=colour)))
    day, night = sheet.split("@media")
    link = re.search(r"--brand-text:(#\w+)", night)[1]
    assert contrast(link, NIGHT) >= 4.5
    assert f"--brand-text:{colour}" in day


@pytest.mark.parametrize("colour", [*COLOURS, "#ffffff", "#ffc53d", "#e3a23c", "#9ad0f5"])
def test_words_on_a_button_read(colour):
    assert contrast(ink_on(colour), colour) >= 4.5


def test_mixing_keeps_the_ends():
    assert mixed("#102030", "#ffffff", 0) == "#102030"
    assert mixed("#102030", "#ffffff", 1) == "#ffffff"
    assert mixed("#000000", "#ffffff", 0.5) == "#808080"
