"""Mail that belongs to no request: read, made a request, attached to one, set aside."""

import asyncio

from parvis.db import transaction
from parvis.db.tables import Attachment, ServiceRequest
from parvis.requests.attached.attachments import kept_of
from parvis.requests.history import entries_of
from parvis.requests.keeping.retention import erase
from parvis_mail_intake.filing import take_in
from parvis_mail_intake.tables import IncomingMail
from parvis_testing.desk import ANA, said
from parvis_testing.modules import switch
from parvis_testing.sheet import RACHEL, fields, press

from .shapes import PNG, WORDS, part, plain, several, text_part

TOWN = "requetes@ville.example"


async def came(desk, raw=None, **given):
    """A mail to sort, and its page."""
    await take_in(desk.host, raw or plain(to=TOWN, **given))
    row = await IncomingMail.select().order_by(IncomingMail.id, ascending=False).first()
    return f"/bureau/courriels/{row['id']}"


async def entry_of(desk, reference):
    return (await entries_of(await desk.record(reference)))[-1]


async def test_a_mail_is_listed_and_read(desk):
    page = await came(desk, plain(f"{WORDS}\n-- \nZoé 450 555-0199", to=TOWN))
    clerk = await desk.signed_in("agent")
    assert "Nid-de-poule" in (await clerk.get("/bureau/courriels")).text
    text = (await clerk.get(page)).text
    assert WORDS in text
    assert "zoe@exemple.example" in text
    assert "450 555-0199" in text


async def test_a_mail_is_put_on_a_request_with_its_files_for_colleagues_alone(desk):
    raw = several("mixed", text_part(), part("image/png", PNG, name="a.png"), to=TOWN)
    page, reference = await came(desk, raw), (await desk.request(unit="parks")).reference
    clerk = await desk.signed_in("agent")
    await clerk.get(page)
    answer = await clerk.post(f"{page}/rattachement", reference=reference)
    assert said("The message has been attached to the request.") in clerk.text
    entry = await entry_of(desk, reference)
    assert (entry.kind, entry.audience, entry.actor.kind) == ("note", "internal", "agent")
    assert [kept.audience for kept in await kept_of(await desk.record(reference))] == ["internal"]
    assert answer.status_code == 200
    row = await IncomingMail.select().first()
    assert (row["state"], row["reference"], row["words"], row["sender"]) == ("filed", reference, "", "")


async def test_what_the_person_of_the_request_wrote_they_may_read_again(desk):
    page, reference = await came(desk, From="zoe@exemple.ca"), (await desk.request(unit="parks")).reference
    clerk = await desk.signed_in("agent")
    await clerk.get(page)
    await clerk.post(f"{page}/rattachement", reference=reference)
    entry = await entry_of(desk, reference)
    assert (entry.kind, entry.audience, entry.actor.kind) == ("received", "requester", "agent")


async def test_it_is_put_nowhere_twice(desk):
    page = await came(desk)
    first, second = [(await desk.request(unit="parks")).reference for _ in range(2)]
    clerk = await desk.signed_in("agent")
    await clerk.get(page)
    await clerk.post(f"{page}/rattachement", reference=first)
    await clerk.get("/bureau/courriels")
    await clerk.post(f"{page}/rattachement", reference=second)
    assert said("Too late: somebody else has sorted it.") in clerk.text
    assert (await entry_of(desk, second)).kind == "assigned"


async def test_a_reference_that_is_none_keeps_what_was_typed(desk):
    page = await came(desk)
    clerk = await desk.signed_in("agent")
    await clerk.get(page)
    answer = await clerk.post(f"{page}/rattachement", reference="7K3M-9QXT-4")
    assert answer.status_code == 422
    assert 'value="7K3M-9QXT-4"' in answer.text


async def test_a_destroyed_request_gets_no_mail_and_the_page_says_why(desk):
    page, record = await came(desk), await desk.request(unit="parks")
    await erase(desk.host, record.reference, actor=ANA)
    clerk = await desk.signed_in("agent")
    await clerk.get(page)
    answer = await clerk.post(f"{page}/rattachement", reference=record.reference)
    assert answer.status_code == 422
    assert said("This request was destroyed.") in answer.text


async def test_a_request_that_the_agent_does_not_see_gets_no_mail(desk):
    page, reference = await came(desk), (await desk.request(unit="parks")).reference
    elsewhere = await desk.signed_in("agent", "lighting")
    await elsewhere.get(page)
    assert (await elsewhere.post(f"{page}/rattachement", reference=reference)).status_code == 422
    assert (await entry_of(desk, reference)).kind == "assigned"


async def test_where_a_mail_went_is_told_to_those_who_see_that_request(desk):
    page, reference = await came(desk), (await desk.request(unit="parks")).reference
    there, elsewhere = await desk.signed_in("agent", "parks"), await desk.signed_in("agent", "lighting")
    await there.get(page)
    await there.post(f"{page}/rattachement", reference=reference)
    for clerk, is_told in ((there, True), (elsewhere, False)):
        for address in (page, "/bureau/courriels?liste=traites"):
            assert (reference in (await clerk.get(address)).text) is is_told, address


async def test_a_mail_is_let_go_with_a_reason_and_its_files_are_destroyed(desk):
    page = await came(desk, several("mixed", text_part(), part("image/png", PNG, name="a.png"), to=TOWN))
    clerk = await desk.signed_in("agent")
    await clerk.get(page)
    assert (await clerk.post(f"{page}/retrait", reason="")).status_code == 422
    await clerk.post(f"{page}/retrait", reason="Publicité")
    row = await IncomingMail.select().first()
    assert (row["state"], row["said"], row["words"]) == ("dropped", "Publicité", "")
    assert await Attachment.count() == 0


async def test_a_mail_is_made_a_request_and_goes_with_it(desk):
    page = await came(desk, plain("Il y a un nid-de-poule", to=TOWN))
    clerk = await desk.signed_in("agent")
    answer = await clerk.get(f"/bureau/nouvelle?courriel={page.rpartition('/')[2]}")
    assert fields(answer)["mail"] == page.rpartition("/")[2]
    await press(clerk, _type="hole")
    filled = fields(clerk.page)
    assert (filled["requester.email"], filled["answers.words"]) == ("zoe@exemple.example", "Il y a un nid-de-poule")
    await press(clerk, **RACHEL, answers__danger="yes", _send="1")
    (made,) = await ServiceRequest.select()
    row = await IncomingMail.select().first()
    assert (row["state"], row["reference"]) == ("filed", made["reference"])
    assert (await entry_of(desk, made["reference"])).kind == "received"


async def test_where_nobody_opens_requests_for_others_no_mail_leads_to_a_sheet(desk):
    page = await came(desk, plain("Il y a un nid-de-poule", to=TOWN))
    clerk = await desk.signed_in("agent")
    await clerk.get(page)
    assert said("Create a request") in clerk.text
    await switch(desk.host, "off", "telephone")
    await clerk.get(page)
    assert said("Create a request") not in clerk.text
    assert "/bureau/nouvelle" not in clerk.page.text
    assert said("Attach to a request") in clerk.text


async def test_the_sign_it_was_judged_by_is_said_in_the_language_of_the_page(desk):
    page = await came(desk)
    clerk = await desk.signed_in("agent")
    await clerk.get(page)
    assert said("no sign of automatic sending") in clerk.text
    assert "no sign of automatic sending" not in clerk.text


async def sheet_of(desk, page, name):
    """An agent of that name with the sheet that a mail fills, ready to be sent."""
    clerk = await desk.signed_in("agent", name=name)
    clerk.page = await clerk.get(f"/bureau/nouvelle?courriel={page.rpartition('/')[2]}")
    await press(clerk, _type="hole")
    return clerk


async def test_two_agents_make_one_request_of_a_mail_and_the_second_is_told(desk):
    page = await came(desk, plain("Il y a un nid-de-poule", to=TOWN))
    both = [await sheet_of(desk, page, name) for name in ("Ana", "Luc")]
    await asyncio.gather(*(press(each, **RACHEL, answers__danger="yes", _send="1") for each in both))
    (made,) = await ServiceRequest.select()
    row = await IncomingMail.select().first()
    assert (row["state"], row["reference"]) == ("filed", made["reference"])
    opened = [said("The request has been opened") in each.text for each in both]
    late = [said("Too late: somebody else has sorted it.") in each.text for each in both]
    assert (sorted(opened), sorted(late), opened == late) == ([False, True], [False, True], False)
    second = both[late.index(True)]
    page_then = await second.get(page)
    assert f'href="/bureau/requete/{made["reference"]}"' in page_then.text


async def test_of_a_mail_that_a_colleague_settled_no_request_is_made(desk):
    page = await came(desk, plain("Il y a un nid-de-poule", to=TOWN))
    slow, quick = [await sheet_of(desk, page, name) for name in ("Ana", "Luc")]
    await quick.get(page)
    await quick.post(f"{page}/retrait", reason="Déjà signalé")
    await press(slow, **RACHEL, answers__danger="yes", _send="1")
    assert said("Too late: somebody else has sorted it.") in slow.text
    assert "Déjà signalé" in slow.text
    assert await ServiceRequest.count() == 0
    await slow.get(f"/bureau/nouvelle?courriel={page.rpartition('/')[2]}")
    assert said("Too late: somebody else has sorted it.") in slow.text


async def test_its_files_are_opened_before_anything_becomes_of_it(desk):
    raw = several("mixed", text_part(), part("image/png", PNG, name="a.png"), to=TOWN)
    page = await came(desk, raw)
    clerk = await desk.signed_in("agent")
    (file,) = await Attachment.select()
    href = f"{page}/fichiers/{file['id']}"
    assert f'href="{href}"' in (await clerk.get(page)).text
    opened = await clerk.get(href)
    assert (opened.status_code, opened.headers["content-type"]) == (200, "image/png")
    assert opened.headers["content-security-policy"] == "default-src 'none'; sandbox"
    other = await came(desk, plain("Autre", to=TOWN, Message_ID="<other@exemple.ca>"))
    assert (await clerk.get(f"{other}/fichiers/{file['id']}")).status_code == 404
    assert (await clerk.get(f"{page}/fichiers/nothing")).status_code == 404
    observer = await desk.signed_in("observer", "parks")
    assert (await observer.get(href)).status_code == 403


async def test_a_file_of_a_mail_is_opened_once_the_antivirus_has_seen_it(desk):
    page = await came(desk, several("mixed", text_part(), part("image/png", PNG, name="a.png"), to=TOWN))
    (file,) = await Attachment.select()
    clerk = await desk.signed_in("agent")
    for state, words in (("held", "Being checked for viruses"), ("infected", "Removed: a virus was found in it")):
        async with transaction(desk.host.engine):
            await Attachment.update({Attachment.scan: state}).where(Attachment.id == file["id"])
        await clerk.get(page)
        assert said(words) in clerk.text
        assert f"/fichiers/{file['id']}" not in clerk.page.text
        if state == "held":
            assert (await clerk.get(f"{page}/fichiers/{file['id']}")).status_code == 404


async def test_lists_keep_junk_and_machines_apart(desk):
    await take_in(desk.host, plain(to=TOWN, Subject="Gagnez"), from_junk=True)
    await take_in(desk.host, plain(to=TOWN, Subject="Absent", Auto_Submitted="auto-replied"))
    clerk = await desk.signed_in("agent")
    seen = {
        name: (await clerk.get(f"/bureau/courriels?liste={name}")).text for name in ("", "indesirables", "machines")
    }
    assert ["Gagnez" in text for text in seen.values()] == [False, True, False]
    assert ["Absent" in text for text in seen.values()] == [False, False, True]


async def test_who_takes_no_requests_in_reads_no_mail(desk):
    page = await came(desk)
    observer = await desk.signed_in("observer", "parks")
    assert [(await observer.get(path)).status_code for path in ("/bureau/courriels", page)] == [403, 403]
