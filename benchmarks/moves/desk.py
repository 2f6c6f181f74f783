"""Ways of an agent by the keyboard alone, from a request, a mail or the queue that is open to what was to be done."""

import csv
import io
import re
from typing import Any

from benchmarks.moves.hands import Hands

TELEPHONE = False
TOLD = (
    "By keyboard alone at 1280 by 900 pixels, in French and in English (`French / English` where they differ), as a "
    "manager who knows the keys, with the page open already. Taps are keys of their own: shortcuts, Tab, Enter; of two "
    "ways by Tab the shorter one. A person chosen in a list by the first letters counts as signs."
)
EMAIL, PASSWORD = "gestion@parvis.example", "demo-gestion"
ANSWER = {"fr": "Une équipe passe demain matin.", "en": "A crew comes tomorrow morning."}
CALLER, PLACE = "Tremblay", "4563 saint-urb"
SPOKEN = {"fr": "gros trou dans la rue", "en": "big hole in the street"}
ENOUGH = 160  # presses of Tab after which nobody goes on
STEPS = """target => {
  const shown = each => each.checkVisibility() && !each.disabled && each.tabIndex >= 0;
  const boxes = "a[href], button, input:not([type=hidden]), select, textarea, summary";
  const every = [...document.querySelectorAll(boxes)].filter(shown);
  const active = document.activeElement;
  const from = active === document.body ? document.querySelector(location.hash || "body") : active;
  const at = every.indexOf(from);
  const passed = each => from.compareDocumentPosition(each) & Node.DOCUMENT_POSITION_PRECEDING;
  return every.indexOf(target) - (at < 0 ? every.filter(passed).length - 1 : at);
}"""
FOCUSED = "target => target === document.activeElement"
USED: set[str] = set()


async def take(hands: Hands) -> None:
    await _open(hands, "triage", 'name="_take"')
    await _key(hands, "t", "a")
    if not await _has(hands, "t"):
        await hands.key("Enter", leads_on=True)
    await _done(hands)


async def make_the_next_step(hands: Hands) -> None:
    await _open(hands, "triage")
    await _step(hands, "triage")


async def answer(hands: Hands) -> None:
    await _open(hands, "resolve")
    box = hands.page.locator("#reply-words")
    await _come_to(hands, "e", box)
    await _type(hands, ANSWER[hands.language])
    await _send(hands, box)
    send = hands.page.locator("[name=_send]")
    if await hands.page.locator("#preview").count():
        await _reach(hands, send)
        await hands.key("Enter", leads_on=True)
    await _done(hands)


async def write_a_note(hands: Hands) -> None:
    await _open(hands, "resolve")
    box = hands.page.locator("#note-words")
    await _come_to(hands, "c", box)
    await _type(hands, ANSWER[hands.language])
    await _send(hands, box)
    await _done(hands)


async def give_it_to_somebody_else(hands: Hands) -> None:
    await _open(hands, "resolve")
    box = hands.page.locator("[data-key-assign] [name=assignee]")
    await hands.key("a")
    await _reach(hands, box)
    await _type(hands, "Cam")
    await _send(hands, box)
    await _done(hands)


async def ask_the_resident(hands: Hands) -> None:
    await _open(hands, "need_information")
    await _step(hands, "need_information", ANSWER[hands.language])


async def resolve(hands: Hands) -> None:
    await _open(hands, "resolve")
    await _step(hands, "resolve", ANSWER[hands.language])


async def reopen(hands: Hands) -> None:
    await _open(hands, "reopen")
    await _step(hands, "reopen", ANSWER[hands.language])


async def join_two(hands: Hands) -> None:
    other = await _found(hands, "resolve")
    await _open(hands, "resolve")
    box = hands.page.locator("#avec")
    await _come_to(hands, "l", box)
    await _type(hands, other)
    await hands.key("Enter", leads_on=True)
    sure = hands.page.locator("form[action$='/liens'][method=post] button[type=submit]").first
    await _reach(hands, sure)
    await hands.key("Enter", leads_on=True)


async def write_down_the_words_of_a_caller(hands: Hands) -> None:
    await _open(hands, "resolve")
    box = hands.page.locator("#received-words")
    await _come_to(hands, "p", box)
    await _type(hands, ANSWER[hands.language])
    await _send(hands, box)
    await _done(hands)


async def enter_a_call(hands: Hands) -> None:
    """From the queue to the receipt: a known caller, an address, what is said, the one question that is asked."""
    await _signed_in(hands)
    await hands.begin_at("/bureau")
    await hands.settle()
    hands.begin_anew()
    page = hands.page
    await hands.key("n", leads_on=True)
    await _reach(hands, page.locator("#who-box"))
    await _type(hands, CALLER)
    await _pick(hands, page.locator("#found-people .pick").first)
    await _say_where(hands)
    await _go_on(hands, page.locator("#what-box"))
    await _type(hands, SPOKEN[hands.language])
    await _pick(hands, page.locator("#found-types .pick").first)
    await _answer_and_open(hands)


async def open_a_mail(hands: Hands) -> None:
    """From a mail that is open to the receipt of the request that is made of it."""
    await _signed_in(hands)
    page = hands.page
    await page.goto("/bureau/courriels")
    found = [await each.get_attribute("href") for each in await page.locator("[data-row] th a").all()]
    waiting = next((each for each in found if each and each not in USED), None)
    assert waiting is not None, "no mail waits to be sorted"
    USED.add(waiting)
    await hands.begin_at(waiting)
    await hands.settle()
    hands.begin_anew()
    suggested = page.locator("main a.pick[href*='/bureau/nouvelle']")
    leading = suggested if await suggested.count() else page.locator("main a[href*='/bureau/nouvelle']")
    await _reach(hands, leading.first)
    await hands.key("Enter", leads_on=True)
    if not await page.locator("[name=_send]").count():
        await _reach(hands, page.locator("#found-types .pick").first)
        await hands.key("Enter", leads_on=True)
    if not await page.locator("#place").input_value():
        await _say_where(hands)
    await _answer_and_open(hands)


async def escalate(hands: Hands) -> None:
    """Make the request of the queue urgent that one is on."""
    await _signed_in(hands)
    page = hands.page
    await hands.begin_at("/bureau")
    await hands.settle()
    row = page.locator("[data-row]").filter(has_not_text=re.compile("Urgent", re.IGNORECASE))
    await row.first.locator("a").first.focus()
    hands.begin_anew()
    await hands.key("x")
    await hands.key("m", leads_on=True)
    await _reach(hands, page.locator("[name=priority]"))
    await _type(hands, "Urg")
    await _reach(hands, page.locator("[name=_do][value=priority]"))
    await hands.key("Enter", leads_on=True)
    if await page.locator("form[data-confirms]").count():
        await hands.key("Control+Enter", leads_on=True)
    else:
        await _reach(hands, page.locator("[name=_sure]"))
        await hands.key("Enter", leads_on=True)
    assert "/plusieurs/" in page.url, "nothing says that it is done"


async def _pick(hands: Hands, target: Any) -> None:
    """What was found for the words that were just typed: by the arrow down where it leads there, by Tab elsewhere."""
    await target.wait_for()
    await hands.page.wait_for_load_state("networkidle")
    await hands.key("ArrowDown")
    if not await target.evaluate(FOCUSED):
        hands.moves.taps -= 1
        await _reach(hands, target)
    await hands.key("Enter", leads_on=True)


async def _say_where(hands: Hands) -> None:
    await _reach(hands, hands.page.locator("#place"))
    await _type(hands, PLACE)
    await hands.page.get_by_role("option").first.wait_for()
    await hands.key("ArrowDown")
    await hands.key("Enter")
    await hands.settle()


async def _go_on(hands: Hands, box: Any) -> None:
    """From the box of the address to the next one, by Enter where the page goes on by it."""
    if await hands.page.locator("form[data-boxes]").count():
        await hands.key("Enter")
    await _reach(hands, box)


async def _answer_and_open(hands: Hands) -> None:
    """By Tab one comes to the first of the answers of a question, from below to the last one."""
    page = hands.page
    asked = page.locator("main fieldset:has(input[type=radio]):not(:has(.optional))")
    for question in await asked.all():
        answers = question.locator("input[type=radio]")
        if await answers.first.evaluate(STEPS) > 0:
            await _reach(hands, answers.first)
            await hands.key("ArrowDown")
        else:
            await _reach(hands, answers.last)
            await hands.key("Space")
    if await page.locator("#shortcuts kbd").filter(has_text="Ctrl").count():
        await hands.key("Control+Enter", leads_on=True)
    else:
        await _reach(hands, page.locator("[name=_send]"))
        await hands.key("Enter", leads_on=True)
    assert "recu=" in page.url, "nothing says that it is open"


async def _open(hands: Hands, step: str, having: str = "") -> None:
    """A request on which this step can be made, for a manager who reads this language; its page is open."""
    reference = await _found(hands, step, having)
    await hands.begin_at(f"/bureau/requete/{reference}")
    await hands.settle()
    hands.begin_anew()


async def _found(hands: Hands, step: str, having: str = "") -> str:
    await _signed_in(hands)
    listed = await hands.page.request.get("/bureau/liste.csv?ouvertes=toutes&type=pothole&type=street_light")
    rows = list(csv.reader(io.StringIO((await listed.text()).lstrip("\ufeff"))))
    for reference, *_ in reversed(rows[1:]):
        if reference in USED:
            continue
        shown = await (await hands.page.request.get(f"/bureau/requete/{reference}")).text()
        if f'/etape/{step}"' in shown and 'id="reply-words"' in shown and having in shown:
            USED.add(reference)
            return reference
    raise AssertionError(f"no request on which the step {step} can be made")


async def _signed_in(hands: Hands) -> None:
    page = hands.page
    await page.goto("/bureau/compte")
    if "/connexion" in page.url:
        await page.locator("#email").fill(EMAIL)
        await page.locator("#password").fill(PASSWORD)
        await page.locator("main button[type=submit]").first.click()
        await page.wait_for_url("**/bureau/compte*")
    language = page.locator("[name=language]")
    if (
        await language.first.input_value() != hands.language
        or await page.locator("html").get_attribute("lang") != hands.language
    ):
        form = page.locator("form", has=language)
        if await language.first.evaluate("each => each.tagName") == "SELECT":
            await language.select_option(hands.language)
        else:
            await page.locator(f"[name=language][value={hands.language}]").check()
        await form.locator("button[type=submit]").first.click()
        await page.wait_for_load_state("load")


async def _step(hands: Hands, code: str, words: str = "") -> None:
    form = hands.page.locator(f"form[action$='/etape/{code}']")
    await hands.key(".")
    if not await form.locator("button").first.is_visible():
        if await hands.page.locator("[data-key-more]", has=form).count():
            await hands.key(".")
            if await _has(hands, "1"):
                await hands.key(await form.evaluate("each => each.closest('[data-number]').dataset.number"))
        await _unfold(hands, form.locator("button").first)
    box = form.locator("textarea").first
    if words and await box.count():
        await _reach(hands, box, anchors=())
        await _type(hands, words)
        await _send(hands, box)
    else:
        await _reach(hands, form.locator("button[type=submit]").first, anchors=())
        await hands.key("Enter", leads_on=True)
    await _done(hands)


async def _has(hands: Hands, key: str) -> bool:
    """Whether the help of the page names the key."""
    return bool(await hands.page.locator("#shortcuts kbd").filter(has_text=re.compile(f"^{key}$")).count())


async def _key(hands: Hands, key: str, instead: str) -> None:
    known = await _has(hands, key)
    await hands.key(key if known else instead, leads_on=known)


async def _come_to(hands: Hands, key: str, box: Any) -> None:
    """To a box by its key; by Tab where there is none."""
    if await _has(hands, key):
        await hands.key(key)
        return
    await _unfold(hands, box)
    await _reach(hands, box)


async def _unfold(hands: Hands, target: Any) -> None:
    """Open what is folded around something, from the outside."""
    for fold in await hands.page.locator("details", has=target).all():
        if not await fold.evaluate("each => each.open"):
            await _reach(hands, fold.locator("summary").first)
            await hands.key("Enter")


async def _reach(hands: Hands, target: Any, anchors: tuple[str, ...] = (".", "a")) -> None:
    """By Tab, or by Tab from where a key leads, whichever is nearer."""
    if await target.evaluate(FOCUSED):
        return
    steps = await target.evaluate(STEPS)
    nearest, by = abs(steps), ""
    was = await hands.page.evaluate_handle("document.activeElement")
    for key, marked in ((".", "[data-key-moves]"), ("a", "[data-key-assign]")):
        anchor = hands.page.locator(f"{marked} :is(a, button, select, summary)").locator("visible=true").first
        if key in anchors and await anchor.count():
            await anchor.focus()
            if abs(away := await target.evaluate(STEPS)) + 1 < nearest:
                nearest, by, steps = abs(away) + 1, key, away
    await was.evaluate("each => each === document.body ? document.activeElement.blur() : each.focus()")
    if by:
        await hands.key(by)
    for _ in range(ENOUGH):
        if await target.evaluate(FOCUSED):
            return
        await hands.key("Tab" if steps > 0 else "Shift+Tab")
    raise AssertionError("Tab does not lead there")


async def _type(hands: Hands, words: str) -> None:
    hands.moves.signs += len(words)
    await hands.page.keyboard.type(words)


async def _send(hands: Hands, box: Any) -> None:
    """The button of the form, or the keys that press it."""
    if await hands.page.locator("#shortcuts kbd").filter(has_text="Ctrl").count():
        await hands.key("Control+Enter", leads_on=True)
        return
    pressed = box.locator("xpath=ancestor::form").locator("button[type=submit]:not([name=_insert]):visible").first
    await _reach(hands, pressed, anchors=())
    await hands.key("Enter", leads_on=True)


async def _done(hands: Hands) -> None:
    assert await hands.page.locator("main .banner--ok").count(), "nothing says that it is done"


WAYS = {
    "taking a request": take,
    "the usual next step": make_the_next_step,
    "answering": answer,
    "a note for colleagues": write_a_note,
    "what a caller adds": write_down_the_words_of_a_caller,
    "giving it to somebody else": give_it_to_somebody_else,
    "asking the resident": ask_the_resident,
    "joining it to another one": join_two,
    "resolving": resolve,
    "opening it again": reopen,
    "entering a call": enter_a_call,
    "a request out of a mail": open_a_mail,
    "escalating: making it urgent": escalate,
}
