"""Which events a connector subscribes to, and what its mappings may name."""

from datetime import UTC, datetime

import pytest
from msgspec import structs

from parvis_sdk.connectors import Connector
from parvis_sdk.events import Amended, Submitted
from parvis_sdk.mapping import Described, Mapped, mistakes, row_for, unlike
from parvis_sdk.requests import Phase, ServiceRequest
from parvis_sdk.testing.desk import MORNING, TOWN
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
    assert list(mistakes([Mapped(to="orders", types=("sample",), **moves)], [SAMPLE], ())) == []
    moves = {word: ("closed",)}
    [mistake] = mistakes([Mapped(to="orders", types=("sample",), **moves)], [SAMPLE], ())
    assert (mistake.where, mistake.now_what) == (f"mapping to 'orders' · {word}", "did you mean 'close'?")


def test_what_stands_instead_while_a_request_goes_on_with_another_must_be_a_column_that_is_filled_otherwise():
    columns = {"REF": "reference", "ETAT": "state", "AVEC": "goes_on_with"}
    mapping = Mapped(to="orders", types=("sample",), columns=columns, merged={"ETAT": "doublon"})
    assert list(mistakes([mapping], [SAMPLE], ())) == []
    alone = ServiceRequest(
        reference="7K3M-9QXT-4",
        type="sample",
        type_title=Text(fr="Exemple"),
        jurisdiction=TOWN,
        language="fr",
        channel="portal",
        state="received",
        phase=Phase.RECEIVED,
        submitted_at=MORNING,
    )
    assert row_for(mapping, alone) == {"REF": alone.reference, "ETAT": "received", "AVEC": None}
    joined = structs.replace(alone, goes_on_with="9QXT-7K3M-2")
    assert row_for(mapping, joined) == {"REF": alone.reference, "ETAT": "doublon", "AVEC": "9QXT-7K3M-2"}
    [mistake] = mistakes([structs.replace(mapping, merged={"ETATS": "doublon"})], [SAMPLE], ())
    assert "none of its columns" in str(mistake)
    assert "did you mean 'ETAT'" in str(mistake)
    [mistake] = unlike(mapping, {"REF": Described(), "AVEC": Described(), "ETAT": Described(codes=("received",))})
    assert "'doublon'" in str(mistake)
