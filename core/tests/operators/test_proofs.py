"""What retention will do, the signed register of what it did, and whether histories are whole."""

from datetime import timedelta

from parvis import clock
from parvis.db import unit
from parvis.db.tables import Entry, ServiceRequest
from parvis.people.agents import Grant
from parvis.requests.keeping.register import is_whole
from parvis.requests.keeping.retention import forget_due
from parvis.requests.records import find


async def due(site, days=-1):
    """A request whose retention ends in so many days."""
    [one, *_] = await site.deliveries()
    async with unit(site.heart.engine):
        when = clock.now() + timedelta(days=days)
        await ServiceRequest.update({ServiceRequest.retention_due_at: when}).where(
            ServiceRequest.reference == one.reference
        )
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
    assert (await find(site.heart, now)).erased_at is None


async def test_what_will_be_destroyed_of_a_town_is_shown_to_its_own_operators(site):
    reference = await due(site)
    await site.sign_in(grants=(Grant(role="operator", jurisdiction="rivemont"),))
    assert reference not in await site.page("/conservation")


async def test_the_register_is_signed_and_a_changed_copy_is_found_out(site):
    await site.sign_in()
    reference = await due(site)
    await forget_due(site.heart)
    answer = await site.get("/conservation/registre.csv")
    assert answer.headers["content-disposition"].startswith('attachment; filename="registre-')
    kept = answer.text
    assert reference in kept
    assert "parvis,hole" in kept
    assert "Zoé" not in kept
    assert is_whole(site.heart.secret, kept)
    assert is_whole(site.heart.secret, kept.replace("\r\n", "\n"))
    for changed in (kept.replace(reference, "0000-0000-0"), kept.rpartition("hmac")[0], "", "hmac-sha256,", "\x00"):
        assert not is_whole(site.heart.secret, changed)
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


async def test_a_history_is_whole_until_somebody_changes_it_behind_our_back(site):
    await site.sign_in(language="en")
    [one] = await site.deliveries()
    assert "is whole" in await site.page("/historiques", reference=one.reference.lower())
    assert "There is no request" in await site.page("/historiques", reference="7777-7777-7")
    record = await find(site.heart, one.reference)
    async with unit(site.heart.engine):
        await Entry.update({Entry.body: "{}"}).where(Entry.request == record.id)
    assert "broken at entry 1" in await site.page("/historiques", reference=one.reference)
