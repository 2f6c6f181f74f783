"""Text messages that belong to no request: read, attached, made a request, set aside."""

import re
from uuid import uuid4

from parvis.db.tables import ServiceRequest
from parvis.requests.contacts import contact_of
from parvis.requests.history import entries_of
from parvis_testing.desk import said
from parvis_testing.sheet import fields, press
from parvis_text_messages.filing import take_in
from parvis_text_messages.providers import ReceivedText
from parvis_text_messages.settings import Settings
from parvis_text_messages.tables import IncomingText

from .conftest import SETTINGS

NUMBER, WORDS = "+14505550188", "Il y a un nid-de-poule"


async def came(desk, words=WORDS, sender=NUMBER):
    """A message to sort, and its page."""
    desk.host.memory[Settings] = SETTINGS
    text = ReceivedText(id=str(uuid4()), sender=sender, words=words)
    await take_in(desk.host, desk.host.jurisdictions.jurisdiction("parvis"), text)
    row = await IncomingText.select().order_by(IncomingText.id, ascending=False).first()
    return f"/bureau/textos/{row['id']}"


async def test_a_message_is_listed_read_and_in_the_menu(desk):
    page = await came(desk)
    clerk = await desk.signed_in("agent")
    text = (await clerk.get("/bureau/textos")).text
    assert WORDS in text
    assert 'href="/bureau/textos"' in text
    text = (await clerk.get(page)).text
    assert "450\u00a0555-0188" in text
    assert said("No open request is linked to this number.") in clerk.text


async def test_a_message_is_put_on_a_request_for_colleagues_alone(desk):
    page, reference = await came(desk), (await desk.request(unit="parks")).reference
    clerk = await desk.signed_in("agent")
    await clerk.get(page)
    assert (await clerk.post(f"{page}/rattachement", reference="7K3M-9QXT-4")).status_code == 422
    await clerk.post(f"{page}/rattachement", reference=reference)
    assert said("The message has been attached to the request.") in clerk.text
    entry = (await entries_of(await desk.record(reference)))[-1]
    assert (entry.kind, entry.audience, entry.personal["words"]) == ("note", "internal", WORDS)
    row = await IncomingText.select().first()
    assert (row["state"], row["reference"], row["words"], row["sender"]) == ("filed", reference, "", "")


async def test_one_of_several_requests_is_chosen_by_a_button(desk):
    person = {"mode": "named", "name": "Zoé", "phone": NUMBER}
    first, second = [(await desk.request(unit="parks", requester=person)).reference for _ in range(2)]
    page = await came(desk)
    clerk = await desk.signed_in("agent")
    await clerk.get(page)
    assert f"Rattacher à {first}" in clerk.text
    await clerk.post(f"{page}/rattachement", reference=second)
    entry = (await entries_of(await desk.record(second)))[-1]
    assert (entry.kind, entry.audience) == ("received", "requester")


async def test_a_message_is_set_aside_with_a_reason(desk):
    page = await came(desk)
    clerk = await desk.signed_in("agent")
    await clerk.get(page)
    assert (await clerk.post(f"{page}/retrait", reason="")).status_code == 422
    await clerk.post(f"{page}/retrait", reason="Publicité")
    row = await IncomingText.select().first()
    assert (row["state"], row["said"], row["words"]) == ("dropped", "Publicité", "")


async def test_a_message_becomes_a_request_by_its_suggested_type_and_one_press_more(desk):
    page = await came(desk, "Un gros trou au 4563 rue saint urbain, merci")
    clerk = await desk.signed_in("agent")
    await clerk.get(page)
    first = re.search(r'class="pick" href="([^"]*)"[^>]* autofocus>', clerk.page.text)[1].replace("&amp;", "&")
    assert first == f"/bureau/nouvelle?texto={page.rpartition('/')[2]}&type=hole"
    answer = await clerk.get(first)
    assert re.search(r'id="questions" tabindex="-1" autofocus', answer.text)  # one question is not answered yet
    sent = fields(answer)
    assert (sent["channel"], sent["requester.preferred_channel"]) == ("sms", "sms")
    assert "Saint-Urbain" in sent["place.address"]
    await press(clerk, answers__danger="no", _send="1")
    (row,) = await ServiceRequest.select()
    assert (row["type"], row["channel"]) == ("hole", "sms")
    assert (await contact_of(await desk.record(row["reference"]))).phone == NUMBER
    (text,) = await IncomingText.select()
    assert (text["state"], text["reference"]) == ("filed", row["reference"])
