"""An inspector's phone where the network comes and goes: the round is carried, results are kept, each is sent once."""

from contextlib import asynccontextmanager
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest

from parvis import clock
from parvis.people.sessions import begin_session, end_session
from parvis.requests.attached.attachments import kept_of
from parvis_inspections.tables import InspectionResult
from parvis_inspections.visits import results_of, visits_of
from parvis_testing.browsing import expect, served

from .test_visits import begun, picture, planned

pytestmark = pytest.mark.browser
PHONE = {"width": 360, "height": 740}
WEDNESDAY = datetime(2026, 9, 16, 14, tzinfo=UTC)
SITE = "/bureau/terrain"


@asynccontextmanager
async def on_site(desk, chromium):
    """A page on a phone; people sign in on it with `become`."""
    async with served(desk.app, lifespan=False) as url:
        context = await chromium.new_context(base_url=url, viewport=PHONE, service_workers="allow", locale="fr-CA")
        page = await context.new_page()
        broken = []
        page.on("pageerror", lambda error: broken.append(str(error)))
        await page.goto("/connexion")
        yield page
        await context.close()
        assert broken == []


async def sign_out(page):
    await page.locator(".menu--own summary").click()
    await page.locator("form[action='/deconnexion'] button").click()


async def become(desk, page, person):
    token = await begin_session(desk.host.engine, person.id, "Phone")
    here = urlsplit(page.url)
    cookie = {"name": "parvis_session", "value": token, "url": f"{here.scheme}://{here.netloc}"}
    await page.context.add_cookies([cookie])
    return token


async def today(desk, person):
    """A visit of this person for the day that it is."""
    record, visits = await begun(desk)
    return record, await planned(desk, record, visits["footing"], person, WEDNESDAY.date().isoformat())


CARRIED = """
new Promise(done => {
  const workers = navigator.serviceWorker;
  if (workers.controller) return done(true);
  workers.addEventListener("controllerchange", () => done(true), { once: true });
  setTimeout(() => done(Boolean(workers.controller)), 5000);
})
"""


async def carried(page, path):
    await page.goto(path)
    await expect(page.locator("[data-field-round][data-ready]")).to_be_attached()
    await page.evaluate("navigator.serviceWorker.ready.then(ready => Boolean(ready.active))")
    if not await page.evaluate(CARRIED):  # our policy forbids the eval by which playwright asks again
        await page.reload()  # a busy browser told this page of no worker; the next one has it from the start
        await expect(page.locator("[data-field-round][data-ready]")).to_be_attached()
        assert await page.evaluate(CARRIED)


async def fill_in(page, note="Il manque 20 cm"):
    await expect(page.locator("form[data-field-form][data-ready]")).to_be_attached()
    await page.locator("input[name='points.depth.finding'][value=not_ok]").check()
    await page.locator("[name='points.depth.note']").fill(note)
    photo = {"name": "semelle.jpg", "mimeType": "image/jpeg", "buffer": picture()}
    await page.locator("[name='points.depth.photos'][type=file]").set_input_files([photo])
    await page.locator("input[name='points.drain.finding'][value=ok]").check()
    await page.locator("#notice").check()
    await expect(page.locator("[data-field-state]")).to_contain_text("Gardé sur cet appareil")


async def test_a_checklist_filled_in_without_network_is_sent_by_one_press_and_kept_once(desk, chromium):
    ana = await desk.agent("agent", "permits")
    with clock.moved_to(WEDNESDAY):
        record, visit = await today(desk, ana)
        async with on_site(desk, chromium) as page:
            await become(desk, page, ana)
            await carried(page, SITE)
            await page.context.set_offline(True)
            await page.goto(f"{SITE}/{visit.id}")
            await fill_in(page)
            await page.reload()
            await expect(page.locator("[name='points.depth.note']")).to_have_value("Il manque 20 cm")
            await expect(page.locator("[data-point=depth] ul.files li")).to_have_count(1)
            await page.locator("form[data-field-form] [type=submit]").click()
            await page.wait_for_url(f"**{SITE}")
            button = page.locator("[data-field-send]")
            await expect(button).to_have_text("Envoyer (1)")
            await button.click()
            await expect(page.locator("[data-field-state]")).to_contain_text("Pas de réseau")
            assert await InspectionResult.count() == 0
            await page.context.set_offline(False)
            await page.goto(SITE)
            await expect(button).to_have_text("Envoyer (1)")
            assert await InspectionResult.count() == 0
            await button.click()
            await expect(page.locator("[data-field-list]")).to_contain_text("envoyé")
            await page.goto(SITE)
            await expect(page.locator("[data-field-round][data-ready]")).to_be_attached()
            await expect(button).to_be_hidden()
    (result,) = (await results_of([visit.id]))[visit.id]
    assert (result.outcome, result.found["depth"].note) == ("failed", "Il manque 20 cm")
    assert len(await kept_of(record)) == 1
    assert [each.state for each in await visits_of(record.id) if each.code == "footing"] == ["failed", "wanted"]


async def test_what_is_cut_off_midway_sent_from_two_tabs_or_after_the_session_is_lost_nowhere(desk, chromium):
    ana = await desk.agent("agent", "permits")
    with clock.moved_to(WEDNESDAY):
        _, visit = await today(desk, ana)
        async with on_site(desk, chromium) as page:
            token = await become(desk, page, ana)
            await carried(page, SITE)
            await page.goto(f"{SITE}/{visit.id}")
            await fill_in(page)
            # The town keeps the result, and its answer never comes back.
            await page.route(f"**{SITE}/{visit.id}", lost_answer)
            await page.locator("form[data-field-form] [type=submit]").click()
            await page.wait_for_url(f"**{SITE}")
            await page.unroute(f"**{SITE}/{visit.id}")
            assert await InspectionResult.count() == 1
            await end_session(desk.host.engine, token)
            button = page.locator("[data-field-send]")
            await expect(button).to_have_text("Envoyer (1)")
            await button.click()
            await expect(page.locator("[data-field-sign-in]")).to_be_visible()
            await become(desk, page, ana)
            other = await page.context.new_page()
            for tab in (page, other):
                await tab.goto(SITE)
                await expect(tab.locator("[data-field-send]")).to_have_text("Envoyer (1)")
            await button.click()
            await other.locator("[data-field-send]").click()
            # One of the two sends; the other says that it does, or finds nothing left.
            for tab in (page, other):
                await expect(tab.locator("[data-field-send]")).to_be_enabled()
            for tab in (page, other):
                await tab.goto(SITE)
                await expect(tab.locator("[data-field-send]")).to_be_hidden()
    assert await InspectionResult.count() == 1


async def lost_answer(route):
    if route.request.method != "POST":
        return await route.continue_()
    await route.fetch()
    await route.abort("connectionreset")


async def test_another_person_on_the_same_phone_finds_nothing_and_the_first_finds_it_again(desk, chromium):
    ana, marc = await desk.agent("agent", "permits"), await desk.agent("agent", "permits", name="Marc Roy")
    with clock.moved_to(WEDNESDAY):
        _, visit = await today(desk, ana)
        async with on_site(desk, chromium) as page:
            await become(desk, page, ana)
            await carried(page, SITE)
            await page.context.set_offline(True)
            await page.goto(f"{SITE}/{visit.id}")
            await fill_in(page)
            await page.locator("form[data-field-form] [type=submit]").click()
            await page.wait_for_url(f"**{SITE}")
            await page.context.set_offline(False)
            await page.goto("/bureau/compte")
            await sign_out(page)
            await expect(page.locator("[role=alert]")).to_contain_text("1 résultat n’est pas envoyé")
            await sign_out(page)
            await page.wait_for_url("**/connexion**")
            assert await page.evaluate("caches.has('field')") is False
            await become(desk, page, marc)
            await page.goto(f"{SITE}/{visit.id}")
            await expect(page.locator("form[data-field-form][data-ready]")).to_be_attached()
            await expect(page.locator("[name='points.depth.note']")).to_have_value("")
            await page.goto(SITE)
            await expect(page.locator("[data-field-send]")).to_be_hidden()
            assert "20 cm" not in str(await page.evaluate(EVERYTHING))
            await become(desk, page, ana)
            await page.goto(SITE)
            await page.locator("[data-field-send]").click()
            await expect(page.locator("[data-field-list]")).to_contain_text("envoyé")
    assert await InspectionResult.count() == 1


EVERYTHING = """async () => {
  const asked = (act) => new Promise((done) => (act.onsuccess = ({ target }) => done(target.result)));
  const base = await asked(indexedDB.open("parvis-field"));
  const rows = await asked(base.transaction("works").objectStore("works").getAll());
  base.close();
  return rows.map((row) => JSON.stringify(row) + new TextDecoder().decode(row.sealed.bytes));
}"""


async def test_a_result_that_is_refused_says_why_and_stays(desk, chromium):
    ana, marc = await desk.agent("agent", "permits"), await desk.signed_in("agent", "permits", name="Marc Roy")
    with clock.moved_to(WEDNESDAY):
        _, visit = await today(desk, ana)
        async with on_site(desk, chromium) as page:
            await become(desk, page, ana)
            await carried(page, SITE)
            await page.context.set_offline(True)
            await page.goto(f"{SITE}/{visit.id}")
            await fill_in(page)
            await page.locator("form[data-field-form] [type=submit]").click()
            await page.wait_for_url(f"**{SITE}")
            await marc.get(f"{SITE}/{visit.id}")
            await marc.post(f"{SITE}/{visit.id}", _key="m", outcome="missed", words="Personne")
            await page.context.set_offline(False)
            await page.goto(SITE)
            await page.locator("[data-field-send]").click()
            await expect(page.locator("[data-field-list]")).to_contain_text("Marc Roy")
            await page.goto(f"{SITE}/{visit.id}")
            await expect(page.locator("[name='points.depth.note']")).to_have_value("Il manque 20 cm")
    assert await InspectionResult.count() == 1
