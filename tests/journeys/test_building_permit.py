"""A building permit: from the question whether one is needed to the last inspection, by all who have a part in it."""

import io
from functools import cache
from typing import TYPE_CHECKING

import pikepdf
import pytest
from playwright.async_api import expect

from . import desk, portal
from .people import AGENTS, DESK, People
from .walking import answer, choose, press, press_button, press_link, see, see_heading, sign_in, today, working_day
from .words import say

if TYPE_CHECKING:
    from playwright.async_api import Page

ADDRESS = {"fr": "6365, 1re Avenue", "en": "5050, 18e Avenue"}
BOTH = [pytest.param("fr", True, id="in French"), pytest.param("en", False, id="in English, without scripts")]


@cache
def plan(title: str) -> bytes:
    """A sheet of a plan, as PDF."""
    written = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page(page_size=(1224, 792))
        document.docinfo["/Title"] = title
        document.save(written)
    return written.getvalue()


def sheet(name: str) -> dict:
    return {"name": name, "mimeType": "application/pdf", "buffer": plan(name)}


@pytest.mark.parametrize(("language", "scripts"), BOTH)
async def test_an_extension_from_the_question_to_the_last_inspection(people: People, language, scripts):
    owner_email = f"proprietaire.{language}@exemple.ca"
    address = ADDRESS[language]

    # Is a permit needed? What the by-law says of the land, what it costs, how long it takes.
    owner = await people.come(language, scripts=scripts)
    await owner.goto({"fr": "/fr/services/permis/construction", "en": "/en/services/permits/building"}[language])
    await press_link(owner, say("need_permit", language))
    await owner.locator("#adresse").fill(address)
    await choose(owner, say("want_to_do", language), say("enlarge", language))
    if not scripts:
        await press_button(owner, say("see_answer", language))
    await owner.locator("[name=floor_area]").fill("48")
    await owner.locator("[name=dwellings]").fill("6")
    await owner.locator("[name=work_value]").fill("185000")
    await press_button(owner, say("see_answer", language))
    await see(owner, say("permit_needed", language), "H-12", say("total", language))
    await press_button(owner, say("start_with", language))

    # The form, with what was told already in it.
    await see_heading(owner, say("building_permit", language))
    await press_button(owner, say("continue", language))
    await choose(owner, say("capacity", language), say("is_owner", language))
    await press_button(owner, say("continue", language))
    await choose(owner, say("which_building", language), say("six_dwellings", language))
    await press_button(owner, say("continue", language))
    await owner.locator("textarea").first.fill("Deux étages à l’arrière. / Two storeys at the back.")
    await owner.locator("[name=storeys]").fill("2")
    await expect(owner.locator("[name=floor_area]")).to_have_value("48")
    await press_button(owner, say("continue", language))
    await choose(owner, say("who_works", language), say("myself", language))
    await press_button(owner, say("continue", language))
    for field in ("survey", "plans"):
        await owner.locator(f"input[type=file][name={field}]").set_input_files([sheet(f"{field}.pdf")])
    if scripts:
        await expect(owner.locator("ul.files li")).to_have_count(2)
    await press_button(owner, say("continue", language))
    await owner.locator("[name=declaration]").check()
    await press_button(owner, say("continue", language))
    await owner.locator("input[name=name]").fill("Aïcha Benali")
    await owner.locator("input[name=email]").fill(owner_email)
    await press_button(owner, say("continue", language))
    reference, link = await portal.send(owner, language)

    # The file is checked: a plan cannot be read. The owner corrects exactly that, once.
    agent = await people.come("fr", width=DESK, scripts=scripts)
    await sign_in(agent, AGENTS[f"clerk-{language}"])
    await agent.goto(f"/bureau/requete/{reference}")
    await desk.move(agent, "check")
    await press(agent, await desk.uncovered(agent.locator("a[href$='/complements/completeness']").first))
    await agent.locator("[name='points.plans.mark']").check()
    await agent.locator("[name='points.plans.reason']").select_option("unreadable")
    await press(agent, agent.locator("button[value=preview]").first)
    await press(agent, agent.locator("button[value=send]"))
    await owner.goto(link)
    await press(owner, owner.locator(f"a[href*='/{say('supplements', language)}/']").first)
    await expect(owner.locator("input[type=file]")).to_have_count(1)
    await owner.locator("input[type=file][name=plans]").set_input_files([sheet("plans-2.pdf")])
    await press(owner, owner.locator("button[value=send]"))
    await agent.goto(f"/bureau/requete/{reference}")
    await see(agent, "plans-2.pdf")

    # Complete: the statutory clock begins, and the required opinions are asked for; the fire officer by a private link.
    await desk.move(agent, "accept")
    officer = await people.come("fr", width=DESK, scripts=scripts)
    await portal.letter_about(officer, "prevention@incendie.example", reference)
    await portal.press_in_letter(officer, "/avis/")
    await see(officer, reference, "Deux étages à l’arrière. / Two storeys at the back.")
    for hidden in ("Aïcha Benali", owner_email):
        assert hidden not in await officer.content()
    await give_opinion(officer, "conditional", "Gicleurs au sous-sol.", truck_access="yes")
    for task in ("zoning", "engineering"):
        await agent.goto(f"/bureau/requete/{reference}")
        await press(agent, agent.locator(".tasks a", has_text=say(task, language)).first)
        await give_opinion(agent, "favourable", "")

    # All have spoken: the decision is due. Nobody outside has read a word of what was said.
    manager = await people.come("fr", width=DESK, scripts=scripts)
    await sign_in(manager, AGENTS[f"manager-{language}"])
    await manager.goto(f"/bureau/requete/{reference}")
    await see(manager, "Gicleurs au sous-sol.")
    await owner.goto(link)
    assert "Gicleurs" not in await owner.content()
    await desk.move(manager, "approve", {"conditions": "Gicleurs au sous-sol.\nChantier clôturé."})

    # The fees, line by line, paid at the counter: the permit is issued by itself.
    await owner.reload()
    await see(owner, "$")
    await agent.goto(f"/bureau/requete/{reference}")
    await press(agent, agent.locator("a[href*='/frais/']").first)
    await agent.locator("[name=deed][value=terminal]").check()
    await agent.locator("[name=note]").fill("T-4471")
    await press(agent, agent.locator("form.panel button[type=submit]"))
    await owner.reload()
    await see(owner, say("permit_issued", language), "PC-")
    paper = await (await owner.request.get(await pdf_address(owner))).body()
    with pikepdf.open(io.BytesIO(paper)) as opened:
        assert "PC-" in str(opened.docinfo["/Title"])

    # Anybody may verify it, and learns nothing personal.
    stranger = await people.come(language, scripts=scripts)
    await stranger.goto(await owner.locator(f"a[href*='/{say('verify', language)}/']").first.get_attribute("href"))
    await see(stranger, "PC-", say("is_valid", language))
    assert "Benali" not in await stranger.content()

    if not scripts:
        return  # what follows is the inspector's day, the same in both languages

    # Works begin; the inspector passes three times, on a telephone, and the file is compliant by itself.
    await press(owner, owner.locator("a[href$='/start_works']").first)
    await answer(owner, "started_on", today())
    await press(owner, owner.locator("main form button[type=submit]").last)
    inspector = await people.come("fr", scripts=scripts)
    await sign_in(inspector, AGENTS[f"clerk-{language}"])
    for visit in ("Semelles", "Charpente", "finale"):
        await inspect(agent, inspector, reference, visit)
    await owner.goto(link)
    await see(owner, say("compliant", language))
    await agent.goto(f"/bureau/requete/{reference}")
    await expect(agent.locator(".chain--broken")).to_have_count(0)


async def pdf_address(page: "Page") -> str:
    """Where the permit on the page of its request is saved from."""
    address = await page.locator("a[href*='/documents/']").first.get_attribute("href")
    assert address is not None
    return address


async def inspect(agent: "Page", inspector: "Page", reference: str, visit: str) -> None:
    """Planned at the desk for today, or for the next day that the town is open; made on a telephone: all in order."""
    await agent.goto(f"/bureau/requete/{reference}")
    await press(agent, agent.locator("a[href*='/bureau/visites/']", has_text=visit).first)
    form = agent.locator("form[action$='/plan']")
    await form.locator("[name=day]").fill(working_day().isoformat())
    await form.locator("[name=inspector]").select_option(index=1)
    await press(agent, form.locator("button[type=submit]"))
    await inspector.goto(agent.url.replace("/bureau/visites/", "/bureau/terrain/").partition("?")[0])
    for box in await inspector.locator("[name$='.finding'][value=ok]").all():
        await box.check()
    await press(inspector, inspector.locator("form[data-field-form] button[type=submit]").last)


async def give_opinion(page: "Page", recommendation: str, conditions: str, **answers: str) -> None:
    """On a task's page or on that of a body outside the town."""
    form = page.locator("form", has=page.locator("[name$='recommendation']"))
    for name, value in answers.items():
        await form.locator(f"[name$='{name}'][value={value}]").check()
    await form.locator(f"[name$='recommendation'][value={recommendation}]").check()
    if conditions:
        await form.locator("[name$='conditions']").fill(conditions)
    await press(page, form.locator("button[type=submit]").first)
    await expect(page.locator("main .banner--ok")).to_be_visible()
