"""Ready texts of a town: read from its file, told of what cannot be filled in."""

import pytest

from parvis.territory import TerritoryError

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
    return small_town.load().ready_texts


def test_what_is_never_filled_in_is_a_mistake_that_names_what_is(small_town):
    small_town.write("essai/ready_texts.toml", TEXTS.replace("{name},", "{nom},"))
    with pytest.raises(TerritoryError, match=r"\{nom\} is nothing that is filled in"):
        small_town.load()


def test_a_text_for_some_types_is_offered_for_no_others(texts):
    assert [[ready.code for ready in texts if ready.is_for(type)] for type in ("bin", "pothole")] == [
        ["delay", "delivery"],
        ["delay"],
    ]
