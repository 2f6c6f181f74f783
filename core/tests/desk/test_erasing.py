"""Answering a demand to erase: by those who may know who anybody is, only what has come to its end, all of it noted."""

from parvis.people.own_keys import new_link, use_link
from parvis.privacy.demand import CODE
from parvis.requests import drafts, followers
from parvis.requests.actors import VERIFIED
from parvis.requests.contacts import contact_of
from parvis.requests.draft_keys import key_for
from parvis.requests.history import entries_of
from parvis.requests.lifecycle import make_move
from parvis.requests.person import Wishes, followed_by, keep_wishes, wishes_of

from .conftest import ANA, ZOE


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
    said = (await entries_of(await desk.record(asked.reference)))[-1]
    assert said.kind == "note"
    assert done.reference in said.personal["words"]
    assert standing.reference not in said.personal["words"]


async def test_only_those_who_may_reveal_see_everything_under_an_address(desk):
    asked = await demand(desk)
    for role in ("agent", "clerk", "observer"):
        clerk = await desk.signed_in(role)
        assert (await clerk.get(f"/bureau/requete/{asked.reference}/renseignements")).status_code == 403
    hole = await desk.request()
    manager = await desk.signed_in("manager")
    assert (await manager.get(f"/bureau/requete/{hole.reference}/renseignements")).status_code == 404


async def test_a_demand_taken_by_telephone_is_not_of_a_verified_address(desk):
    asked = await demand(desk, actor=ANA)
    manager = await desk.signed_in("manager")
    await manager.get(f"/bureau/requete/{asked.reference}/renseignements")
    assert "L’adresse n’a pas été vérifiée" in manager.text


async def test_nobody_opens_such_a_demand_without_a_verified_address(desk):
    from parvis.requests.actors import REQUESTER

    refused = await demand(desk, actor=REQUESTER)
    assert [each.code for each in refused.found] == ["not_offered"]
