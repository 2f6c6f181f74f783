"""What retention will do, who approves it, and the signed register of what it did."""

import re
from datetime import timedelta

from parvis import clock
from parvis.db import transaction
from parvis.db.tables import ServiceRequest
from parvis.people.agents import Grant
from parvis.requests.actors import Actor
from parvis.requests.records import find
from parvis_disposal.destruction import approve, forget_due, lists_to_approve
from parvis_disposal.register import is_whole
from parvis_testing.modules import switch


async def due(site, days=-1):
    """A request of long ago whose retention ends in so many days."""
    [one, *_] = await site.deliveries()
    async with transaction(site.host.engine):
        when = clock.now() + timedelta(days=days)
        kept = {ServiceRequest.retention_due_at: when, ServiceRequest.submitted_at: when - timedelta(days=3660)}
        await ServiceRequest.update(kept).where(ServiceRequest.reference == one.reference)
    return one.reference


async def test_looking_ahead_shows_what_will_be_destroyed_and_destroys_nothing(site):
    await site.sign_in()
    now, later = await due(site), await due(site, 20)
    today = await site.page("/conservation")
    assert now in today
    assert later not in today
    soon = await site.page("/conservation", jours="30")
    assert now in soon
    assert later in soon
    assert (await find(site.host, now)).erased_at is None


async def test_what_will_be_destroyed_of_a_town_is_shown_to_its_own_operators(site):
    reference = await due(site)
    await site.sign_in(grants=(Grant(role="operator", jurisdiction="rivemont"),))
    assert reference not in await site.page("/conservation")


async def test_an_operator_looks_over_a_whole_list_and_approves_it_before_anything_is_destroyed(site):
    host = site.host
    await site.sign_in()
    reference = await due(site)
    assert await forget_due(host) == ()
    page = await site.page("/conservation")
    assert "Listes à approuver" in page
    mark = re.search(r"approbation\?liste=(\w+)", page)[1]
    sure = await site.page("/conservation/approbation", liste=mark)
    assert reference in sure
    listing = await site.get("/conservation/liste.csv", liste=mark)
    assert listing.headers["content-type"] == "text/csv; charset=utf-8"
    assert reference in listing.text
    assert is_whole(host.secret, listing.text)
    assert (await find(host, reference)).erased_at is None
    gone = await site.post("/conservation/approbation", f"/conservation/approbation?liste={mark}", liste="0" * 64)
    assert gone.status_code == 409
    await site.post("/conservation/approbation", f"/conservation/approbation?liste={mark}", liste=mark)
    assert [each.reference for each in await forget_due(host)] == [reference]
    assert "1 sur 1" in await site.page("/conservation")
    assert (await site.get("/conservation/liste.csv", liste=mark)).text == listing.text


async def test_an_operator_of_another_town_approves_no_list_of_this_one(site):
    host = site.host
    await due(site)
    (waiting,) = await lists_to_approve(host)
    await site.sign_in(grants=(Grant(role="operator", jurisdiction="rivemont"),))
    assert (await site.get("/conservation/liste.csv", liste=waiting.mark)).status_code == 404
    refused = await site.post("/conservation/approbation", "/conservation", liste=waiting.mark)
    assert refused.status_code == 409
    assert await forget_due(host) == ()


async def test_the_register_is_signed_and_a_changed_copy_is_found_out(site):
    await site.sign_in()
    reference = await due(site)
    (waiting,) = await lists_to_approve(site.host)
    assert await approve(site.host, waiting.mark, actor=Actor(kind="agent", id="karim", name="Karim Diallo"))
    await forget_due(site.host)
    answer = await site.get("/conservation/registre.csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"].startswith('attachment; filename="registre-')
    kept = answer.text
    assert reference in kept
    assert "parvis,hole" in kept
    assert "Zoé" not in kept
    assert is_whole(site.host.secret, kept)
    assert is_whole(site.host.secret, kept.replace("\r\n", "\n"))
    for changed in (kept.replace(reference, "0000-0000-0"), kept.rpartition("hmac")[0], "", "hmac-sha256,", "\x00"):
        assert not is_whole(site.host.secret, changed)
    assert not is_whole(b"another secret", kept)

    async def checked(text):
        file = ("registre.csv", text.encode(), "text/csv")
        return await site.post("/conservation/verification", "/conservation", register=file)

    assert "rien n’y a été modifié" in (await checked(kept)).text
    refused = await checked(kept.replace("hole", "holy"))
    assert refused.status_code == 422
    assert "il a été modifié" in refused.text
    nothing = await site.post("/conservation/verification", "/conservation")
    assert "Choisissez d’abord" in nothing.text


async def test_a_period_without_destruction_has_an_empty_register(site):
    await site.sign_in()
    answer = await site.get("/conservation/registre.csv", du="2001-01-01", au="2000-01-01")
    assert answer.status_code == 200
    assert len(answer.text.splitlines()) == 2
    assert (await site.get("/conservation/registre.csv", du="hier", au="9999-99-99")).status_code == 200


async def test_its_pages_open_for_operators_in_their_language_and_for_nobody_else(site):
    pages = ("/conservation", "/conservation/registre.csv")
    for path in pages:
        assert (await site.get(path)).status_code == 303, path
    await site.sign_in("gestion@parvis.example", grants=(Grant(role="manager", jurisdiction="parvis"),))
    for path in pages:
        assert (await site.get(path)).status_code == 403, path
    for language, word in (("fr", "Registre de destruction"), ("en", "Register of destruction")):
        await site.sign_in(f"{language}@parvis.example", language=language)
        page = await site.get("/conservation")
        assert page.headers["content-language"] == language
        assert page.headers["cache-control"] == "private, no-store"
        assert word in page.text


async def test_the_overview_counts_the_lists_that_wait_and_leads_to_them(site):
    await site.sign_in()
    assert "attend une approbation" not in await site.page()
    await due(site)
    page = await site.page()
    assert "1 liste de requêtes à détruire attend une approbation" in page
    assert 'href="/exploitation/conservation"' in page
    assert "a atteint la fin de sa conservation" not in page


async def test_where_it_is_off_its_pages_are_gone_and_the_overview_says_that_nothing_is_destroyed(site):
    await site.sign_in()
    reference = await due(site)
    (waiting,) = await lists_to_approve(site.host)
    await switch(site.host, "off")
    page = await site.page()
    assert "attend une approbation" not in page
    assert "1 requête a atteint la fin de sa conservation et n’est pas détruite" in page
    assert "/exploitation/conservation" not in page
    for path in ("/conservation", "/conservation/registre.csv", "/conservation/liste.csv", "/conservation/approbation"):
        assert (await site.get(path, liste=waiting.mark)).status_code == 404, path
    pressed = await site.post("/conservation/approbation", "/modules", liste=waiting.mark)
    assert pressed.status_code == 404
    await switch(site.host, "on")
    assert await forget_due(site.host) == ()
    assert (await find(site.host, reference)).erased_at is None


async def test_off_in_one_town_of_two_it_lists_and_approves_nothing_of_that_one(site):
    await site.sign_in()
    reference = await due(site)
    (waiting,) = await lists_to_approve(site.host)
    await switch(site.host, "off", town="parvis")
    page = await site.page("/conservation")
    assert reference not in page
    assert "Rien n’est détruit dans ces villes" in page
    refused = await site.post("/conservation/approbation", "/conservation", liste=waiting.mark)
    assert refused.status_code == 409
    assert "1 requête a atteint la fin de sa conservation et n’est pas détruite" in await site.page()


async def test_a_count_that_fails_is_told_and_the_overview_stays(site, monkeypatch):
    async def broken(host, towns):
        raise RuntimeError("no lists")

    await site.sign_in()
    monkeypatch.setattr("parvis_disposal.operators.lists_to_approve", broken)
    assert "retention" in await site.page()
