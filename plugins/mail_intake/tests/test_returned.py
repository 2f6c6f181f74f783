"""Mail that comes back: the address is marked, the person called, and the mark goes with the address."""

import pytest

from parvis.db.tables import Delivery
from parvis.identifiers import new_id
from parvis.requests.actors import Actor
from parvis.requests.amendments import change_contact
from parvis.requests.contacts import reached, way_to
from parvis.requests.history import broken_at, entries_of
from parvis.requests.keeping.retention import erase
from parvis.requests.payloads import request_for
from parvis.requests.timeline import story
from parvis.requests.visibility import HOLDER
from parvis_mail_intake.filing import take_in
from parvis_mail_intake.reading import read
from parvis_my_requests import archive
from parvis_sdk.contact_methods import CALL, LETTER, methods_here
from parvis_sdk.requests import Requester
from parvis_telephone.calls import calls_of

from .shapes import several, text_part
from .test_filing import asked, kinds

ANA = Actor(kind="agent", id="ana", name="Ana Tremblay")
STAFF = ("see", "work", "intake")


def report(to, *, receiver="zoe@exemple.ca", action="failed", status="5.1.1", said="550 5.1.1 User unknown", number=1):
    """What a mail server writes to whom a mail came from (RFC 3464)."""
    fields = f"Final-Recipient: rfc822; {receiver}\r\nAction: {action}\r\nStatus: {status}\r\n"
    told = f"{fields}Diagnostic-Code: smtp; {said}\r\n" if said else fields
    part = f"Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\n{told}".encode()
    signs = {"From": "MAILER-DAEMON@mx.example", "Return_Path": "<>", "Message_ID": f"<{number}@mx.example>"}
    return several("report; report-type=delivery-status", text_part("Failed"), part, to=to, **signs)


async def test_an_address_that_is_unknown_is_marked_and_a_call_is_owed_once(answered):
    reference, address = await asked(answered)
    fate = await take_in(answered.host, report(address))
    assert (fate.sort, fate.state, fate.reference) == ("bounce", "filed", reference)
    assert (await take_in(answered.host, report(address))).repeated
    await take_in(answered.host, report(address, number=2))
    record = await answered.record(reference)
    assert (await reached(record)).returned_why == "smtp; 550 5.1.1 User unknown"
    (call,) = await calls_of(answered.host, record, answered.agent(*STAFF))
    assert (call.way, len(call.owed)) == ("phone", 1)
    assert "zoe@exemple.ca" in call.owed[0].say
    assert await kinds(answered, reference) == ["submitted", "returned"]
    assert await broken_at(record) is None


def test_a_report_names_the_mail_of_ours_that_it_is_about():
    id = new_id()
    raw = report("requetes@ville.example") + f"\r\nMessage-ID: <{id}@ville.example>\r\n".encode()
    assert read(raw).about == (id,)


@pytest.mark.parametrize(
    ("given", "marks", "owes"),
    [
        ({"status": "5.1.1"}, True, 1),
        ({"status": "5.1.10", "said": ""}, True, 1),
        ({"status": "5.2.1"}, True, 1),
        ({"status": "", "said": "550 no such user"}, True, 1),
        ({"status": "5.0.0", "said": "550 5.1.1 <zoe@exemple.ca>"}, True, 1),
        ({"status": "5.2.2"}, False, 1),
        ({"status": "5.7.1"}, False, 1),
        ({"status": "5.3.4"}, False, 1),
        ({"status": "4.4.7"}, False, 1),
        ({"action": "delayed", "status": "4.4.1"}, False, 0),
        ({"receiver": "zoe@ailleurs.example"}, False, 1),
    ],
)
async def test_only_what_is_of_the_address_itself_marks_it(answered, given, marks, owes):
    reference, address = await asked(answered)
    await take_in(answered.host, report(address, **given))
    record = await answered.record(reference)
    assert ((await reached(record)).returned_at is not None) is marks
    assert len(await calls_of(answered.host, record, answered.agent(*STAFF))) == owes


@pytest.mark.parametrize(
    "to", ["requetes@ville.example", "requetes+{reference}.000000000000000000000000@ville.example"]
)
async def test_a_report_that_anybody_could_write_is_not_believed(answered, to):
    reference, _ = await asked(answered)
    fate = await take_in(answered.host, report(to.format(reference=reference.replace("-", "").lower())))
    assert (fate.sort, fate.state, fate.reference) == ("bounce", "aside", "")
    assert await kinds(answered, reference) == ["submitted"]


async def test_nothing_more_is_mailed_there_until_the_address_is_corrected(answered):
    reference, address = await asked(answered)
    await take_in(answered.host, report(address))
    record = await answered.record(reference)
    request = await request_for(answered.host, record, ("contact",))
    assert request.mail_returns
    assert way_to(request.requester, methods_here(()), mail_returns=True) == CALL
    same = Requester(mode="named", name="Zoé Roy", email="Zoe@exemple.ca", phone="514 555-0101")
    record = await change_contact(answered.host, reference, same, "fr", actor=ANA)
    assert (await reached(record)).returned_at is not None
    assert way_to(same, methods_here(()), mail_returns=True) == CALL
    alone = Requester(mode="named", name="Zoé Roy", email="zoe@exemple.ca")
    assert way_to(alone, methods_here(()), mail_returns=True) == LETTER
    other = Requester(mode="named", name="Zoé Roy", email="zoe.roy@exemple.ca")
    record = await change_contact(answered.host, reference, other, "fr", actor=ANA)
    assert (await reached(record)).returned_at is None
    assert (await take_in(answered.host, report(address, number=3))).state == "aside"


async def test_colleagues_read_why_the_requester_does_not_and_erasure_takes_it_away(answered):
    reference, address = await asked(answered)
    await take_in(answered.host, report(address))
    record = await answered.record(reference)
    line = (await story(answered.host, record, answered.agent(*STAFF), "fr"))[-1]
    assert "zoe@exemple.ca" in line.words
    assert "returned" not in [each.kind for each in await story(answered.host, record, HOLDER, "fr")]
    whole = await archive.gather(
        answered.host, answered.host.jurisdictions.jurisdiction("parvis"), "zoe@exemple.ca", "fr"
    )
    assert '"mail_returned_at": "2' in archive.as_data(whole).decode()
    record = await erase(answered.host, reference, actor=ANA)
    assert (await reached(record)).returned_at is None
    assert "User unknown" not in str(await entries_of(record))
    assert "zoe@exemple.ca" not in str(await Delivery.select())
