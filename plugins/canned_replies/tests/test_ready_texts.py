"""Ready texts of a town: read from its file, told of what cannot be filled in."""

import re
from pathlib import Path

import pytest

from parvis.jurisdictions import JurisdictionError
from parvis.jurisdictions.loading import load_jurisdictions
from parvis.jurisdictions.town_files import Offer
from parvis.module_settings import files_of, loose_ends_of, not_read
from parvis.modules import NO_MODULES
from parvis_canned_replies.ready_texts import READY_TEXTS
from parvis_testing.modules import only

GUIDE = (Path(__file__).parents[3] / "docs/towns.md").read_text(encoding="utf-8")
TEXTS = """
[delay]
title = { fr = "Délai plus long que prévu", en = "Longer than expected" }
text = { fr = "Bonjour {name},", en = "Hello {name}," }

[delivery]
title = { fr = "Bac livré", en = "Bin delivered" }
text = { fr = "Votre bac est livré.", en = "Your bin is delivered." }
types = ["bin"]
"""


@pytest.fixture
def texts(small_town):
    small_town.write("essai/ready_texts.toml", TEXTS)
    return READY_TEXTS.of(small_town.load())


def test_what_is_never_filled_in_is_a_mistake_that_names_what_is(small_town):
    small_town.write("essai/ready_texts.toml", TEXTS.replace("{name},", "{nom},"))
    with pytest.raises(JurisdictionError, match=r"\{nom\} is nothing that is filled in"):
        small_town.load()


def test_a_text_for_some_types_is_offered_for_no_others(texts):
    assert [[ready.code for ready in texts if ready.is_for(type)] for type in ("bin", "pothole")] == [
        ["delay", "delivery"],
        ["delay"],
    ]


def test_the_example_of_the_guide_is_read(small_town):
    (example,) = re.findall(r"## ready_texts.toml.*?```toml\n(.*?)```", GUIDE, re.DOTALL)
    small_town.write("essai/ready_texts.toml", example)
    assert [ready.types for ready in READY_TEXTS.of(small_town.load())] == [("pothole",)]


def test_a_text_for_a_type_that_nobody_brings_is_a_loose_end(small_town):
    small_town.write("essai/ready_texts.toml", TEXTS)
    modules = only("canned_replies")
    jurisdictions = load_jurisdictions(small_town.folder, files_of(modules))
    [end] = loose_ends_of(jurisdictions, modules, Offer())
    assert end.line().startswith("essai/ready_texts.toml · delivery · 'bin' is not an installed type")


def test_without_the_module_its_file_is_told_and_refuses_nothing(small_town):
    small_town.write("essai/ready_texts.toml", TEXTS.replace("{name},", "{nom},"))
    jurisdictions = load_jurisdictions(small_town.folder, files_of(NO_MODULES))
    assert [each.file for each in not_read(jurisdictions)] == ["essai/ready_texts.toml"]
