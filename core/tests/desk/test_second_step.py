"""A town begins to require two-step verification: agents set it up at their next page and lose nothing typed."""

import dataclasses
import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pyotp
import pytest
from msgspec.structs import replace

from parvis import clock
from parvis.jurisdictions.sign_in import SIGN_IN
from parvis.people.one_time import enrol, new_secret
from parvis.people.sessions import FINISHING, Door, begin_session, person_of
from parvis.people.tokens import make_token
from parvis.requests.history import entries_of
from parvis_testing.desk import PASSWORD, said

SET_UP = "/bureau/compte/code"
WORDS = "MOT-À-GARDER"


def demand(desk) -> None:
    """From now on the town demands a second factor, as after a restart with its new file."""
    jurisdictions = desk.host.jurisdictions
    town = jurisdictions.jurisdiction("parvis")
    strict = SIGN_IN.put(town, replace(SIGN_IN.of(town), second_factor=True))
    towns = replace(jurisdictions, by_code={**jurisdictions.by_code, "parvis": strict})
    desk.app.state.deployment = dataclasses.replace(
        desk.deployment, host=dataclasses.replace(desk.host, jurisdictions=towns)
    )


async def sets_up(clerk):
    """Fills in the page that turns codes on."""
    secret = re.search(r'name="secret" value="(\w+)"', clerk.page.text)[1]
    onward = re.search(r'name="next" value="([^"]*)"', clerk.page.text)[1].replace("&amp;", "&")
    code = pyotp.TOTP(secret).at(clock.now())
    return await clerk.post(SET_UP, secret=secret, next=onward, code=code, current=PASSWORD)


async def notes(desk, record) -> list[str]:
    """What was written on a request."""
    return [(entry.personal or {}).get("words", "") for entry in await entries_of(record) if entry.kind == "note"]


async def test_whoever_is_in_is_led_to_set_it_up_and_goes_on_where_they_were(desk):
    clerk = await desk.signed_in()
    assert (await clerk.get("/bureau")).url.path == "/bureau"
    demand(desk)
    token = clerk.http.cookies["parvis_session"]
    for page in ("/bureau", "/bureau/ce-qui-traine?x=1&y=2", "/bureau/compte"):
        led = await clerk.get(page)
        assert (led.url.path, led.url.params["next"]) == (SET_UP, page)
    assert 'class="button button--secondary" href="/bureau/compte"' not in clerk.page.text  # nothing to cancel
    await clerk.get("/bureau/ce-qui-traine?x=1&y=2")
    await sets_up(clerk)
    assert said("Your recovery codes") in clerk.text
    assert 'href="/bureau/ce-qui-traine?x=1&amp;y=2"' in clerk.page.text
    assert (await clerk.get("/bureau/ce-qui-traine")).url.path == "/bureau/ce-qui-traine"
    assert clerk.http.cookies["parvis_session"] == token  # what other windows hold can still be sent


async def test_what_was_being_typed_is_taken_in_before_anything_is_asked(desk):
    record = await desk.request()
    clerk = await desk.signed_in()
    path = f"/bureau/requete/{record.reference}"
    with clock.moved_to(clock.now()) as moved:
        await clerk.get(path)
        first = clerk.page
        demand(desk)
        moved.forward(hours=1)
        led = await clerk.post(f"{path}/note", words=WORDS)
        assert await notes(desk, record) == [WORDS]
        assert led.url.path == SET_UP
        assert led.url.params["next"].startswith(path)
        moved.forward(FINISHING - timedelta(minutes=1))
        clerk.page = first  # another window
        await clerk.post(f"{path}/note", words="Deux", version=str((await desk.record(record.reference)).version))
        assert await notes(desk, record) == [WORDS, "Deux"]
        moved.forward(minutes=2)
        clerk.page = first
        late = await clerk.post(f"{path}/note", words="Trois")
        assert late.url.path == SET_UP
        assert await notes(desk, record) == [WORDS, "Deux"]


async def test_a_form_of_a_stranger_is_not_heard_on_the_way(desk):
    record = await desk.request()
    clerk = await desk.signed_in()
    demand(desk)
    forged = await clerk.http.post(f"/bureau/requete/{record.reference}/note", data={"words": WORDS})
    assert forged.status_code == 403
    assert await notes(desk, record) == []


async def test_a_script_is_told_and_begins_nothing(desk):
    record = await desk.request()
    clerk = await desk.signed_in()
    path = f"/bureau/requete/{record.reference}"
    with clock.moved_to(clock.now()) as moved:
        await clerk.get(path)
        first = clerk.page
        demand(desk)
        data = {"_csrf": clerk.token}
        for answer in (
            await clerk.http.get(f"{path}/presence", headers={"accept": "*/*"}),
            await clerk.http.post(f"{path}/presence", data=data, headers={"accept": "*/*"}),
        ):
            assert answer.status_code == 401
        moved.forward(FINISHING + timedelta(minutes=1))
        clerk.page = first
        await clerk.post(f"{path}/note", words=WORDS)
        assert await notes(desk, record) == [WORDS]


async def test_whoever_has_codes_that_this_session_never_showed_shows_one_at_the_door(desk):
    clerk = await desk.signed_in()
    secret = new_secret()
    with clock.moved_to(clock.now()) as moved:
        await enrol(desk.host.engine, clerk.person.id, secret, pyotp.TOTP(secret).at(clock.now()), desk.host.secret)
        demand(desk)
        moved.forward(seconds=60)
        before = clerk.http.cookies["parvis_session"]
        led = await clerk.get("/bureau/ce-qui-traine")
        assert (led.url.path, led.url.params["next"]) == ("/connexion", "/bureau/ce-qui-traine")
        await clerk.post("/connexion", email=clerk.person.email, password=PASSWORD, next="/bureau/ce-qui-traine")
        ticket = re.search(r'name="ticket" value="([^"]+)"', clerk.page.text)[1]
        code = pyotp.TOTP(secret).at(clock.now())
        entered = await clerk.post("/connexion/code", ticket=ticket, code=code, next="/bureau/ce-qui-traine")
        assert entered.url.path == "/bureau/ce-qui-traine"
        assert await person_of(desk.host.engine, before) is None


@pytest.mark.parametrize("proved", [True, False])
async def test_who_came_by_a_provider_goes_back_to_it_unless_it_told_of_a_second_step(desk, proved):
    clerk = await desk.signed_in()
    door = Door(provider="ville")
    token = await begin_session(desk.host.engine, clerk.person.id, "Tests", door, proved=proved)
    clerk.http.cookies.set("parvis_session", token)
    demand(desk)
    clerk.http.follow_redirects = False
    answer = await clerk.get("/bureau/ce-qui-traine")
    if proved:
        assert answer.status_code == 200
    else:
        to = urlsplit(answer.headers["location"])
        assert (to.path, parse_qs(to.query)) == ("/connexion", {"next": ["/bureau/ce-qui-traine"]})
        assert (await clerk.get(answer.headers["location"])).status_code == 200


async def test_the_way_out_is_open_and_others_are_not_bothered(desk):
    clerk, elsewhere = await desk.signed_in(), await desk.signed_in(jurisdiction="rivemont", name="Luc Roy")
    await clerk.get("/bureau")
    demand(desk)
    assert (await elsewhere.get("/bureau/compte")).url.path == "/bureau/compte"
    await clerk.get("/bureau")
    assert (await clerk.post("/deconnexion")).url.path == "/connexion"
    assert said("You are signed out.") in clerk.text


async def test_machines_go_on_with_their_tokens(desk):
    demand(desk)
    key, _ = await make_token(desk.host.engine, name="Pont", jurisdiction="parvis", scopes=("requests:read",))
    bearer = {"accept": "application/json", "authorization": f"Bearer {key}"}
    assert (await desk.browser().http.get("/api/v1/requests", headers=bearer)).status_code == 200


async def test_operators_are_led_too(desk):
    karim = await desk.signed_in("operator")
    await karim.get("/exploitation")
    demand(desk)
    led = await karim.get("/exploitation/personnes")
    assert (led.url.path, led.url.params["next"]) == (SET_UP, "/exploitation/personnes")
    await sets_up(karim)
    assert (await karim.get("/exploitation/personnes")).url.path == "/exploitation/personnes"
