"""Answering a demand to erase: by those who may know who anybody is, only what has come to its end, all of it noted."""

from parvis.people.agents import Grant
from parvis.people.granting import give
from parvis.people.own_keys import new_link, use_link
from parvis.privacy.demand import CODE
from parvis.requests.actors import VERIFIED
from parvis.requests.amendments import assign
from parvis.requests.drafting import drafts
from parvis.requests.drafting.draft_keys import key_for
from parvis.requests.history import entries_of
from parvis.requests.keeping.interests import keep_away
from parvis.requests.keeping.looks_read import looks_at
from parvis.requests.keeping.retention import erase
from parvis.requests.lifecycle import make_move
from parvis.requests.persons import followers
from parvis.requests.persons.contacts import contact_of
from parvis.requests.persons.person import Wishes, followed_by, keep_wishes, wishes_of

from .conftest import ANA, ZOE, said


async def demand(desk, actor=VERIFIED):
    raw = {
        "language": "fr",
        "answers": {"wish": "erase"},
        "requester": {"mode": "named", "name": ZOE["name"], "email": ZOE["email"]},
    }
    return await desk.counter.submit("parvis", CODE, raw, channel="portal", actor=actor)


async def ended(desk, **given):
    record = await desk.request(**given)
    return await make_move(desk.heart, record.reference, "resolve", {}, actor=ANA, mover="agent")


async def test_what_has_ended_is_erased_with_what_lies_around_and_a_note_says_so(desk):
    done, complaint, standing = await ended(desk), await ended(desk, type="quarrel"), await desk.request()
    other = await ended(desk, requester=ZOE | {"email": "autre@exemple.ca"})
    await followers.follow(desk.heart, standing.reference, ZOE["email"], "fr")
    await keep_wishes(desk.heart, "parvis", ZOE["email"], Wishes(language="en", questions=False))
    draft = drafts.new_token()
    await drafts.save(desk.heart, draft, "parvis", "hole", "fr", {"words": "Zoé"})
    await key_for(desk.heart, await drafts.load(desk.heart, draft), ZOE["email"])
    link = await new_link(desk.heart.engine, "parvis", ZOE["email"], "fr")
    asked = await demand(desk)
    manager = await desk.signed_in("manager")
    await manager.get(f"/bureau/requete/{asked.reference}/renseignements")
    assert "L’adresse a été vérifiée" in manager.text
    for words in (*(record.reference for record in (done, complaint, standing)), "1 brouillon"):
        assert words in manager.text
    assert other.reference not in manager.text
    wanted = [each.reference for each in (done, complaint, standing, other)]
    await manager.post(f"/bureau/requete/{asked.reference}/renseignements", request=wanted, around="yes")
    for record, is_gone in ((done, True), (complaint, True), (standing, False), (other, False)):
        now = await desk.record(record.reference)
        assert (now.erased_at is not None) == is_gone
        assert (await contact_of(now) is None) == is_gone
    assert await followed_by(desk.heart, "parvis", ZOE["email"]) == ()
    assert (await wishes_of("parvis", ZOE["email"])).questions
    assert await drafts.load(desk.heart, draft) is None
    assert await use_link(desk.heart.engine, "parvis", link) is None
    told = (await entries_of(await desk.record(asked.reference)))[-1]
    assert told.kind == "note"
    assert done.reference in told.personal["words"]
    assert standing.reference not in told.personal["words"]


async def test_only_those_who_may_reveal_see_everything_under_an_address(desk):
    asked = await demand(desk)
    for role in ("agent", "clerk", "observer"):
        clerk = await desk.signed_in(role)
        assert (await clerk.get(f"/bureau/requete/{asked.reference}/renseignements")).status_code == 403
    hole = await desk.request()
    manager = await desk.signed_in("manager")
    assert (await manager.get(f"/bureau/requete/{hole.reference}/renseignements")).status_code == 404


async def scattered(desk):
    """A demand at the secretary's, and what the person asked of other units: open, confidential, and ended."""
    one, secret = await ended(desk, unit="environment"), await ended(desk, type="quarrel", unit="noise")
    away = await ended(desk, unit="roads")
    asked = await demand(desk)
    await assign(desk.heart, asked.reference, unit="environment", actor=ANA)
    return f"/bureau/requete/{asked.reference}/renseignements", one, secret, away


async def test_a_manager_of_a_unit_lists_what_they_may_see_and_learns_of_nothing_else(desk):
    page, one, secret, away = await scattered(desk)
    manager = await desk.signed_in("manager", "environment")
    await manager.get(page)
    assert [each.reference in manager.text for each in (one, secret, away)] == [True, True, False]
    with_it = manager.text
    assert said("List everything") not in with_it
    refused = await manager.post(page, _all="1", reason="La loi le demande")
    assert refused.status_code == 403
    await manager.get(page)
    await manager.post(page, request=[one.reference, away.reference])
    assert (await desk.record(one.reference)).erased_at is not None
    assert (await desk.record(away.reference)).erased_at is None
    await erase(desk.heart, away.reference, actor=ANA)
    await manager.get(page)
    assert manager.text.count(away.reference) == 0


async def test_who_is_in_charge_of_privacy_lists_everything_for_a_reason_that_stays(desk):
    page, one, secret, away = await scattered(desk)
    kept = await ended(desk, unit="roads")
    officer = await desk.signed_in("agent", "environment", name="Paule Roy")
    await give(desk.heart.engine, officer.person.id, Grant(role="privacy", jurisdiction="parvis"), by="Karim")
    await keep_away(desk.heart, kept.reference, officer.person.id, "Paule Roy", "Son frère", actor=ANA)
    await officer.get(page)
    assert [each.reference in officer.text for each in (one, secret, away, kept)] == [True, False, False, False]
    wrong = await officer.post(page, _all="1", reason=" ")
    assert wrong.status_code == 422
    assert away.reference not in officer.text
    await officer.post(page, _all="1", reason="Demande d’accès, article 83")
    assert [each.reference in officer.text for each in (one, secret, away, kept)] == [True, True, True, False]
    assert (await officer.http.get(f"/bureau/requete/{away.reference}")).status_code == 404  # its line, and no more
    await desk.heart.looks.write(desk.heart.engine)
    lines, _ = await looks_at(away.id)
    assert [(line.what, line.name) for line in lines] == [("demand", "Paule Roy")]
    await officer.post(page, request=[away.reference, kept.reference, one.reference])
    assert (await desk.record(kept.reference)).erased_at is None
    for each in (one, away):
        assert (await desk.record(each.reference)).erased_at is not None
    notes = [
        line.personal["words"]
        for line in await entries_of(await desk.record(page.split("/")[3]))
        if line.kind == "note"
    ]
    assert "article 83" in notes[0]
    assert one.reference in notes[1]
    assert away.reference not in notes[1]  # whoever reads the demand may not know of it


async def test_the_right_over_privacy_opens_no_request_by_itself(desk):
    page, *_ = await scattered(desk)
    officer = await desk.signed_in("privacy")
    for path in (page, "/bureau", page.removesuffix("/renseignements")):
        assert (await officer.http.get(path)).status_code in (403, 404)


async def test_a_demand_taken_by_telephone_is_not_of_a_verified_address(desk):
    asked = await demand(desk, actor=ANA)
    manager = await desk.signed_in("manager")
    await manager.get(f"/bureau/requete/{asked.reference}/renseignements")
    assert "L’adresse n’a pas été vérifiée" in manager.text


async def test_nobody_opens_such_a_demand_without_a_verified_address(desk):
    from parvis.requests.actors import REQUESTER

    refused = await demand(desk, actor=REQUESTER)
    assert [each.code for each in refused.found] == ["not_offered"]
