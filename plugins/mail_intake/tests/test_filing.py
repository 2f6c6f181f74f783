"""An answer to a mail of ours stands on its request, once; without its mark, no mail does."""

import re
from datetime import timedelta

import msgspec
import pytest

from parvis import clock
from parvis.db import transaction
from parvis.db.tables import Attachment, Delivery
from parvis.notify.smtp import as_mime
from parvis.outbox import claim
from parvis.requests.actors import Actor
from parvis.requests.amendments import change_contact
from parvis.requests.applied_outcomes import settle
from parvis.requests.attached.attachments import kept_of
from parvis.requests.history import broken_at, entries_of
from parvis.requests.keeping.retention import erase, forget_files_waiting
from parvis.requests.lifecycle import make_move
from parvis.requests.timeline import story
from parvis.requests.visibility import Viewer
from parvis_mail_intake.filing import take_in
from parvis_mail_intake.tables import IncomingMail
from parvis_sdk.channels import OutgoingMessage
from parvis_sdk.requests import Requester
from parvis_sdk.subscriptions import Outcome

from .conftest import ADDRESS

from .shapes import OURS, PNG, WORDS, part, plain, several, text_part  # isort: skip

ANA = Actor(kind="agent", id="ana", name="Ana Tremblay")
PLAIN = {"to": ADDRESS}


async def told(town, reference, to="zoe@exemple.ca"):
    """The mail that this person gets of the request."""
    (claimed,) = await claim(town.host.engine, "worker", {"town.tell": 9}, most=9, lease=timedelta(seconds=60))
    message = OutgoingMessage(
        to=to, subject="Reçue", text=OURS, reply_to="info@ville.example", thread=reference, language="fr"
    )
    await settle(town.host, claimed, Outcome(messages=(message,)))
    (row,) = await Delivery.select().where(Delivery.subscriber == "channel:email")
    return msgspec.convert(msgspec.json.decode(row["event"])["message"], OutgoingMessage)


async def asked(town):
    """A request, and the address to which its person answers."""
    reference = (await town.submit()).reference
    return reference, (await told(town, reference)).reply_to


async def kinds(town, reference):
    return [entry.kind for entry in await entries_of(await town.record(reference))]


async def test_an_answer_stands_on_its_request_with_the_rest_folded_away(answered):
    reference, address = await asked(answered)
    raw = plain(f"{WORDS}\n\nLe 25 nov. 2026 à 10:12, Ville <a@b.example> a écrit :\n> {OURS}", to=address)
    fate = await take_in(answered.host, raw)
    assert (fate.sort, fate.state, fate.reference) == ("reply", "filed", reference)
    record = await answered.record(reference)
    line = (await story(answered.host, record, answered.agent("see", "work", "report"), "fr"))[-1]
    assert (line.kind, line.words, line.by_requester) == ("received", WORDS, True)
    assert OURS in line.folded
    assert await broken_at(record) is None


async def test_the_public_reads_neither_the_words_nor_what_is_folded(answered):
    reference, address = await asked(answered)
    await take_in(answered.host, plain(f"{WORDS}\n-- \nZoé", to=address))
    lines = await story(answered.host, await answered.record(reference), Viewer(kind="public"), "fr")
    assert [line for line in lines if line.words or line.folded] == []


async def test_the_same_mail_again_changes_nothing(answered):
    reference, address = await asked(answered)
    first = await take_in(answered.host, plain(to=address))
    again = await take_in(answered.host, b"X-Copy: 2\r\n" + plain(to=address))
    assert (first.repeated, again.repeated, again.reference) == (False, True, reference)
    assert await kinds(answered, reference) == ["submitted", "received"]


async def test_a_device_that_names_all_its_mail_alike_loses_none(answered):
    reference, address = await asked(answered)
    for minute in (1, 2):
        await take_in(answered.host, plain(to=address, Date=f"Wed, 25 Nov 2026 10:0{minute}:00 -0500"))
    assert await kinds(answered, reference) == ["submitted", "received", "received"]


@pytest.mark.parametrize("spoil", ["invented", "other", "none", "thread"])
async def test_without_its_own_mark_a_mail_is_put_on_no_request(answered, spoil):
    reference, address = await asked(answered)
    other = (await answered.submit(answers={"danger": True})).reference.replace("-", "").lower()
    mark = re.search(r"\.([0-9a-f]{24})@", address)[1]
    thread = f"<request-{reference}@ville.example>"
    to, given = {
        "invented": (address.replace(mark, "0" * 24), {}),
        "other": (re.sub(r"\+[^.]+\.", f"+{other}.", address), {}),
        "none": (ADDRESS, {"From": "zoe@exemple.ca", "Subject": f"Re: {reference}"}),
        "thread": (ADDRESS, {"From": "zoe@exemple.ca", "In_Reply_To": thread, "References": thread}),
    }[spoil]
    fate = await take_in(answered.host, plain(to=to, **given))
    assert (fate.sort, fate.state, fate.reference) == ("new", "open", "")
    assert await kinds(answered, reference) == ["submitted"]
    row = await IncomingMail.select().first()
    assert (row["words"], row["state"]) == (WORDS, "open")


async def test_a_mark_given_to_an_address_is_void_once_the_request_has_another(answered):
    reference, address = await asked(answered)
    await change_contact(answered.host, reference, Requester(mode="named", email="neuf@exemple.ca"), "fr", actor=ANA)
    assert (await take_in(answered.host, plain(to=address))).state == "open"
    assert "received" not in await kinds(answered, reference)


async def test_only_the_person_of_the_request_gets_an_address_to_answer_to(answered):
    reference = (await answered.submit()).reference
    message = await told(answered, reference, to="voisin@exemple.ca")
    assert message.reply_to == "info@ville.example"


async def test_the_address_of_an_answer_wins_over_the_one_of_the_settings(answered):
    reference = (await answered.submit()).reference
    message = await told(answered, reference)
    assert str(as_mime(message, sender="a@ville.example", reply_to="b@ville.example")["Reply-To"]) == message.reply_to
    assert re.fullmatch(r"requetes\+[0-9a-z]{9}\.[0-9a-f]{24}@ville\.example", message.reply_to)
    assert len(message.reply_to.partition("@")[0]) <= 64


async def test_without_fetching_mail_answers_go_where_they_went(town):
    reference = (await town.submit()).reference
    assert (await told(town, reference)).reply_to == "info@ville.example"


async def test_an_answer_takes_the_step_of_answering(answered):
    reference, address = await asked(answered)
    await make_move(answered.host, reference, "start", {}, actor=ANA, mover="agent")
    await make_move(answered.host, reference, "ask", {"reason": "Où ?"}, actor=ANA, mover="agent")
    await take_in(answered.host, plain(to=address))
    assert (await answered.record(reference)).state == "working"


async def test_files_are_examined_kept_once_and_what_is_refused_is_named(answered):
    reference, address = await asked(answered)
    photo = part("image/png", PNG, name="image.png")
    program = part("application/octet-stream", b"MZ\x90\0" * 100, name="cadeau.exe")
    raw = several("mixed", text_part(), photo, photo, program, to=address)
    await take_in(answered.host, raw)
    await take_in(answered.host, raw)
    record = await answered.record(reference)
    assert [each.attachment.name for each in await kept_of(record)] == ["image.png", "image.png"]
    line = (await story(answered.host, record, answered.agent(), "fr"))[-1]
    assert WORDS in line.words
    assert "cadeau.exe" in line.words


async def test_files_of_what_waits_to_be_sorted_wait_as_long_as_it_does(answered):
    await take_in(answered.host, several("mixed", text_part(), part("image/png", PNG, name="a.png"), to=ADDRESS))
    await forget_files_waiting(answered.host, clock.now() + timedelta(days=400))
    assert len(await Attachment.select()) == 1


async def test_files_of_mail_are_left_alone_while_the_module_is_away_and_go_when_the_mail_does(answered, town):
    await take_in(answered.host, several("mixed", text_part(), part("image/png", PNG, name="a.png"), to=ADDRESS))
    await forget_files_waiting(town.host, clock.now() + timedelta(days=400))
    assert len(await Attachment.select()) == 1
    async with transaction(town.host.engine):
        await IncomingMail.update({IncomingMail.state: "dropped"}).where(IncomingMail.state == "open")
    await forget_files_waiting(answered.host, clock.now() + timedelta(days=400))
    assert await Attachment.select() == []


async def test_who_writes_too_much_within_the_hour_is_put_among_what_is_sorted(answered):
    _, address = await asked(answered)
    fates = [await take_in(answered.host, plain(to=address, Message_ID=f"<{n}@x>")) for n in range(32)]
    assert [fate.state for fate in fates].count("filed") == 30
    assert fates[-1].state == "open"
    assert "too much" in fates[-1].why


async def test_an_answer_to_what_was_destroyed_stands_nowhere(answered):
    reference, address = await asked(answered)
    await erase(answered.host, reference, actor=ANA)
    assert (await take_in(answered.host, plain(to=address))).state == "open"


@pytest.mark.parametrize("given", [{"Auto_Submitted": "auto-replied"}, {"From": ADDRESS}, {"Return_Path": "<>"}])
async def test_machines_bother_nobody_and_change_nothing(answered, given):
    reference, address = await asked(answered)
    fate = await take_in(answered.host, plain(to=address, **given))
    assert fate.state == "aside"
    assert await kinds(answered, reference) == ["submitted"]
    assert (await IncomingMail.select().first())["words"] == ""


async def test_an_answer_among_junk_is_an_answer_all_the_same(answered):
    reference, address = await asked(answered)
    assert (await take_in(answered.host, plain(to=address), from_junk=True)).reference == reference
    assert (await take_in(answered.host, plain(to=ADDRESS, Message_ID="<2@x>"), from_junk=True)).state == "aside"


async def test_erasing_a_request_destroys_what_was_answered(answered):
    reference, address = await asked(answered)
    await take_in(answered.host, plain(f"{WORDS}\n-- \nZoé", to=address))
    await erase(answered.host, reference, actor=ANA)
    row = await IncomingMail.select().first()
    assert (row["sender"], row["subject"], row["words"], row["folded"]) == ("", "", "", "")
    assert all(entry.personal is None for entry in await entries_of(await answered.record(reference)))
