"""What leaves of a request: what the settings name, what was said to be needed, and nobody who did not give a name."""

from datetime import UTC, datetime

import pytest
from msgspec import structs

from parvis_crm_connector.contacts import contacts_for
from parvis_crm_connector.mapping import columns_to_blank, row_to_send, rules_for
from parvis_crm_connector.timeline import line_for
from parvis_sdk.events import Moved, Noted, Replied, Rescheduled
from parvis_sdk.fields import PERSONAL, ShortText
from parvis_sdk.mapping import Mapped
from parvis_sdk.requests import Phase, Place, Requester, ServiceRequest, Town
from parvis_sdk.text import Text

from .conftest import CASE, CONTACT, NOW, settings

WITNESS = Mapped(to="incidents", columns={"new_witness": "answers.witness", "title": "type_title"})
REQUEST = ServiceRequest(
    reference="2026-000123",
    type="sample",
    type_title=Text(fr="Trou"),
    jurisdiction=Town(code="parvis", name=Text(fr="Parvis")),
    language="fr",
    channel="portal",
    state="received",
    state_title=Text(fr="Reçue"),
    phase=Phase.RECEIVED,
    submitted_at=NOW,
    place=Place(address="12, rue Neuve"),
    answers={"witness": "Luc Roy"},
    requester=Requester(name="Zoé Côté", email="zoe@exemple.ca"),
    questions={"witness": ShortText(code="witness", label=Text(fr="Témoin"), privacy=PERSONAL)},
    words="Bonjour madame",
)


def in_mode(mode):
    return structs.replace(REQUEST, requester=Requester(mode=mode, name="Zoé Côté", email="zoe@exemple.ca"))


def test_a_named_person_goes_where_the_settings_say():
    assert row_to_send(CASE, REQUEST, ("contact",)) == {
        "title": "Trou",
        "description": "12, rue Neuve",
        "new_person": "zoe@exemple.ca",
    }
    assert contacts_for(settings(), REQUEST) == CONTACT


@pytest.mark.parametrize("mode", ["confidential", "anonymous"])
def test_nobody_else_does(mode):
    assert row_to_send(CASE, in_mode(mode), ("contact",))["new_person"] in ("", None)
    assert row_to_send(WITNESS, in_mode(mode), ("contact", "personal"))["new_witness"] is None
    assert contacts_for(settings(), in_mode(mode)) is None


def test_what_no_need_was_stated_for_is_not_even_emptied():
    assert "new_person" not in row_to_send(CASE, REQUEST, ())
    assert "new_witness" not in row_to_send(WITNESS, REQUEST, ("contact",))
    assert row_to_send(WITNESS, REQUEST, ("personal",))["new_witness"] == "Luc Roy"
    assert contacts_for(settings(needs=()), REQUEST) is None


def test_somebody_who_can_be_told_from_nobody_is_no_contact():
    assert (
        contacts_for(settings(), structs.replace(REQUEST, requester=Requester(name="Zoé", phone="+14505550101")))
        is None
    )


def test_an_erasure_empties_what_came_from_the_request_and_not_how_it_stands():
    assert columns_to_blank(CASE) == ("description", "new_person")


def test_rules_where_the_settings_say_none():
    rule = rules_for(settings(), CASE)
    assert [rule(name) for name in ("statuscode", "statecode", "title")] == ["newest", "newest", "ours"]
    assert rules_for(settings(), CONTACT)("lastname") == "theirs"
    said = rules_for(settings(conflicts={"incidents": {"statuscode": "theirs"}}), CASE)
    assert said("statecode") == "theirs"


def about(kind, **more):
    return kind(id="e-1", reference=REQUEST.reference, at=NOW, actor="agent", **more)


def test_words_go_along_only_where_the_settings_say_so():
    replied = about(Replied, entry=4)
    assert line_for(settings(), replied, REQUEST) == "La Ville a écrit à la personne."
    assert line_for(settings(words=True), replied, REQUEST) == "La Ville a écrit à la personne.\nBonjour madame"
    given = {"reason": "Fait", "proof": ["f-1"]}
    moved = about(Moved, type="sample", transition="x", source="a", target="received", given=given)
    assert line_for(settings(language="en"), moved, REQUEST) == "Step: Reçue"
    assert line_for(settings(words=True), moved, REQUEST) == "Étape\u00a0: Reçue\nFait"


def test_the_new_date_is_the_towns_and_not_that_of_greenwich():
    """What was promised for the evening of Monday stood as Tuesday in the system where agents look it up."""
    moved = about(Rescheduled, entry=4)
    evening = structs.replace(REQUEST, promised_at=datetime(2026, 9, 22, 1, 30, tzinfo=UTC))
    assert line_for(settings(timeline=("rescheduled",)), moved, evening).endswith(" 2026-09-21.")
    assert line_for(settings(timeline=("rescheduled",)), moved, REQUEST).endswith(" —.")


def test_an_internal_note_never_leaves():
    assert line_for(settings(words=True), about(Noted), REQUEST) is None
    assert line_for(settings(timeline=()), about(Replied, entry=4), REQUEST) is None
