"""One's own account at the desk."""

import re
from pathlib import Path

import pyotp

from parvis import clock
from parvis.i18n import pgettext, speaking
from parvis.people.agents import get_agent
from parvis.people.sessions import begin_session, person_of, sessions_of
from parvis.people.sign_in import Caller, SignedIn
from parvis.web.desk.account import device_words
from parvis_testing.desk import PASSWORD, said
from parvis_testing.signing_in import sign_in

ACCOUNT = "/bureau/compte"
SCRIPT = Path(__file__).parents[2] / "frontend/scripts/shortcuts.js"


async def test_the_desk_speaks_the_language_that_one_chooses(desk):
    clerk = await desk.signed_in()
    await clerk.get(ACCOUNT)
    await clerk.post(f"{ACCOUNT}/preferences", language="en")
    assert "My account" in clerk.text
    assert (await get_agent(desk.host.engine, clerk.person.id)).shortcuts is False
    page = await clerk.get("/bureau")
    assert '<html lang="en-CA"' in page.text
    assert 'data-shortcuts="off"' in page.text
    await clerk.post(f"{ACCOUNT}/preferences", language="klingon", shortcuts="1")
    assert 'data-shortcuts="off"' not in (await clerk.get("/bureau")).text


async def test_the_help_sheet_lists_the_keys_that_the_script_knows_and_no_others(desk):
    clerk = await desk.signed_in()
    page = await clerk.get(ACCOUNT)
    with speaking("fr"):
        shift, enter, control = (pgettext("key", each) for each in ("Shift", "Enter", "Ctrl"))
    sheet = re.search(r'(?s)<dialog[^>]* id="shortcuts".*?</dl>', page.text)[0]
    sheet = sheet.replace(f"<kbd>{control}</kbd>+<kbd>{enter}</kbd>", "")  # in boxes, beside the keys of the script
    capital = re.compile(rf"<kbd>{shift}</kbd>\+<kbd>(\w)</kbd>")
    listed = re.findall(r"<kbd>([^<]+)</kbd>", capital.sub(lambda key: f"<kbd>{key[1].upper()}</kbd>", sheet))
    script = SCRIPT.read_text("utf-8")
    actions = re.search(r"(?s)const actions = \{\n(.*?)\n\};", script)[1]
    known = [quoted or plain for quoted, plain in re.findall(r'^  (?:"(.)"|(\w)): ', actions, re.MULTILINE)]
    assert len(known) == len(actions.splitlines())
    for brought in "nxXm":  # by modules: a sheet for a new request, and what is done with rows that are ticked
        known.remove(brought)
    first, last = re.search(r"/\^\[(\d)-(\d)\]\$/", script).groups()  # the numbers of the steps
    assert sorted(listed) == sorted([*known, first, last, enter])  # the last opens any link, without the script


async def test_a_new_password_needs_the_old_one_and_ends_the_other_sessions(desk):
    clerk = await desk.signed_in()
    elsewhere = await begin_session(desk.host.engine, clerk.person.id)
    await clerk.get(ACCOUNT)
    for current, new in ((PASSWORD, "court"), ("wrong", "trois vaches bleues"), (PASSWORD, clerk.person.email)):
        answer = await clerk.post(f"{ACCOUNT}/mot-de-passe", current=current, new=new)
        assert answer.status_code == 422
        assert PASSWORD not in answer.text
    assert await person_of(desk.host.engine, elsewhere) is not None
    await clerk.post(f"{ACCOUNT}/mot-de-passe", current=PASSWORD, new="trois vaches bleues")
    assert said("Your password has been changed. You are signed out everywhere else.") in clerk.text
    assert await person_of(desk.host.engine, elsewhere) is None
    here = Caller(address="192.0.2.1")
    assert isinstance(await sign_in(desk.host.engine, clerk.person.email, "trois vaches bleues", "", here), SignedIn)


async def test_codes_are_turned_on_by_showing_one_and_off_by_the_password(desk):
    clerk = await desk.signed_in()
    with clock.moved_to(clock.now()):
        page = await clerk.get(f"{ACCOUNT}/code")
        secret = re.search(r'name="secret" value="(\w+)"', page.text)[1]
        assert "<svg" in page.text
        right = pyotp.TOTP(secret).at(clock.now())
        for current, code in (("wrong", right), (PASSWORD, "000000")):
            answer = await clerk.post(f"{ACCOUNT}/code", secret=secret, code=code, current=current)
            assert answer.status_code == 422
            assert secret in answer.text
        for other in ("", "pas un secret", "A" * 5000):
            answer = await clerk.post(f"{ACCOUNT}/code", secret=other, code=right, current="wrong")
            assert answer.status_code == 422
            assert other == "" or other not in answer.text
        await clerk.post(f"{ACCOUNT}/code", secret=secret, code=right, current=PASSWORD)
        assert (await get_agent(desk.host.engine, clerk.person.id)).one_time
    assert (await clerk.post(f"{ACCOUNT}/sans-code", current="wrong")).status_code == 422
    await clerk.post(f"{ACCOUNT}/sans-code", current=PASSWORD)
    assert not (await get_agent(desk.host.engine, clerk.person.id)).one_time


async def test_sessions_elsewhere_are_seen_and_ended(desk):
    clerk = await desk.signed_in()
    phone = await begin_session(desk.host.engine, clerk.person.id, "Mozilla/5.0 (iPhone) Safari/604.1")
    third = await begin_session(desk.host.engine, clerk.person.id, "x")
    page = await clerk.get(ACCOUNT)
    assert "Safari, iPhone" in clerk.text
    handle = next(
        one.handle for one in await sessions_of(desk.host.engine, clerk.person.id) if one.device.startswith("Mozilla")
    )
    assert handle in page.text
    await clerk.post(f"{ACCOUNT}/sessions", handle=handle)
    assert await person_of(desk.host.engine, phone) is None
    assert await person_of(desk.host.engine, third) is not None
    await clerk.post(f"{ACCOUNT}/sessions")
    assert await person_of(desk.host.engine, third) is None
    assert (await clerk.get(ACCOUNT)).status_code == 200


def test_browsers_are_named_as_their_owners_would():
    chrome = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/141.0 Safari/537.36"
    assert device_words(chrome) == "Chrome, Windows"
    assert device_words("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0") == "Firefox, Linux"
    assert device_words("curl/8") == "curl/8"
