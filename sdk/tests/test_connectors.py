"""Which events a connector hears, and what its mappings may name."""

from datetime import UTC, datetime

import pytest

from parvis_sdk.connectors import Connector
from parvis_sdk.events import Amended, Submitted
from parvis_sdk.mapping import Mapped, slips
from parvis_sdk.testing.samples import SAMPLE
from parvis_sdk.text import Text

ABOUT = {"id": "1", "reference": "7K3M-9QXT-4", "at": datetime(2026, 6, 15, tzinfo=UTC), "actor": "agent"}


async def deliver(event, request, connection):
    return None


def connector(*events, **given):
    title = Text(fr="Bons de travail", en="Work orders")
    return Connector(name="orders", title=title, address="https://a.example", deliver=deliver, events=events, **given)


def test_who_hears_of_corrections_hears_that_a_request_became_one_of_another_type():
    holes = connector(Submitted, Amended, types=("hole",), towns=("parvis",))
    retyped, corrected = Amended(**ABOUT, changed=("type",)), Amended(**ABOUT, changed=("answers",))
    assert holes.wants(retyped, "tree", "parvis")
    assert not holes.wants(retyped, "tree", "rivemont")
    assert not holes.wants(corrected, "tree", "parvis")
    assert holes.wants(corrected, "hole", "parvis")
    assert not connector(Submitted, types=("hole",)).wants(retyped, "tree")


@pytest.mark.parametrize("word", ["after", "again"])
def test_a_mapping_names_transitions_that_there_are(word):
    moves = {word: ("close",)}
    assert list(slips([Mapped(to="orders", types=("sample",), **moves)], [SAMPLE], ())) == []
    moves = {word: ("closed",)}
    [slip] = slips([Mapped(to="orders", types=("sample",), **moves)], [SAMPLE], ())
    assert (slip.where, slip.now_what) == (f"mapping to 'orders' · {word}", "did you mean 'close'?")
