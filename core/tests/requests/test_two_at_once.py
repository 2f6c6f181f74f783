"""Any two changes of one request at the same moment, from the same page: none is lost, and none is written unseen."""

import asyncio
from datetime import timedelta
from itertools import product
from uuid import UUID

import pytest

from parvis.requests.actors import Actor
from parvis.requests.amendments import amend, assign, change_contact
from parvis.requests.changing import Conflict
from parvis.requests.contacts import contact_of
from parvis.requests.differing import before
from parvis.requests.history import broken_at, entries_of
from parvis.requests.lifecycle import make_move
from parvis.requests.promises.promising import reschedule
from parvis.requests.records import Record
from parvis.requests.work.conversation import note, reply
from parvis_sdk.requests import Place, Requester

pytestmark = pytest.mark.both_engines

PEOPLE = {name: Actor(kind="agent", id=name, name=name.title()) for name in ("ana", "luc")}
SOMEBODY = {name: UUID(int=number) for number, name in enumerate(PEOPLE, 1)}
UNITS = {"ana": "parks", "luc": "roads"}


def _changes(town, record, who):
    """Each kind of change by one person, made on the request as they see it, and what of it stays to be found."""
    host, given = town.host, {"actor": PEOPLE[who], "expected": record.version}
    reference, mine = record.reference, len(who) + ord(who[0])
    person = Requester(name=who, email=f"{who}@exemple.ca")
    return {
        "unit": lambda: assign(host, reference, unit=UNITS[who], **given),
        "person": lambda: assign(host, reference, assignee=SOMEBODY[who], **given),
        "answers": lambda: amend(host, reference, answers=record.answers | {"words": who}, **given),
        "place": lambda: amend(host, reference, place=Place(lon=-73.58, lat=45.52, words=who), **given),
        "contact": lambda: change_contact(host, reference, person, "fr", **given),
        "step": lambda: make_move(host, reference, "start", {}, mover="agent", **given),
        "promise": lambda: reschedule(host, reference, record.promised_at + timedelta(days=mine), who, **given),
        "note": lambda: note(host, reference, who, **given),
        "reply": lambda: reply(host, reference, who, **given),
    }


KINDS = ("unit", "person", "answers", "place", "contact", "step", "promise", "note", "reply")


@pytest.mark.parametrize(("first", "second"), list(product(KINDS, KINDS)))
async def test_of_two_changes_from_the_same_page_each_is_kept_whole_or_told_of_the_other(town, first, second):
    seen = await town.record((await town.submit()).reference)
    answers = await asyncio.gather(_changes(town, seen, "ana")[first](), _changes(town, seen, "luc")[second]())
    record = await town.record(seen.reference)
    entries = (await entries_of(record))[1:]
    accepted = [answer for answer in answers if isinstance(answer, Record)]
    refused = [answer for answer in answers if isinstance(answer, Conflict)]
    assert len(accepted) + len(refused) == 2
    assert len(entries) == len(accepted) == record.version - seen.version
    assert {entry.actor.id for entry in entries} <= PEOPLE.keys()
    assert await broken_at(record) is None
    assert len(accepted) == 1 or "contact" in (first, second)
    for told in refused:
        assert [entry.number for entry in told.entries] == [entries[0].number]
    last = max(accepted, key=lambda one: one.version)
    assert (record.unit, record.assignee, record.answers) == (last.unit, last.assignee, last.answers)
    assert (record.place, record.promised_at, record.state) == (last.place, last.promised_at, last.state)


@pytest.mark.parametrize(("kind", "name"), [("unit", "unit"), ("person", "assignee"), ("answers", "answers")])
async def test_what_was_there_before_is_found_in_what_somebody_else_did(town, kind, name):
    seen = await town.record((await town.submit()).reference)
    await _changes(town, seen, "ana")[kind]()
    conflict = await _changes(town, seen, "luc")[kind]()
    assert isinstance(conflict, Conflict)
    was = before(conflict.entries, name, "never")
    assert was == (str(seen.assignee or "") if name == "assignee" else getattr(seen, name))


async def test_details_of_a_person_before_those_of_somebody_else_are_found_and_go_with_the_rest(town):
    seen = await town.record((await town.submit()).reference)
    await _changes(town, seen, "ana")["contact"]()
    conflict = await _changes(town, seen, "luc")["contact"]()
    assert before(conflict.entries, "contact", None)["email"] == "zoe@exemple.ca"
    assert (await contact_of(seen)).email == "ana@exemple.ca"
