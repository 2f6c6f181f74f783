"""Answering a request to erase: by those who may know who anybody is, only what has ended, all of it noted."""

import html
import re

from parvis.db import transaction
from parvis.i18n import format_date
from parvis.people.agents import Grant
from parvis.people.granting import give
from parvis.people.one_time_links import is_link, put_link
from parvis.privacy.data_request import CODE
from parvis.requests import drafting
from parvis.requests.access_log import AccessLog, looks_at
from parvis.requests.actors import VERIFIED
from parvis.requests.amendments import assign, change_contact
from parvis.requests.contacts import contact_of
from parvis.requests.drafting import key_for
from parvis.requests.exclusions import keep_away
from parvis.requests.history import entries_of
from parvis.requests.keeping.retention import erase
from parvis.requests.lifecycle import make_move
from parvis.requests.persons import followers
from parvis.requests.persons.person import Wishes, followed_by, keep_wishes, wishes_of
from parvis.switches import Switchboard
from parvis.switches.deciding import decide
from parvis_sdk.requests import Requester
from parvis_testing.desk import ANA, ZOE, said
from parvis_testing.modules import switch


async def data_request(desk, actor=VERIFIED):
    raw = {
        "language": "fr",
        "answers": {"wish": "erase"},
        "requester": {"mode": "named", "name": ZOE["name"], "email": ZOE["email"]},
    }
    return await desk.counter.submit("parvis", CODE, raw, channel="portal", actor=actor)


async def ended(desk, **given):
    record = await desk.request(**given)
    return await make_move(desk.host, record.reference, "resolve", {}, actor=ANA, mover="agent")


def holdings(asked) -> str:
    return f"/bureau/requete/{asked.reference}/renseignements"


async def propose(clerk, page, **ticked):
    """Tick, look it over on its own page, and propose it."""
    sure = await clerk.post(page, **ticked)
    if sure.status_code == 200:
        assert "Confirmer l’effacement" in clerk.text
        sure = await clerk.post(f"{page}/effacement", do="propose", **ticked)
    return sure


async def answer(clerk, page, do="approve"):
    await clerk.get(page)
    found = re.search(r'name="proposal" value="([^"]+)"', clerk.page.text)
    return await clerk.post(f"{page}/effacement", do=do, proposal=found[1] if found else "")


async def erased(desk, *records):
    return [(await desk.record(each.reference)).erased_at is not None for each in records]


async def test_what_has_ended_is_erased_with_what_lies_around_and_a_note_says_so(desk):
    done, standing = await ended(desk), await desk.request()
    other = await ended(desk, requester=ZOE | {"email": "autre@exemple.ca"})
    await followers.follow(desk.host, standing.reference, ZOE["email"], "fr")
    await keep_wishes(desk.host, "parvis", ZOE["email"], Wishes(language="en", questions=False))
    draft = drafting.new_token()
    await drafting.save(desk.host, draft, "parvis", "hole", "fr", {"words": "Zoé"})
    await key_for(desk.host, await drafting.load(desk.host, draft), ZOE["email"])
    async with transaction(desk.host.engine):
        link = await put_link("link", "parvis", ZOE["email"], "fr")
    page = holdings(await data_request(desk))
    manager, second = await desk.signed_in("manager"), await desk.signed_in("manager", name="Hélène Roy")
    await manager.get(page)
    assert "L’adresse a été vérifiée" in manager.text
    for words in (done.reference, standing.reference, "1 brouillon"):
        assert words in manager.text
    assert other.reference not in manager.text
    wanted = [each.reference for each in (done, standing, other)]
    await propose(manager, page, request=wanted, around="yes")
    assert await erased(desk, done) == [False]
    assert await drafting.load(desk.host, draft) is not None
    await answer(second, page)
    for record, is_gone in ((done, True), (standing, False), (other, False)):
        now = await desk.record(record.reference)
        assert (now.erased_at is not None) == is_gone
        assert (await contact_of(now) is None) == is_gone
    assert (await second.get(f"/bureau/requete/{done.reference}")).status_code == 200
    assert await followed_by(desk.host, "parvis", ZOE["email"]) == ()
    assert (await wishes_of("parvis", ZOE["email"])).questions
    assert await drafting.load(desk.host, draft) is None
    assert not await is_link("link", "parvis", link)
    told = (await entries_of(await desk.record(page.split("/")[3])))[-1]
    assert told.kind == "note"
    assert done.reference in told.personal["words"]
    assert "Ana Tremblay" in told.personal["words"]
    assert "Hélène Roy" in told.personal["words"]
    assert standing.reference not in told.personal["words"]


async def test_what_a_rule_keeps_is_left_and_the_ready_answer_quotes_the_rule_and_the_day(desk):
    kept, gone = await ended(desk, type="quarrel"), await ended(desk)
    asked = await data_request(desk)
    page = holdings(asked)
    manager, second = await desk.signed_in("manager"), await desk.signed_in("manager", name="Hélène Roy")
    until = format_date((await desk.record(kept.reference)).retention_due_at)
    await manager.get(page)
    assert f"conservée jusqu’au {until}" in manager.text
    await propose(manager, page, request=[kept.reference, gone.reference])
    await answer(second, page)
    assert await erased(desk, kept, gone) == [False, True]
    await second.get(page)
    ready = html.unescape(re.search(r"(?s)<textarea[^>]*name=.refuse.reason.*?>(.*?)</textarea>", second.page.text)[1])
    assert f"Trou ({gone.reference})" in ready
    assert f"Querelle ({kept.reference})" in ready
    assert until in ready
    assert "90 jours" in ready
    sent = await second.post(f"/bureau/requete/{asked.reference}/etape/refuse", refuse__reason=ready.strip())
    assert sent.status_code == 200, re.findall(r"(?s)error-summary.*?</ul>", sent.text)
    answered = await desk.record(asked.reference)
    assert answered.state == "refused"
    told = (await entries_of(answered))[-1]
    assert until in told.personal["given"]["reason"]


async def test_the_ready_answer_quotes_the_rule_and_the_day_of_what_other_units_keep_without_naming_it(desk):
    """Otherwise a person with a request in another unit reads that it is kept, but neither why nor until when."""
    kept = [await ended(desk, type="quarrel", unit="lighting") for _ in range(2)]
    under_way = await desk.request(unit="lighting")
    asked = await data_request(desk)
    manager = await desk.signed_in("manager")
    until = format_date((await desk.record(kept[0].reference)).retention_due_at)
    await manager.get(holdings(asked))
    ready = html.unescape(re.search(r"(?s)<textarea[^>]*name=.refuse.reason.*?>(.*?)</textarea>", manager.page.text)[1])
    assert f"- 2 autres requêtes\u00a0: conservées jusqu’au {until} (" in ready
    assert "90 jours" in ready
    assert "- 1 autre requête\n" in ready
    for each in (*kept, under_way):
        assert each.reference not in ready
    assert "Querelle" not in ready


async def test_a_person_is_not_told_that_all_was_granted_while_nothing_was_erased(desk):
    """The ready answer closed the request as granted and named nothing, before anybody had approved the erasure."""
    done = await ended(desk)
    asked = await data_request(desk)
    page = holdings(asked)
    manager, second = await desk.signed_in("manager"), await desk.signed_in("manager", name="Hélène Roy")
    await manager.get(page)
    assert "/etape/grant" not in manager.page.text
    assert f"Non effacées\u00a0:\n- Trou ({done.reference})" in html.unescape(manager.page.text)
    await propose(manager, page, request=[done.reference])
    await second.get(page)
    assert "/etape/" not in second.page.text
    proposed = re.search(r'(?s)<section[^>]*aria-labelledby="proposal".*?</section>', second.page.text)[0]
    for words in ("Trou", done.reference, "renseignements personnels"):
        assert words in proposed
    assert 'name="around"' not in second.page.text  # nothing else is to be chosen while this one waits
    await answer(second, page)
    await second.get(page)
    assert f"{page.removesuffix('/renseignements')}/etape/grant" in second.page.text


async def test_nobody_erases_alone_what_a_person_asks_to_have_erased(desk):
    done = await ended(desk)
    page = holdings(await data_request(desk))
    manager, second = await desk.signed_in("manager"), await desk.signed_in("manager", name="Hélène Roy")
    await manager.get(page)
    await propose(manager, page, request=[done.reference])
    refused = await answer(manager, page)
    assert refused.status_code == 422
    assert "Une autre personne doit approuver" in manager.text
    assert await erased(desk, done) == [False]
    await answer(second, page, "refuse")
    gone = await answer(second, page)
    assert gone.status_code == 422
    assert await erased(desk, done) == [False]
    await propose(manager, page, request=[done.reference])
    clerk = await desk.signed_in("clerk")
    clerk.page = second.page
    assert (await clerk.http.post(f"{page}/effacement", data={"do": "approve"})).status_code == 403
    await answer(second, page)
    assert await erased(desk, done) == [True]


async def test_nothing_is_erased_for_whoever_has_not_shown_that_the_address_is_theirs(desk):
    done = await ended(desk)
    by_phone = holdings(await data_request(desk, actor=ANA))
    changed = await data_request(desk)
    await change_contact(
        desk.host, changed.reference, Requester(mode="named", name="X", email="autre@exemple.ca"), "fr"
    )
    theirs = await ended(desk, requester=ZOE | {"email": "autre@exemple.ca"})
    manager = await desk.signed_in("manager")
    for page, one in ((by_phone, done), (holdings(changed), theirs)):
        await manager.get(page)
        assert one.reference in manager.text
        assert "L’adresse n’a pas été vérifiée" in manager.text
        for path in (page, f"{page}/effacement"):
            refused = await manager.post(path, request=[one.reference], around="yes", do="propose")
            assert refused.status_code == 422
    assert await erased(desk, done, theirs) == [False, False]


async def test_what_was_taken_up_again_since_the_proposal_is_left_alone(desk):
    done, again = await ended(desk), await ended(desk)
    page = holdings(await data_request(desk))
    manager, second = await desk.signed_in("manager"), await desk.signed_in("manager", name="Hélène Roy")
    await manager.get(page)
    await propose(manager, page, request=[done.reference, again.reference])
    await make_move(desk.host, again.reference, "reopen", {}, actor=ANA, mover="manager")
    await answer(second, page)
    assert await erased(desk, done, again) == [True, False]


async def test_only_those_who_may_reveal_see_everything_under_an_address(desk):
    asked = await data_request(desk)
    for role in ("agent", "clerk", "observer"):
        clerk = await desk.signed_in(role)
        assert (await clerk.get(f"/bureau/requete/{asked.reference}/renseignements")).status_code == 403
    hole = await desk.request()
    manager = await desk.signed_in("manager")
    assert (await manager.get(f"/bureau/requete/{hole.reference}/renseignements")).status_code == 404


async def scattered(desk):
    """A data request at the secretary's, and what the person asked of other units: open, confidential, and ended."""
    one, secret = await ended(desk, unit="environment"), await ended(desk, type="quarrel", unit="noise")
    away = await ended(desk, unit="roads")
    asked = await data_request(desk)
    await assign(desk.host, asked.reference, unit="environment", actor=ANA)
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
    await propose(manager, page, request=[one.reference, away.reference])
    await answer(await desk.signed_in("manager", "environment", name="Hélène Roy"), page)
    assert await erased(desk, one, away) == [True, False]
    await erase(desk.host, away.reference, actor=ANA)
    await manager.get(page)
    assert manager.text.count(away.reference) == 0


async def test_who_is_in_charge_of_privacy_lists_everything_for_a_reason_that_stays(desk):
    page, one, secret, away = await scattered(desk)
    kept = await ended(desk, unit="roads")
    officer = await desk.signed_in("agent", "environment", name="Paule Roy")
    await give(desk.host.engine, officer.person.id, Grant(role="privacy", jurisdiction="parvis"), by="Karim")
    await keep_away(desk.host, kept.reference, officer.person.id, "Paule Roy", "Son frère", actor=ANA)
    await officer.get(page)
    assert [each.reference in officer.text for each in (one, secret, away, kept)] == [True, False, False, False]
    wrong = await officer.post(page, _all="1", reason=" ")
    assert wrong.status_code == 422
    assert away.reference not in officer.text
    await officer.post(page, _all="1", reason="Demande d’accès, article 83")
    assert [each.reference in officer.text for each in (one, secret, away, kept)] == [True, True, True, False]
    assert (await officer.http.get(f"/bureau/requete/{away.reference}")).status_code == 404  # its line, and no more
    await desk.host.of(AccessLog).write(desk.host.engine)
    lines, _ = await looks_at(away.id)
    assert [(line.what, line.name) for line in lines] == [("demand", "Paule Roy")]
    await propose(officer, page, request=[away.reference, kept.reference, one.reference])
    manager = await desk.signed_in("manager", "environment", name="Hélène Roy")
    assert (await answer(manager, page)).status_code == 422  # who may not see all of it does not approve it
    assert away.reference not in manager.text
    other = await desk.signed_in("manager", name="Louis Dion")
    await answer(other, page)
    assert await erased(desk, one, away, kept) == [True, True, False]
    notes = [
        line.personal["words"]
        for line in await entries_of(await desk.record(page.split("/")[3]))
        if line.kind == "note"
    ]
    assert "article 83" in notes[0]
    assert one.reference in notes[-1]
    assert away.reference not in notes[-1]  # the agent who handles the access request may not know of it


async def test_the_right_over_privacy_opens_no_request_by_itself(desk):
    page, *_ = await scattered(desk)
    officer = await desk.signed_in("privacy")
    for path in (page, "/bureau", page.removesuffix("/renseignements")):
        assert (await officer.http.get(path)).status_code in (403, 404)


async def test_a_data_request_taken_by_telephone_is_not_of_a_verified_address(desk):
    asked = await data_request(desk, actor=ANA)
    manager = await desk.signed_in("manager")
    await manager.get(f"/bureau/requete/{asked.reference}/renseignements")
    assert "L’adresse n’a pas été vérifiée" in manager.text


async def test_an_erasure_that_has_begun_stops_when_somebody_says_off_and_can_be_gone_on_with(desk, monkeypatch):
    first, other = await ended(desk), await ended(desk)
    await keep_wishes(desk.host, "parvis", ZOE["email"], Wishes(language="en", questions=False))
    asked = await data_request(desk)
    page = holdings(asked)
    manager, second = await desk.signed_in("manager"), await desk.signed_in("manager", name="Hélène Roy")
    await manager.get(page)
    await propose(manager, page, request=[first.reference, other.reference], around="yes")

    async def and_then_off(host, reference, **given):
        gone = await erase(host, reference, **given)
        elsewhere = Switchboard(host.modules.registry)  # of another process
        await elsewhere.look()
        await decide(host.engine, elsewhere, jurisdiction="parvis", module="disposal", state="off", by="Ana", why="no")
        return gone

    monkeypatch.setattr("parvis_disposal.erasure_requests.erase", and_then_off)
    sent = await answer(second, page)
    monkeypatch.undo()
    assert (sent.status_code, sent.url.path) == (200, f"/bureau/requete/{asked.reference}")
    assert sorted(await erased(desk, first, other)) == [False, True]
    assert not (await wishes_of("parvis", ZOE["email"])).questions
    told = (await entries_of(await desk.record(asked.reference)))[-1].personal["words"]
    assert "1 requête effacée" in told
    assert "Le reste est conservé" in told
    await switch(desk.host, "on", "disposal", town="parvis")
    await answer(manager, page, do="finish")
    assert await erased(desk, first, other) == [True, True]
    assert (await wishes_of("parvis", ZOE["email"])).questions
    told = (await entries_of(await desk.record(asked.reference)))[-1].personal["words"]
    assert "approuvé par Hélène Roy" in told  # and by nobody who only finished it


async def test_what_was_decided_is_not_refused_afterwards_in_the_story(desk):
    gone = await ended(desk)
    asked = await data_request(desk)
    page = holdings(asked)
    manager, second = await desk.signed_in("manager"), await desk.signed_in("manager", name="Hélène Roy")
    await manager.get(page)
    await propose(manager, page, request=[gone.reference])
    await second.get(page)
    proposal = re.search(r'name="proposal" value="([^"]+)"', second.page.text)[1]
    await second.post(f"{page}/effacement", do="approve", proposal=proposal)
    before = len(await entries_of(await desk.record(asked.reference)))
    late = await manager.post(f"{page}/effacement", do="refuse", proposal=proposal)
    assert late.status_code == 422
    assert len(await entries_of(await desk.record(asked.reference))) == before
