"""The desk in a real browser: keys that walk the queue, all of it without scripts."""

import asyncio
from pathlib import Path

import pyotp
import pytest

from parvis import clock
from parvis.people.agents import agents
from parvis.people.one_time import enrol, new_secret
from parvis.requests.history import entries_of
from parvis.requests.visibility import Viewer
from parvis.requests.work.presence import Presence
from parvis_testing.browsing import at_the_desk, expect, served
from parvis_testing.desk import PASSWORD, said

pytestmark = pytest.mark.browser
STRANGER = Viewer(kind="agent", id="somebody else")


async def test_keys_walk_the_queue_and_open_the_steps(desk, chromium):
    first, second = await desk.request("hole", "roads"), await desk.request("hole", "roads")
    async with at_the_desk(desk, chromium, "agent") as page:
        await page.goto("/bureau?tri=oldest", wait_until="networkidle")
        await page.keyboard.press("j")
        await page.keyboard.press("j")
        await page.keyboard.press("k")
        await page.keyboard.press("Enter")
        await page.wait_for_url(f"**/{first.reference}", wait_until="networkidle")
        await page.keyboard.press(".")
        await expect(page.get_by_role("button", name="Commencer")).to_be_focused()
        await page.keyboard.press("Enter")
        await expect(page.locator(".banner")).to_contain_text(said("The step is completed."))
        await page.keyboard.press(".")
        await page.keyboard.press(".")
        await page.keyboard.press("1")
        assert await page.evaluate("document.activeElement.closest('[data-number=\"1\"][open] form') !== null")
        await page.locator("h1").click()
        await page.keyboard.press("?")
        await expect(page.locator("#shortcuts")).to_be_visible()
        await page.keyboard.press("Escape")
        await page.keyboard.press("a")
        assert await page.evaluate("document.activeElement.closest('[data-key-assign]') !== null")
    assert second.reference != first.reference


async def test_most_is_answered_beside_the_list_by_keys_alone(desk, chromium):
    first, second = await desk.request("hole", "roads"), await desk.request("hole", "roads")
    async with at_the_desk(desk, chromium, "agent", viewport={"width": 1366, "height": 900}) as page:
        await page.goto("/bureau?tri=oldest", wait_until="networkidle")
        await page.locator("tr[data-row] .row-words").first.press("Enter")
        beside = page.locator("#apercu")
        await expect(beside).to_contain_text(first.reference)
        await page.locator("tr[data-row] th a").first.focus()
        await page.keyboard.press("j")
        await expect(beside).to_contain_text(second.reference)
        await page.keyboard.press("k")
        await expect(beside).to_contain_text(first.reference)
        await page.keyboard.press("e")
        await expect(page.locator("#reply-words")).to_be_focused()
        await page.keyboard.type("Nous passons demain.")
        await beside.get_by_role("button", name=said("Send the message"), exact=True).press("Enter")
        await expect(page.locator(".banner")).to_contain_text(first.reference)
        await expect(beside).to_contain_text(second.reference)
        assert "tri=oldest" in page.url
        await beside.get_by_role("link", name=said("Close the preview")).press("Enter")
        await expect(beside).to_have_count(0)


async def test_keys_beside_the_list_act_on_the_line_at_hand_and_what_is_begun_stays(desk, chromium):
    first, second = await desk.request("hole", "roads"), await desk.request("hole", "roads")
    async with at_the_desk(desk, chromium, "agent", viewport={"width": 1366, "height": 900}) as page:
        lines, beside, box = page.locator("tr[data-row] th > a:first-child"), page.locator("#apercu"), "#reply-words"
        may_come = asyncio.Event()

        async def held(route):
            await may_come.wait()
            await route.continue_()

        await page.goto(f"/bureau?tri=oldest&apercu={first.reference}", wait_until="networkidle")
        await page.route(f"**/*apercu={second.reference}*", held)
        await lines.nth(1).focus()
        await page.keyboard.press("e")
        await expect(lines.nth(1)).to_be_focused()  # the answer box of the former one stays shut
        may_come.set()
        await expect(beside.locator(box)).to_be_focused()
        await expect(beside).to_have_attribute("data-preview-of", second.reference)
        may_come.clear()
        await page.goto(f"/bureau?tri=oldest&apercu={first.reference}", wait_until="networkidle")
        async with page.expect_request(f"**/*apercu={second.reference}*"):
            await lines.nth(1).focus()
        await page.evaluate("document.querySelector('#reply-words').value = 'Nous passons demain.'")
        may_come.set()
        await expect(beside.locator(box)).to_be_focused()
        await beside.get_by_role("link", name=said("Close the preview")).press("Enter")
        await expect(beside.locator("[data-preview-status]")).not_to_be_empty()
        await expect(beside.locator(box)).to_have_value("Nous passons demain.")
        await page.set_viewport_size({"width": 1024, "height": 800})
        await page.goto(f"/bureau?tri=oldest&apercu={first.reference}", wait_until="networkidle")
        await lines.nth(1).focus()
        await page.keyboard.press("t")
        await page.wait_for_url(f"**/bureau/requete/{second.reference}")
    assert (await desk.record(first.reference)).assignee is None


async def test_an_answer_begun_beside_the_list_in_a_narrow_window_is_there_again_after_leaving(desk, chromium):
    record = await desk.request("hole", "roads")
    async with at_the_desk(desk, chromium, "agent", viewport={"width": 1024, "height": 800}) as page:
        box = page.locator("#apercu #reply-words")
        await page.goto(f"/bureau?apercu={record.reference}", wait_until="networkidle")
        await box.fill("Nous passons demain.")
        await page.goto("/bureau", wait_until="networkidle")
        await page.goto(f"/bureau?apercu={record.reference}", wait_until="networkidle")
        await expect(box).to_have_value("Nous passons demain.")
        await expect(page.locator("[data-preview-status]")).to_have_text(said("Your unsent message has been restored."))
        await page.route("**/*", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
        await page.locator("#apercu [name=_send]").click()  # a line that breaks
        await page.wait_for_url("chrome-error://**")
        await page.unroute_all()
        await page.goto(f"/bureau?apercu={record.reference}", wait_until="networkidle")
        await expect(box).to_have_value("Nous passons demain.")
        async with page.expect_navigation(wait_until="networkidle"):
            await page.locator("#apercu [name=_send]").click()
        await page.goto(f"/bureau?apercu={record.reference}", wait_until="networkidle")
        await expect(box).to_have_value("")


async def test_the_desk_works_without_scripts(desk, chromium):
    record = await desk.request("hole", "roads")
    ana = await desk.agent()
    async with served(desk.app, lifespan=False) as url:
        context = await chromium.new_context(base_url=url, java_script_enabled=False, locale="fr-CA")
        page = await context.new_page()
        await page.goto("/bureau")
        await page.get_by_label(said("Email")).fill(ana.email)
        await page.get_by_label(said("Password")).fill(PASSWORD)
        await page.keyboard.press("Enter")
        await page.get_by_role("link", name="Trou", exact=True).click()
        await page.get_by_role("button", name="Commencer").click()
        await expect(page.locator(".banner")).to_contain_text(said("The step is completed."))
        await context.close()
    assert (await desk.record(record.reference)).state == "working"


async def test_the_queue_is_a_map_whose_pins_lead_to_the_requests(desk, chromium):
    known = await desk.request("hole", "roads")
    async with at_the_desk(desk, chromium, "agent") as page:
        await page.goto("/bureau?unite=roads")
        await page.get_by_role("link", name="Afficher sur une carte").click()
        pin = page.locator(".leaflet-marker-icon")
        await expect(pin).to_have_count(1)
        await pin.click()
        await page.locator(".leaflet-popup-content a").click()
        await page.wait_for_url(f"**/bureau/requete/{known.reference}")


async def test_a_colleague_is_seen_writing_without_a_reload_until_her_words_are_sent(desk, chromium):
    hole = await desk.request("hole", "roads")
    path = f"/bureau/requete/{hole.reference}"
    async with at_the_desk(desk, chromium, "agent") as ana, at_the_desk(desk, chromium, "agent", name="Luc Roy") as luc:
        await luc.clock.install()
        for page in (ana, luc):
            await page.goto(path, wait_until="networkidle")
        told = luc.locator("[data-presence]")
        await expect(told).to_have_text("")
        await ana.get_by_text(said("Note for colleagues")).click()
        async with ana.expect_response(lambda answer: answer.url.endswith("/presence")):
            await ana.locator("#note-words").press_sequentially("Garantie")
        await luc.clock.run_for(21_000)
        await expect(told).to_have_text("Ana Tremblay écrit ici")
        await ana.get_by_role("button", name=said("Add the note")).click()
        await expect(ana.get_by_role("status").first).to_be_visible()
        await luc.clock.run_for(21_000)
        await expect(told).to_have_text("")
    (note,) = [entry for entry in await entries_of(await desk.record(hole.reference)) if entry.kind == "note"]
    assert note.personal["words"] == "Garantie"


async def test_a_page_that_is_left_tells_that_nobody_writes_there_any_more(desk, chromium, monkeypatch):
    hole, left = await desk.request("hole", "roads"), asyncio.Event()
    monkeypatch.setattr(desk.host.of(Presence), "gone", lambda who, reference: left.set())
    async with at_the_desk(desk, chromium, "agent") as page:
        await page.goto(f"/bureau/requete/{hole.reference}", wait_until="networkidle")
        await page.get_by_text(said("Note for colleagues")).click()
        async with page.expect_response(lambda answer: answer.url.endswith("/presence")):
            await page.locator("#note-words").press_sequentially("Non, rien")
        (ana,) = desk.host.of(Presence).others([hole.reference], STRANGER)[hole.reference]
        assert ana.name == "Ana Tremblay"
        assert not left.is_set()
        await page.goto("/bureau")
        await asyncio.wait_for(left.wait(), 30)


async def test_a_form_of_its_own_tells_of_others_and_counts_until_it_is_left(desk, chromium, monkeypatch):
    hole, left, gone = await desk.request("hole", "roads"), asyncio.Event(), desk.host.of(Presence).gone
    monkeypatch.setattr(desk.host.of(Presence), "gone", lambda *who: (gone(*who), left.set()))
    path = f"/bureau/requete/{hole.reference}"
    async with at_the_desk(desk, chromium, "agent") as ana, at_the_desk(desk, chromium, "agent", name="Luc Roy") as luc:
        await luc.clock.install()
        await luc.goto(f"{path}/coordonnees", wait_until="networkidle")
        told = luc.locator("[data-presence]")
        await expect(told).to_have_text("")
        async with ana.expect_response(lambda answer: answer.url.endswith("/presence")):
            await ana.goto(f"{path}/correction")
        await luc.clock.run_for(21_000)
        await expect(told).to_have_text("Ana Tremblay écrit ici")
        assert not left.is_set()
        await ana.goto("/bureau")
        await asyncio.wait_for(left.wait(), 30)
        await luc.clock.run_for(21_000)
        await expect(told).to_have_text("")


@pytest.mark.parametrize(("language", "sets"), [("fr", "État\u00a0: "), ("en", "State: ")])
async def test_on_a_telephone_each_line_of_a_request_is_named_as_the_language_sets_its_colon(
    desk, chromium, language, sets
):
    await desk.request("hole", "roads")
    async with at_the_desk(desk, chromium, language=language, viewport={"width": 360, "height": 800}) as page:
        await page.goto("/bureau")
        cells = (
            "[...document.querySelectorAll('td[data-name]')].map(each => getComputedStyle(each, '::before').content)"
        )
        assert f'"{sets}"' in [shown.replace('" "', "") for shown in await page.evaluate(cells)]


@pytest.mark.parametrize("scripts", [True, False])
async def test_recovery_codes_are_downloaded_as_a_text_and_one_opens_the_door(desk, chromium, scripts):
    async with at_the_desk(desk, chromium, "agent", java_script_enabled=scripts) as page:
        (ana,) = [one for one in await agents(desk.host.engine) if one.name == "Ana Tremblay"]
        secret = new_secret()
        await enrol(desk.host.engine, ana.id, secret, pyotp.TOTP(secret).at(clock.now()), desk.host.secret)
        await page.goto("/bureau/compte")
        await page.locator("#anew-current").fill(PASSWORD)
        await page.locator("form[action$='/codes-de-secours'] button").click()
        shown = await page.locator(".recovery code").all_inner_texts()
        await expect(page.locator("[data-print]")).to_be_visible(visible=scripts)
        async with page.expect_download() as saving:
            await page.locator("a[download]").click()
        saved = await saving.value
        assert saved.suggested_filename == "codes-de-secours.txt"
        kept = Path(await saved.path()).read_text("utf-8").split()
        assert [each for each in kept if each in shown] == shown
        await page.context.clear_cookies()
        await page.goto("/connexion?next=/bureau/ce-qui-traine")
        await page.locator("#email").fill(ana.email)
        await page.locator("#password").fill(PASSWORD)
        await page.locator("main button[type=submit]").click()
        await page.locator("#code").fill(shown[3])
        await page.locator("main button[type=submit]").click()
        await page.wait_for_url("**/bureau/ce-qui-traine")


async def test_what_a_button_shows_is_in_sight_when_the_page_is_back(desk, chromium):
    made = await desk.request("hole", "roads")
    async with at_the_desk(desk, chromium, "agent", viewport={"width": 360, "height": 640}) as page:
        await page.goto(f"/bureau/requete/{made.reference}")
        await page.locator("#reply-words").fill("Bonjour,")
        await page.locator("form:has(#reply-words) button", has_text=said("Preview the message")).click()
        await expect(page.locator("#preview")).to_be_in_viewport()
