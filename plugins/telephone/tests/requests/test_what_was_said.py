"""What was said in calls is read by those who may see who asked, and by no other person or machine of the town."""

import pytest

from parvis.access_scope import Reach
from parvis.db.tables import OwedContact
from parvis.requests.actors import Actor
from parvis.requests.timeline import story
from parvis.requests.visibility import OF_PERSONS, Viewer
from parvis_telephone.announced_calls import announce_call, announced, note_call
from parvis_telephone.calls import call_back, mark
from parvis_telephone.titles import WORDS

ANA = Actor(kind="agent", id="ana", name="Ana Tremblay")
HAROLD = {"mode": "named", "name": "Harold Pike", "phone": "514 555-0163"}
OF_NOBODY = {"call_escalated"}  # names colleagues, without a word of the person


@pytest.mark.parametrize("kind", ["agent", "token"])
async def test_words_of_calls_and_their_recording_are_hidden_with_who_asked(town, kind):
    reference = (await town.submit(requester=HAROLD)).reference
    here = town.host.jurisdictions.jurisdiction("parvis")
    told = {"agent": "ana", "number": "+15145550163", "call": "pbx-1", "recording": "rec/secret.wav"}
    call = await announced(here, "ana", str(await announce_call(town.host, here, **told)))
    await note_call(town.host, reference, "secret note", call, actor=ANA)
    await call_back(town.host, reference, "secret wish", actor=ANA)
    ids = [row["id"] for row in await OwedContact.select()]
    await mark(town.host, reference, ids, "again", "secret try", actor=ANA)
    await mark(town.host, reference, ids, "told", "secret talk", actor=ANA)
    record = await town.record(reference)

    async def read(*rights):
        reach = Reach(permissions=frozenset({"see", *rights}), jurisdiction="parvis")
        return str(await story(town.host, record, Viewer(kind=kind, id="x", reaches=(reach,)), "en"))

    assert "secret" not in await read()
    for words in ("secret note", "rec/secret.wav", "secret wish", "secret try", "secret talk"):
        assert words in await read("contacts")


def test_every_entry_of_calls_is_of_persons_unless_it_says_nothing_of_any():
    assert set(WORDS.titles) - set(OF_PERSONS) == OF_NOBODY
