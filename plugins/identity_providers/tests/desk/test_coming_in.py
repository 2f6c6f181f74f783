"""The button, the way there and back, leaving, and what the pages of operators say; in a running application."""

import dataclasses
import re
from urllib.parse import parse_qs, urlsplit

import pyotp
import pytest
from msgspec import structs

from parvis import clock
from parvis.people.agents import Grant, add_agent, agents, find_agent, get_agent
from parvis.people.one_time import enrol, new_secret
from parvis.people.sessions import Door, begin_session, person_of, sessions_of
from parvis.sections import SignIn
from parvis.sign_in_sources import variables_of_sources
from parvis_identity_providers.arrivals import join
from parvis_testing.desk import PASSWORD, said
from parvis_testing.modules import switch

from ..sham_provider import ISSUER, PROVIDER, claims, token

LEA = {"sub": "lea", "name": "Léa Roy", "email": "lea@ville.example", "email_verified": True, "groups": ["voirie"]}
LOGGED_OUT = {"http://schemas.openid.net/event/backchannel-logout": {}}


async def comes_in(site, sham, **said_of_her):
    """Léa presses the button, signs in there, and is sent back; her browser, and where she arrived."""
    lea = site.browser(follow_redirects=False)
    await lea.get("/connexion")
    sent = await lea.get("/connexion/par/ville?next=/bureau/nouvelle&langue=fr")
    asked = {name: each[0] for name, each in parse_qs(urlsplit(sent.headers["location"]).query).items()}
    sham.challenge, sham.claims = asked["code_challenge"], LEA | {"nonce": asked["nonce"]} | said_of_her
    back = await lea.get(f"/connexion/retour/ville?state={asked['state']}&code=c&iss={ISSUER}")
    return lea, back


async def test_somebody_comes_in_by_the_button_and_has_the_role_of_their_group(by_provider, sham):
    page = by_provider.browser()
    await page.get("/connexion?next=/bureau/nouvelle&langue=fr")
    assert 'href="/connexion/par/ville?next=%2Fbureau%2Fnouvelle&amp;langue=fr"' in page.page.text
    assert said("Sign in with %(name)s", name="Ville") in page.text
    assert said("With a password") in page.text
    assert "parvis_way" in page.http.cookies
    lea, back = await comes_in(by_provider, sham)
    assert back.headers["location"] == "/bureau/nouvelle"
    account = await lea.get("/bureau/compte")
    assert "Par Ville" in lea.text
    assert account.status_code == 200
    known = await find_agent(by_provider.host.engine, "lea@ville.example")
    assert {(each.role, each.jurisdiction, each.source) for each in known.grants} == {
        ("agent", "parvis", "ville"),
        ("agent", "rivemont", "ville"),
    }


async def test_signing_out_offers_to_leave_there_too(by_provider, sham):
    sham.metadata["end_session_endpoint"] = f"{ISSUER}/out"
    lea, _ = await comes_in(by_provider, sham)
    await lea.get("/bureau/compte")
    left = await lea.post("/deconnexion")
    await lea.get(left.headers["location"])
    assert said("Sign out of %(name)s too", name="Ville") in lea.text
    out = await lea.get("/connexion/sortie/ville")
    assert out.headers["location"].startswith(f"{ISSUER}/out?client_id=parvis&post_logout_redirect_uri=")
    await lea.get("/connexion?sortie=")
    assert said("You are signed out.") in lea.text
    assert "/connexion/sortie/" not in lea.page.text


@pytest.mark.parametrize("state", ["on", "off"])
async def test_what_the_provider_says_of_leaving_is_heard_on_or_off(by_provider, sham, state):
    lea, _ = await comes_in(by_provider, sham)
    await switch(by_provider.host, state, "identity_providers")
    session = lea.http.cookies["parvis_session"]
    assert await person_of(by_provider.host.engine, session) is not None
    machine = by_provider.browser()
    strange = await machine.http.post("/connexion/sortie/ville", data={"logout_token": "x"})
    assert strange.status_code == 400
    word = token(claims(nonce=None, events=LOGGED_OUT, jti="1"))
    heard = await machine.http.post("/connexion/sortie/ville", data={"logout_token": word})
    assert heard.status_code == 200
    assert await person_of(by_provider.host.engine, session) is None


async def test_forms_of_the_sign_in_page_still_come_from_our_own_pages(by_provider):
    stranger = by_provider.browser()
    assert (await stranger.http.post("/connexion", data={"email": "a", "password": "b"})).status_code == 403


async def test_a_role_that_groups_give_is_taken_where_they_give_it(by_provider):
    given = Grant(role="agent", jurisdiction="parvis", unit="roads", source="ville")
    before = Grant(role="manager", jurisdiction="parvis", source="ville")  # by a rule that is no longer there
    luc = await add_agent(
        by_provider.host.engine, email="luc@ville.example", name="Luc Roy", password=PASSWORD, grants=(given, before)
    )
    karim = await by_provider.signed_in("operator")
    here = f"/exploitation/personnes/{luc.id}"
    page = (await karim.get(here)).text
    assert page.count("redonne ce rôle à chaque connexion, par un groupe") == 1
    assert page.count('name="take"') == 1
    assert (await karim.post(f"{here}/roles", take="0")).url.params["fait"] == "groupes"
    assert (await karim.post(f"{here}/roles", take="1")).url.params["fait"] == "retire"
    assert (await get_agent(by_provider.host.engine, luc.id)).grants == (given,)
    await karim.get("/exploitation/personnes")
    assert "selon les groupes chez Ville" in karim.text


async def test_the_page_of_sign_ins_says_what_a_provider_is_called(by_provider):
    luc = await by_provider.agent(name="Luc Roy")
    await begin_session(by_provider.host.engine, luc.id, "Tests", Door(provider="ville"))
    assert await join(by_provider.host.engine, PROVIDER, luc.id, "luc")
    karim = await by_provider.signed_in("operator")
    await karim.get("/exploitation/connexions")
    assert "Par Ville" in karim.text
    assert "compte relié" in karim.text


async def test_the_variables_of_the_providers_are_known(by_provider):
    assert variables_of_sources(by_provider.host) == {"PARVIS_SIGN_IN_VILLE_SECRET"}


async def test_whoever_has_codes_here_and_none_there_is_asked_for_one_before_they_are_in(by_provider, sham):
    lea, _ = await comes_in(by_provider, sham)
    known, secret = await find_agent(by_provider.host.engine, "lea@ville.example"), new_secret()
    with clock.moved_to(clock.now()) as moved:
        first = pyotp.TOTP(secret).at(clock.now())
        assert await enrol(by_provider.host.engine, known.id, secret, first, by_provider.host.secret)
        moved.forward(minutes=1)
        lea, asked = await comes_in(by_provider, sham)
        assert asked.status_code == 200
        assert "parvis_session" not in lea.http.cookies
        ticket = re.search(r'name="ticket" value="([^"]+)"', asked.text)[1]
        lea.page = asked
        code = pyotp.TOTP(secret).at(clock.now())
        entered = await lea.post("/connexion/code", ticket=ticket, code=code, next="/bureau/nouvelle")
        assert entered.headers["location"] == "/bureau/nouvelle"
        open_now = await sessions_of(by_provider.host.engine, known.id, lea.http.cookies["parvis_session"])
        assert [each.door for each in open_now if each.current] == ["ville"]


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("on", "This account has no password sign-in. Use your organization’s button above."),
        (
            "off",
            "The password is correct, but this account cannot sign in with it. Ask the operator.",
        ),
    ],
)
async def test_a_password_that_opens_nothing_is_told_by_what_is_left(by_provider, state, words):
    await by_provider.agent("operator", name="Secours")
    spare, *_ = await agents(by_provider.host.engine)
    settings = structs.replace(by_provider.deployment.settings, sign_in=SignIn(passwords=(spare.email,)))
    by_provider.app.state.deployment = dataclasses.replace(by_provider.deployment, settings=settings)
    await switch(by_provider.host, state, "identity_providers")
    ana, visitor = await by_provider.agent(), by_provider.browser()
    await visitor.get("/connexion")
    refused = await visitor.post("/connexion", email=ana.email, password=PASSWORD)
    assert refused.status_code == 422
    assert said(words) in visitor.text
