"""Several people on one file: each with their own key, what their role allows, and an access that ends."""

import re
from datetime import timedelta

import msgspec
import pytest

from parvis import clock
from parvis.db.tables import Delivery
from parvis.notify.telling import tell
from parvis.requests.actors import REQUESTER
from parvis.requests.history import broken_at, entries_of
from parvis.requests.keeping.retention import erase
from parvis.requests.lifecycle import make_move
from parvis.requests.parties import Party, let_in, parties_of
from parvis.requests.payloads import request_for
from parvis.requests.persons.person import forget_around
from parvis.requests.references import key_for
from parvis.requests.work.conversation import reply
from parvis_my_requests.archive import as_data, gather
from parvis_my_requests.taking_part import taking_part
from parvis_sdk.events import AnyEvent
from parvis_sdk.problems import Problems
from parvis_testing.town import ANA

from .test_pages import asked, page_of

BO = {"role": "contractor", "name": "Bo Nguyen", "email": "Bo@exemple.ca", "language": "en"}
CLEO = {"role": "owner", "name": "Cléo Roy", "email": "cleo@exemple.ca", "language": "fr"}


async def given_access(office, who=BO, **more) -> Party:
    done = await let_in(office.host, office.reference, who, actor=REQUESTER, **more)
    assert not isinstance(done, Problems), done
    return (await parties_of(done.id))[-1]


async def as_party(office, party, language="en"):
    path = {"fr": "/fr/suivi", "en": "/en/track"}[language]
    return await office.visitor().open(f"{path}/{office.reference}?cle={key_for(office.host.secret, party.id)}")


async def mails(office) -> list:
    """Everything that would be sent for what has happened, as (receiver, subject, text)."""
    record = await office.record()
    rows = await Delivery.select(Delivery.event).where(Delivery.request == record.id).order_by(Delivery.id)
    told = []
    for event in {row["event"]: None for row in rows}:
        request = await request_for(office.host, record, ("contact", "followers"))
        outcome = await tell.handler(msgspec.json.decode(event, type=AnyEvent), request)
        told += [(one.to, one.subject, one.text) for one in (outcome.messages if outcome else ())]
    return told


async def test_the_requester_gives_access_and_their_own_link_goes_out_in_their_language(office):
    home = await office.at_home()
    await home.open(f"/fr/suivi/{office.reference}/personnes")
    await home.send(BO)
    assert "Nous avons envoyé à la personne son propre lien." in home.text
    assert "Bo Nguyen" in home.text
    (party,) = await parties_of((await office.record()).id)
    link = f"/en/track/{office.reference}?cle={key_for(office.host.secret, party.id)}"
    (mail,) = [one for one in await mails(office) if one[0] == "bo@exemple.ca"]
    assert link in mail[2]
    assert office.key not in mail[2]
    assert "You were given access" in mail[2]
    entry = (await entries_of(await office.record()))[-1]
    assert (entry.kind, entry.body["role"], entry.actor.kind) == ("party", "contractor", "requester")
    assert "Bo" not in str(entry.body)


async def test_a_contractor_sees_the_file_and_nothing_personal(office):
    await reply(office.host, office.reference, "Un mot pour vous seule.", actor=ANA)
    visitor = await as_party(office, await given_access(office))
    assert "plan-1.pdf" in visitor.text
    for words in ("Zoé", "zoe@exemple.ca", office.key, "Un mot pour vous seule", "Propriétaire"):
        assert words not in visitor.page.text, words
    assert "Contractor" in visitor.text
    for path in ("contact", "messages", "receipt", "people", "action/resume"):
        assert (await visitor.open(f"/en/track/{office.reference}/{path}")).status == 404, path


@pytest.mark.parametrize("page", ["coordonnees", "messages", "recu", "personnes", "regle"])
async def test_what_is_the_requesters_stays_theirs(office, page):
    visitor = await as_party(office, await given_access(office), "fr")
    await visitor.open(f"/fr/suivi/{office.reference}/{page}")
    assert visitor.status == 404


async def test_a_contractor_answers_what_is_to_be_corrected_under_their_own_name(office):
    await asked(office)
    visitor = await as_party(office, await given_access(office), "fr")
    await visitor.open(page_of(office))
    await visitor.send({"do": "send", "begins.day": "6", "_words.plan": "Le seul plan."})
    record = await office.record()
    assert record.state == "studied"
    entry = next(one for one in await entries_of(record) if one.kind == "happened")
    assert entry.actor.name == "Bo Nguyen"
    home = await office.at_home()
    assert "Bo Nguyen" in home.text
    await home.open(f"/fr/suivi/{office.reference}/versions")
    assert "Bo Nguyen" in home.text


async def test_an_owner_moves_writes_and_lets_others_in(office):
    visitor = await as_party(office, await given_access(office, CLEO), "fr")
    assert "Zoé Côté" in visitor.text  # a personal answer, which this role may see
    assert "zoe@exemple.ca" not in visitor.page.text
    await visitor.open(f"/fr/suivi/{office.reference}/personnes")
    await visitor.send(BO)
    entry = (await entries_of(await office.record()))[-1]
    assert entry.actor.name == "Cléo Roy"
    await visitor.open(f"/fr/suivi/{office.reference}")
    await visitor.send({"words": "Je suis la propriétaire."}, form=1)
    assert "Je suis la propriétaire." in visitor.text
    assert (await entries_of(await office.record()))[-1].actor.name == "Cléo Roy"


async def test_an_access_ends_when_it_is_taken_back_left_or_over(office):
    party = await given_access(office)
    visitor = await as_party(office, party)
    home = await (await office.at_home()).open(f"/fr/suivi/{office.reference}/personnes")
    await home.send({"end": str(party.id)}, form=0)
    await visitor.open(f"/en/track/{office.reference}")
    assert visitor.path == "/en/track"
    second = await given_access(office)
    visitor = await as_party(office, second)
    leaving = next(form for form in re.findall(r'action="([^"]+leave)"', visitor.page.text))
    await visitor.http.post(f"http://127.0.0.1{leaving}", data=dict(visitor.form()["fields"]))
    assert (await parties_of((await office.record()).id))[-1].ended_at is not None
    third = await given_access(office)
    with clock.moved_to(clock.now() + timedelta(days=91)):
        visitor = await as_party(office, third)
        assert "plan-1.pdf" not in visitor.text
    assert await broken_at(await office.record()) is None


async def test_the_desk_sees_who_was_let_in_and_ends_it(office):
    party = await given_access(office)
    desk = await office.at_the_desk()
    await desk.open(f"/bureau/requete/{office.reference}")
    assert "Bo Nguyen" in desk.text
    forms = [n for n, form in enumerate(re.findall(r"<form[^>]*>", desk.page.text)) if "personnes" in form]
    assert forms
    await desk.http.post(
        f"http://127.0.0.1/bureau/requete/{office.reference}/personnes",
        data={"_csrf": dict(desk.form(0)["fields"])["_csrf"], "end": str(party.id)},
    )
    assert (await parties_of((await office.record()).id))[0].ended_at is not None
    assert (await entries_of(await office.record()))[-1].actor.name == "Ana Tremblay"


async def test_a_role_is_held_by_as_many_as_may_hold_it_and_a_mandate_is_demanded(office):
    await given_access(office)
    twice = await let_in(office.host, office.reference, BO, actor=REQUESTER)
    assert [each.code for each in twice.found] == ["already"]
    other = await let_in(office.host, office.reference, BO | {"email": "x@exemple.ca"}, actor=REQUESTER)
    assert [each.path for each in other.found] == ["role"]
    agent = BO | {"role": "agent", "email": "ag@exemple.ca"}
    bare = await let_in(office.host, office.reference, agent, actor=REQUESTER)
    assert [each.path for each in bare.found] == ["mandate"]
    home = await (await office.at_home()).open(f"/fr/suivi/{office.reference}/personnes")
    await home.send(agent, files=[("mandate", ("mandat.pdf", office.plan, "application/pdf"))])
    assert (await parties_of((await office.record()).id))[-1].mandate


async def test_everybody_hears_of_a_step_in_their_language_with_their_own_link(office):
    party = await given_access(office)
    await make_move(office.host, office.reference, "resume", {}, actor=ANA, mover="agent")
    await make_move(office.host, office.reference, "refuse", {}, actor=ANA, mover="agent")
    steps = [mail for mail in await mails(office) if "Refus" in mail[1]]
    assert {mail[0] for mail in steps} == {"zoe@exemple.ca", "bo@exemple.ca"}
    (theirs,) = [mail for mail in steps if mail[0] == "bo@exemple.ca"]
    assert key_for(office.host.secret, party.id) in theirs[2]
    assert "Your request is now at this step" in theirs[2]
    await reply(office.host, office.reference, "Un mot.", actor=ANA)
    assert [mail[0] for mail in await mails(office) if "Un mot." in mail[2] or "message" in mail[1]] == [
        "zoe@exemple.ca"
    ]


async def test_erasure_takes_who_they_were_and_their_keys(office):
    party = await given_access(office)
    await erase(office.host, office.reference, actor=ANA)
    (left,) = await parties_of((await office.record()).id)
    assert (left.name, left.email, left.role) == ("", "", "contractor")
    assert (await as_party(office, party)).status == 404


async def test_an_address_finds_where_it_takes_part_and_can_be_forgotten_there(office):
    party = await given_access(office)
    (found,) = await taking_part(office.host, "parvis", "BO@exemple.ca")
    assert (found.party, found.role.en) == (party.id, "Contractor")
    archive = await gather(office.host, office.host.jurisdictions.jurisdiction("parvis"), "bo@exemple.ca", "en")
    assert archive.requests == ()
    assert b'"role": "Contractor"' in as_data(archive)
    await forget_around(office.host, "parvis", "bo@exemple.ca")
    assert await taking_part(office.host, "parvis", "bo@exemple.ca") == ()
    assert (await as_party(office, party)).status == 404
