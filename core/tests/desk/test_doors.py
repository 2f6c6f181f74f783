"""The door of the desk: who comes in, what the cookie is like, and what a stranger's page cannot do."""

import dataclasses
import re
from datetime import timedelta

import pyotp
import pytest
from msgspec.structs import replace

from parvis import clock
from parvis.app import create_app
from parvis.db.tables import Delivery
from parvis.jurisdictions.sign_in import SIGN_IN
from parvis.people.one_time import MANY, enrol, new_secret
from parvis.people.sessions import begin_session, device_in, person_of, sessions_of
from parvis.people.sign_in import BY_CALLER, WINDOW
from parvis.people.sign_in_log import latest
from parvis.people.throttle import count_under, key_of
from parvis_testing.desk import PASSWORD, running, said

SECURE = "https://127.0.0.1"


async def test_a_stranger_is_shown_the_door_and_led_on_afterwards(desk):
    ana = await desk.agent()
    visitor = desk.browser(follow_redirects=False)
    asked = await visitor.get("/bureau?a=moi&retard=oui")
    assert asked.status_code == 303
    assert asked.headers["location"] == "/connexion?next=%2Fbureau%3Fa%3Dmoi%26retard%3Doui"
    await visitor.get(asked.headers["location"])
    onward = re.search(r'name="next" value="([^"]*)"', visitor.page.text)[1].replace("&amp;", "&")
    entered = await visitor.post("/connexion", email=ana.email.upper(), password=PASSWORD, next=onward)
    assert (entered.status_code, entered.headers["location"]) == (303, "/bureau?a=moi&retard=oui")
    assert (await visitor.get("/bureau")).status_code == 200


async def test_an_account_of_another_town_reads_what_is_the_matter(desk):
    neighbour = await desk.signed_in(jurisdiction="rivemont")
    assert (await neighbour.get("/bureau")).status_code == 403
    assert "il appartient à une autre ville" in neighbour.text
    assert "ouverte trop longtemps" not in neighbour.text


async def test_a_script_without_a_session_is_told_so_in_its_own_words(desk):
    asked = await desk.browser().get("/bureau", accept="application/json")
    assert asked.status_code == 401
    assert asked.headers["content-type"].startswith("application/problem+json")


async def test_a_wrong_password_and_an_unknown_email_look_the_same(desk):
    ana = await desk.agent()
    visitor = desk.browser()
    answers = []
    for email in (ana.email, "personne@parvis.example"):
        await visitor.get("/connexion")
        answer = await visitor.post("/connexion", email=email, password="not this one", next="")
        assert answer.status_code == 422
        assert said("The email or the password is incorrect.") in visitor.text
        answers.append(visitor.text)
    assert answers[0] == answers[1]
    assert "not this one" not in answer.text


async def test_too_many_tries_are_stopped_with_words_for_people(desk):
    ana = await desk.agent()
    visitor = desk.browser()
    with clock.moved_to(clock.now()):
        for _ in range(BY_CALLER):
            await count_under(desk.host.engine, [key_of("sign-in", ana.email, "127.0.0.1")], WINDOW)
        await visitor.get("/connexion")
        answer = await visitor.post("/connexion", email=ana.email, password=PASSWORD)
    assert answer.status_code == 429
    assert 0 < int(answer.headers["retry-after"]) <= WINDOW.total_seconds()
    assert said("Too many attempts. Wait fifteen minutes, then try again.") in visitor.text


async def test_the_cookie_cannot_be_read_by_scripts_and_is_never_the_visitors_own(desk):
    ana = await desk.agent()
    visitor = desk.browser(follow_redirects=False)
    visitor.http.cookies.set("parvis_session", "chosen-by-an-attacker")
    await visitor.get("/connexion")
    answer = await visitor.post("/connexion", email=ana.email, password=PASSWORD)
    cookie = next(one for one in answer.headers.get_list("set-cookie") if one.startswith("parvis_session="))
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Path=/" in cookie
    token = re.match(r"parvis_session=([^;]+)", cookie)[1]
    assert token != "chosen-by-an-attacker"
    assert len(token) > 40
    assert await person_of(desk.host.engine, "chosen-by-an-attacker") is None


async def test_signing_in_again_ends_the_session_before(desk):
    clerk = await desk.signed_in()
    before = clerk.http.cookies["parvis_session"]
    await clerk.get("/bureau/compte")
    await clerk.post("/connexion", email=clerk.person.email, password=PASSWORD)
    assert await person_of(desk.host.engine, before) is None
    assert len(await sessions_of(desk.host.engine, clerk.person.id)) == 1


async def test_over_https_the_cookie_is_bound_to_this_very_host(settings, town_plugin):
    async with running(create_app(replace(settings, base_url=SECURE), plugins=[town_plugin])) as desk:
        ana = await desk.agent()
        visitor = desk.browser(SECURE, follow_redirects=False)
        await visitor.get("/connexion")
        answer = await visitor.post("/connexion", email=ana.email, password=PASSWORD)
        cookie = next(one for one in answer.headers.get_list("set-cookie") if "session" in one)
        assert cookie.startswith("__Host-parvis_session=")
        assert "Secure" in cookie
        assert (await visitor.get("/bureau")).status_code == 200
        planted = desk.browser(SECURE, follow_redirects=False)
        planted.http.cookies.set("parvis_session", await begin_session(desk.host.engine, ana.id))
        assert (await planted.get("/bureau")).status_code == 303


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example/", "//evil.example/", "/\\evil.example", "\\\\evil.example", "javascript:alert(1)", "/a\nb"],
)
async def test_nobody_is_led_elsewhere(desk, elsewhere):
    ana = await desk.agent()
    visitor = desk.browser(follow_redirects=False)
    await visitor.get("/connexion", **{})
    answer = await visitor.post("/connexion", email=ana.email, password=PASSWORD, next=elsewhere)
    assert answer.headers["location"] == "/bureau"


async def test_whoever_is_in_already_goes_straight_on(desk):
    clerk = await desk.signed_in()
    clerk.http.follow_redirects = False
    assert (await clerk.get("/connexion")).headers["location"] == "/bureau"
    assert (await clerk.get("/connexion?next=/bureau/ce-qui-traine")).headers["location"] == "/bureau/ce-qui-traine"


async def test_the_operator_is_led_to_the_operators_pages_and_has_no_desk(desk):
    clerk = await desk.signed_in("operator")
    clerk.http.follow_redirects = False
    assert (await clerk.get("/connexion")).headers["location"] == "/exploitation"
    assert (await clerk.get("/bureau")).status_code == 403


async def test_the_way_out_ends_the_session(desk):
    clerk = await desk.signed_in()
    token = clerk.http.cookies["parvis_session"]
    await clerk.get("/bureau")
    answer = await clerk.post("/deconnexion")
    assert said("You are signed out.") in clerk.text
    assert answer.url.path == "/connexion"
    assert await person_of(desk.host.engine, token) is None
    assert [
        one
        for one in answer.history[0].headers.get_list("set-cookie")
        if one.startswith("parvis_session=") and "Max-Age=0" in one
    ]
    assert token not in str(answer.headers)


async def test_an_old_session_is_over_in_the_middle_of_work(desk):
    clerk = await desk.signed_in()
    with clock.moved_to(clock.now() + timedelta(hours=13)):
        assert (await clerk.get("/bureau")).url.path == "/connexion"


async def test_forms_of_strangers_are_not_heard(desk):
    record = await desk.request()
    clerk = await desk.signed_in()
    path = f"/bureau/requete/{record.reference}/note"
    without = await clerk.http.post(path, data={"words": "x"})
    assert without.status_code == 403
    await clerk.get(f"/bureau/requete/{record.reference}")
    good = {"_csrf": clerk.token, "words": "x", "version": str(record.version)}
    elsewhere = await clerk.http.post(path, data=good, headers={"origin": "https://evil.example"})
    assert elsewhere.status_code == 403
    cross = await clerk.http.post(path, data=good, headers={"sec-fetch-site": "cross-site"})
    assert cross.status_code == 403
    other = await desk.signed_in(name="Luc")
    await other.get("/bureau")
    borrowed = await clerk.http.post(path, data=good | {"_csrf": other.token})
    assert borrowed.status_code == 403
    assert (await desk.record(record.reference)).version == record.version
    assert (await clerk.http.post(path, data=good, headers={"origin": "http://127.0.0.1:8000"})).status_code == 200


async def test_whoever_chose_codes_comes_in_by_two_steps(desk):
    ana = await desk.agent()
    secret = new_secret()
    with clock.moved_to(clock.now()) as moved:
        await enrol(desk.host.engine, ana.id, secret, pyotp.TOTP(secret).at(clock.now()), desk.host.secret)
        moved.forward(seconds=60)
        visitor = desk.browser()
        await visitor.get("/connexion")
        await visitor.post("/connexion", email=ana.email, password=PASSWORD, next="/bureau/ce-qui-traine")
        assert said("Your one-time code") in visitor.text
        assert "parvis_session" not in visitor.http.cookies
        ticket = re.search(r'name="ticket" value="([^"]+)"', visitor.page.text)[1]
        wrong = await visitor.post("/connexion/code", ticket=ticket, code="123", next="/bureau/ce-qui-traine")
        assert wrong.status_code == 422
        forged = ticket.replace(ticket[-3:], "AAA")
        refused = await visitor.post("/connexion/code", ticket=forged, code=pyotp.TOTP(secret).at(clock.now()))
        assert refused.status_code == 422
        assert "parvis_session" not in visitor.http.cookies
        right = {"ticket": ticket, "code": pyotp.TOTP(secret).at(clock.now())}
        entered = await visitor.post("/connexion/code", **right, next="/bureau/ce-qui-traine")
        assert entered.url.path == "/bureau/ce-qui-traine"
        moved.forward(minutes=6)
        late = desk.browser()
        await late.get("/connexion")
        await late.post("/connexion/code", ticket=ticket, code=pyotp.TOTP(secret).at(clock.now()))
        assert said("The step took too long. Enter your email and password again.") in late.text


@pytest.fixture
def demanding(desk):
    """The town demands a second factor."""
    jurisdictions = desk.host.jurisdictions
    town = jurisdictions.jurisdiction("parvis")
    strict = SIGN_IN.put(town, replace(SIGN_IN.of(town), second_factor=True))
    towns = replace(jurisdictions, by_code={**jurisdictions.by_code, "parvis": strict})
    desk.app.state.deployment = dataclasses.replace(
        desk.deployment, host=dataclasses.replace(desk.host, jurisdictions=towns)
    )


def boxes(visitor) -> dict[str, str]:
    """What the form of codes holds."""
    found = dict(re.findall(r'<input type="hidden" name="(ticket|secret|next)" value="([^"]*)"', visitor.page.text))
    return {name: value.replace("&amp;", "&") for name, value in found.items()}


@pytest.mark.parametrize("role", ["agent", "operator"])
async def test_whose_town_demands_a_second_factor_sets_up_codes_before_anything_else(desk, demanding, role):
    ana = await desk.agent(role)
    with clock.moved_to(clock.now()) as moved:
        visitor = desk.browser()
        await visitor.get("/connexion")
        await visitor.post("/connexion", email=ana.email, password=PASSWORD, next="/bureau/compte")
        assert said("Turn on two-step verification") in visitor.text
        assert "parvis_session" not in visitor.http.cookies
        held = boxes(visitor)
        assert held["secret"] in visitor.text
        wrong = await visitor.post("/connexion/nouveau-code", **held | {"code": "12"})
        assert wrong.status_code == 422
        assert boxes(visitor)["secret"] == held["secret"]  # what is scanned already stays right
        forged = await visitor.post("/connexion/nouveau-code", **held | {"ticket": "x.y.z.1.a", "code": "123456"})
        assert (forged.status_code, "parvis_session" in visitor.http.cookies) == (422, False)
        code = pyotp.TOTP(held["secret"]).at(clock.now())
        await visitor.post("/connexion/nouveau-code", **held | {"code": code})
        assert said("Your recovery codes") in visitor.text
        assert len(re.findall(r"<li><code>[\d-]+</code></li>", visitor.page.text)) == MANY
        assert 'href="/bureau/compte">' in visitor.page.text  # on to where they were going
        assert (await visitor.get("/bureau/compte")).url.path == "/bureau/compte"
        stays = await visitor.post("/bureau/compte/sans-code", current=PASSWORD)
        assert said("Your town requires two-step verification, so it stays on.") in visitor.text
        assert stays.status_code == 200
        moved.forward(seconds=60)
        again = desk.browser()
        await again.get("/connexion")
        await again.post("/connexion", email=ana.email, password=PASSWORD)
        assert said("Your one-time code") in again.text
    kinds = [line.kind for line in await latest(desk.host.engine, [ana.id])]
    assert kinds.count("codes") == 1
    # A password alone was enough for that: the owner of the account is told.
    (told,) = [row["event"] for row in await Delivery.select(Delivery.event) if ana.email in row["event"]]
    assert said("Two-step verification was turned on for your account") in told


async def test_two_windows_turn_codes_on_once(desk, demanding):
    ana = await desk.agent()
    windows = [desk.browser(), desk.browser()]
    for each in windows:
        await each.get("/connexion")
        await each.post("/connexion", email=ana.email, password=PASSWORD)
    first, second = (boxes(each) for each in windows)
    code = pyotp.TOTP(first["secret"]).at(clock.now())
    await windows[0].post("/connexion/nouveau-code", **first | {"code": code})
    late = pyotp.TOTP(second["secret"]).at(clock.now())
    await windows[1].post("/connexion/nouveau-code", **second | {"code": late})
    assert said("Your one-time code") in windows[1].text
    assert "parvis_session" not in windows[1].http.cookies


async def test_a_town_that_demands_nothing_asks_for_nothing(desk):
    ana = await desk.agent()
    visitor = desk.browser()
    await visitor.get("/connexion")
    entered = await visitor.post("/connexion", email=ana.email, password=PASSWORD)
    assert entered.url.path == "/bureau"


async def test_the_door_speaks_the_language_that_is_asked_for(desk):
    visitor = desk.browser()
    await visitor.get("/connexion", **{"accept-language": "en-CA"})
    assert said("Sign in to the desk", "en") in visitor.text
    await visitor.get("/connexion?langue=fr", **{"accept-language": "en-CA"})
    assert said("Sign in to the desk") in visitor.text


async def test_the_device_on_which_somebody_works_opens_while_their_account_is_tried_from_next_door(desk):
    """A town hall shares one address: somebody who guesses passwords there locks out no other browser."""
    ana = await desk.agent()
    hers, guessers = desk.browser(), desk.browser()
    await hers.get("/connexion")
    await hers.post("/connexion", email=ana.email, password=PASSWORD)
    assert "parvis_session" in hers.http.cookies
    await hers.get("/bureau")
    await hers.post("/deconnexion")
    await guessers.get("/connexion")
    for _ in range(BY_CALLER):
        await guessers.post("/connexion", email=ana.email, password="not this one")
    assert (await guessers.post("/connexion", email=ana.email, password=PASSWORD)).status_code == 429
    await hers.get("/connexion")
    await hers.post("/connexion", email=ana.email, password=PASSWORD)
    assert (await hers.get("/bureau")).status_code == 200


async def test_a_mark_of_a_device_that_was_invented_or_is_of_another_account_is_none(desk):
    ana, luc = await desk.agent(), await desk.agent(name="Luc Roy")
    his = desk.browser()
    await his.get("/connexion")
    await his.post("/connexion", email=luc.email, password=PASSWORD)
    secret = desk.host.secret
    (mark,) = [value for name, value in his.http.cookies.items() if name.startswith("parvis_device")]
    assert device_in(secret, luc.email, mark)
    assert not device_in(secret, ana.email, mark)
    assert not device_in(secret, luc.email, f"{mark[:-1]}0" if mark[-1] != "0" else f"{mark[:-1]}1")
    assert not device_in(secret, luc.email, "é" * 300)
    assert luc.email not in mark
