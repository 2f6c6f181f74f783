"""Signing in by a provider, from the button to the account: what is asked, what is believed, what is given."""

import asyncio
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import httpx
import pytest
from msgspec import structs

from parvis import clock
from parvis.db import Engine, transaction
from parvis.db.people_tables import Agent
from parvis.db.people_tables import Grant as GrantRow
from parvis.identifiers import new_id
from parvis.jurisdictions.jurisdiction import Jurisdictions
from parvis.jurisdictions.sign_in import SIGN_IN, SignIn
from parvis.people.agents import Grant, add_agent, agents, find_agent
from parvis.people.granting import set_active
from parvis.people.sign_in import Caller, Refusal
from parvis.people.sign_in_log import KEPT, latest, sweep_book
from parvis_identity_providers.arrivals import LASTS, NotLetIn, ProviderArrival, begin, finish, sweep_begun
from parvis_identity_providers.providers import APART, BELIEVED, HTTP_CALLS_MOST_READ, REST, Provider
from parvis_identity_providers.rules import TOWN, GroupRule, TownProviders
from parvis_identity_providers.tables import SignInBegun
from parvis_sdk.errors import Later, Refused
from parvis_sdk.identity_providers import IdentityProvider, PersonClaims
from parvis_sdk.text import Text
from parvis_testing.signing_in import sign_in

from .sham_provider import CLIENT, CURVE, ISSUER, OTHER, PROVIDER, Sham

BACK = "https://services.ville.example/connexion/retour/ville"
LEA = {"sub": "lea", "name": "Léa Roy", "email": "Lea@Ville.example", "email_verified": True, "groups": ["voirie"]}
PASSWORD = "quatre chevaux verts"


def rule(role: str, *values: str, unit: str = "", claim: str = "groups") -> GroupRule:
    return GroupRule(provider="ville", values=values, role=role, unit=unit, claim=claim)


RULES = (rule("agent", "voirie", unit="roads"), rule("manager", "gestion"), rule("operator", "exploitation"))


@pytest.fixture
def towns(jurisdictions) -> Jurisdictions:
    return with_rules(jurisdictions, *RULES)


def with_rules(jurisdictions, *rules: GroupRule, **given) -> Jurisdictions:
    first = TOWN.put(jurisdictions.by_code["parvis"], TownProviders(providers=("ville",), rules=rules))
    first = SIGN_IN.put(first, SignIn(**given))
    return structs.replace(jurisdictions, by_code={**jurisdictions.by_code, "parvis": first})


@pytest.fixture
def sham(monkeypatch) -> Sham:
    return Sham(monkeypatch)


class Way:
    """One browser and its way to the provider and back."""

    def __init__(self, engine: Engine, sham: Sham, towns: Jurisdictions, provider=PROVIDER) -> None:
        self.engine, self.sham, self.towns = engine, sham, towns
        self.doorway = sham.doorway(provider)
        self.browser = "a browser"
        self.asked: dict[str, str] = {}

    async def begin(self) -> dict[str, str]:
        address = await begin(
            self.engine,
            self.doorway,
            self.towns.by_code["parvis"],
            redirect=BACK,
            onward="/bureau",
            browser=self.browser,
            language="fr",
        )
        self.asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        self.sham.challenge = self.asked["code_challenge"]
        return self.asked

    async def finish(self, **given: str) -> ProviderArrival | NotLetIn:
        sent = {"state": self.asked["state"], "code": "c", "iss": ISSUER} | given
        return await finish(self.engine, self.doorway, self.towns, sent, browser=self.browser, language="fr")

    async def go(self, **claims) -> ProviderArrival | NotLetIn:
        await self.begin()
        self.sham.claims = LEA | {"nonce": self.asked["nonce"]} | claims
        return await self.finish()


@pytest.fixture
def way(database, sham, towns) -> Way:
    return Way(database, sham, towns)


async def test_the_browser_is_sent_with_everything_that_protects_the_way(way):
    asked = await way.begin()
    assert asked["response_type"] == "code"
    assert asked["redirect_uri"] == BACK
    assert asked["code_challenge_method"] == "S256"
    assert asked["scope"].split() == ["openid", "email", "profile"]
    again = await way.begin()
    assert all(asked[name] != again[name] for name in ("state", "nonce", "code_challenge"))


async def test_a_first_sign_in_makes_an_account_with_the_roles_of_the_groups(way):
    arrived = await way.go()
    assert isinstance(arrived, ProviderArrival)
    assert (arrived.person.email, arrived.person.name) == ("lea@ville.example", "Léa Roy")
    assert arrived.person.grants == (Grant(role="agent", jurisdiction="parvis", unit="roads", source="ville"),)
    assert not arrived.person.has_password
    assert arrived.onward == "/bureau"
    kinds = [(line.kind, line.about) for line in await latest(way.engine, [arrived.person.id])]
    assert kinds == [("given", "agent@parvis/roads"), ("made", "")]


async def test_roles_follow_the_groups_and_those_given_by_hand_stay(way):
    first = await way.go()
    await add_by_hand(way.engine, first.person.id, "observer")
    second = await way.go(groups=["gestion"], email="other@ville.example", email_verified=False)
    assert second.person.id == first.person.id  # known by issuer and subject, whatever the e-mail
    assert {(each.role, each.source) for each in second.person.grants} == {("manager", "ville"), ("observer", "")}
    third = await way.go(groups=None)
    assert {(each.role, each.source) for each in third.person.grants} == {("observer", "")}


async def test_whose_groups_are_the_same_keep_their_roles_as_they_are(database, sham, jurisdictions):
    rule = GroupRule(provider="ville", values=("voirie",), role="agent", zones=("plateau", "outremont"))
    way = Way(database, sham, with_rules(jurisdictions, rule))
    first = await way.go()
    again = await way.go()
    assert first.person.grants == again.person.grants
    assert [line.kind for line in await latest(database, [first.person.id])] == ["given", "made"]


async def add_by_hand(engine: Engine, agent: str, role: str) -> None:
    async with transaction(engine):
        await GrantRow.insert(GrantRow(id=new_id(), agent=UUID(agent), role=role, jurisdiction="parvis"))


async def test_somebody_without_a_role_gets_no_account(way):
    assert await way.go(groups=["loisirs"]) == NotLetIn(reason="no_role", about="lea@ville.example")
    assert await agents(way.engine) == ()


async def test_an_account_is_made_only_where_the_operator_wants_it(database, sham, towns):
    way = Way(database, sham, towns, structs.replace(PROVIDER, create=False))
    assert await way.go() == NotLetIn(reason="no_account", about="lea@ville.example")


@pytest.mark.parametrize(
    ("link", "told", "joined"),
    [
        (True, {"email_verified": True}, True),
        (True, {"email_verified": "true"}, True),
        (False, {"email_verified": True}, False),
        (True, {"email_verified": False}, False),
        (True, {"email_verified": None}, False),
        (True, {"email_verified": "no"}, False),
        (True, {"email_verified": ["true"]}, False),
    ],
)
async def test_a_local_account_is_joined_by_a_verified_email_and_the_word_of_the_operator(
    database, sham, towns, link, told, joined
):
    local = await add_agent(database, email="lea@ville.example", name="Léa", password=PASSWORD)
    way = Way(database, sham, towns, structs.replace(PROVIDER, link=link))
    answer = await way.go(**told)
    if joined:
        assert answer.person.id == local.id
        assert answer.person.has_password
    else:
        assert answer == NotLetIn(reason="taken", about="lea@ville.example")


async def test_nobody_joins_an_account_to_which_another_already_comes(database, sham, towns):
    way = Way(database, sham, towns, structs.replace(PROVIDER, link=True))
    first = await way.go(sub="eve", email_verified=False)
    assert isinstance(first, ProviderArrival)
    assert await way.go() == NotLetIn(reason="taken", about="lea@ville.example")


async def test_a_closed_account_stays_closed(database, sham, towns):
    way = Way(database, sham, towns, structs.replace(PROVIDER, link=True))
    first = await way.go()
    await set_active(database, first.person.id, False)
    assert (await way.go()).reason == "closed"
    other = await add_agent(database, email="max@ville.example", name="Max", password=PASSWORD)
    await set_active(database, other.id, False)
    assert (await way.go(sub="max", email="max@ville.example")).reason == "closed"


async def test_the_last_operator_is_not_taken_away_by_a_lost_group(way):
    first = await way.go(groups=["exploitation"])
    assert [each.role for each in first.person.grants] == ["operator"]
    second = await way.go(groups=["voirie"])
    assert sorted(each.role for each in second.person.grants) == ["agent", "operator"]
    await add_agent(
        way.engine,
        email="k@ville.example",
        name="Karim",
        password=PASSWORD,
        grants=[Grant(role="operator", jurisdiction="parvis")],
    )
    third = await way.go(groups=["voirie"])
    assert [each.role for each in third.person.grants] == ["agent"]
    assert {line.kind for line in await latest(way.engine, [first.person.id])} >= {"kept", "taken"}


async def test_groups_deep_inside_a_claim_or_beside_the_token_are_found(database, sham, jurisdictions):
    towns = with_rules(jurisdictions, rule("agent", "parvis-agent", claim="realm_access.roles"))
    way = Way(database, sham, towns)
    answer = await way.go(groups=None, realm_access={"roles": ["offline", "parvis-agent"]})
    assert isinstance(answer, ProviderArrival)
    sham.userinfo = {"realm_access": {"roles": ["parvis-agent"]}}
    assert isinstance(await way.go(groups=None), ProviderArrival)
    assert sham.heard.count("me") == 2


async def test_what_is_told_beside_the_token_must_be_of_the_same_person(way, sham):
    sham.userinfo = {"sub": "eve"}
    assert (await way.go(groups=None)).reason == "strange"


async def test_an_email_is_verified_only_by_the_place_that_tells_it(database, sham, towns):
    await add_agent(database, email="boss@ville.example", name="Chef", password=PASSWORD)
    way = Way(database, sham, towns, structs.replace(PROVIDER, link=True))
    sham.userinfo = {"email": "lea@ville.example", "email_verified": True}
    answer = await way.go(email="boss@ville.example", email_verified=None)
    assert isinstance(answer, ProviderArrival)
    assert answer.person.email == "lea@ville.example"


async def test_a_list_of_groups_that_is_elsewhere_takes_no_role_away(way):
    first = await way.go()
    answer = await way.go(groups=None, _claim_names={"groups": "src1"})
    assert answer.reason == "strange"
    assert (await find_agent(way.engine, first.person.email)).grants == first.person.grants


async def test_a_town_that_asks_for_a_second_factor_believes_only_what_is_told_of_one(database, sham, jurisdictions):
    towns = with_rules(jurisdictions, *RULES, second_factor=True)
    way = Way(database, sham, towns, structs.replace(PROVIDER, acr_values=("gold",)))
    assert (await way.begin())["acr_values"] == "gold"
    assert (await way.go()).reason == "second_factor"
    assert (await way.go(amr=["pwd"], acr="bronze")).reason == "second_factor"
    assert (await way.go(amr="mfa")).reason == "second_factor"
    assert (await way.go(amr=["pwd", "mfa"])).proved
    assert (await way.go(acr="gold")).proved


async def test_a_state_is_good_once_in_one_browser_for_ten_minutes(way):
    first = await way.go()
    assert isinstance(first, ProviderArrival)
    assert await way.finish() == NotLetIn(reason="lost")
    await way.begin()
    way.browser = "another"
    assert await way.finish() == NotLetIn(reason="lost")
    way.browser = ""
    assert await way.finish() == NotLetIn(reason="lost")
    way.browser = "a browser"
    assert await way.finish(state="made up") == NotLetIn(reason="lost")
    await way.begin()
    with clock.moved_to(clock.now() + LASTS):
        assert await way.finish() == NotLetIn(reason="lost")
    await way.begin()
    way.doorway.provider = structs.replace(PROVIDER, code="other")
    assert await way.finish() == NotLetIn(reason="lost")


@pytest.mark.parametrize(
    "given", [{"iss": "https://evil.example"}, {"code": ""}, {"error": "server_error", "code": ""}]
)
async def test_an_answer_that_is_strange_lets_nobody_in(way, given):
    await way.begin()
    assert (await way.finish(**given)).reason == "strange"
    assert "token" not in way.sham.heard


async def test_an_issuer_that_says_it_names_itself_must(way, sham):
    sham.metadata["authorization_response_iss_parameter_supported"] = True
    await way.begin()
    assert (await way.finish(iss="")).reason == "strange"


async def test_a_no_of_the_provider_is_a_no(way):
    await way.begin()
    assert await way.finish(error="access_denied") == NotLetIn(reason="denied")


async def test_a_verifier_of_another_way_is_refused_by_the_provider(way, sham):
    await way.begin()
    sham.challenge = "another"
    assert (await way.finish()).about == "it does not take the code (400 invalid_grant)"


async def test_a_new_key_is_fetched_once_and_not_at_every_strange_token(way, sham):
    assert isinstance(await way.go(), ProviderArrival)
    sham.keys, sham.signed_by = [CURVE], CURVE
    assert (await way.go()).reason == "strange"  # looked a moment ago
    with clock.moved_to(clock.now() + APART):
        assert isinstance(await way.go(), ProviderArrival)
        assert sham.heard.count("keys") == 2
        sham.signed_by = OTHER
        assert (await way.go()).reason == "strange"
        assert (await way.go()).reason == "strange"
        assert sham.heard.count("keys") == 2


@pytest.mark.parametrize("part", ["openid-configuration", "token", "keys", "me"])
@pytest.mark.parametrize(
    "instead",
    [
        httpx.ConnectError("gone"),
        httpx.ReadTimeout("slow"),
        httpx.Response(503),
        httpx.Response(200, text="<html>Bienvenue</html>"),
        httpx.Response(200, json=["not", "what", "was", "asked"]),
        httpx.Response(200, content=b"{" + b" " * HTTP_CALLS_MOST_READ),
    ],
)
async def test_a_provider_that_is_away_or_strange_is_an_answer_and_no_accident(way, sham, part, instead):
    sham.instead[part] = instead
    try:
        answer = await way.go(groups=None)
    except (Later, Refused):
        assert part == "openid-configuration"
        return
    assert isinstance(answer, NotLetIn)
    assert answer.reason in ("away", "strange")
    assert await agents(way.engine) == ()


@pytest.mark.parametrize(
    "changed",
    [
        {"issuer": "https://evil.example"},
        {"token_endpoint": "http://login.ville.example/token"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"jwks_uri": "https://user:secret@login.ville.example/keys"},
        {"end_session_endpoint": "http://127.0.0.1/"},
        {"token_endpoint": 7},
    ],
)
async def test_a_provider_that_says_strange_things_of_itself_is_not_spoken_to(way, sham, changed):
    sham.metadata |= changed
    with pytest.raises(Refused):
        await way.begin()
    assert sham.heard == ["openid-configuration"]


async def test_what_a_provider_says_of_itself_is_asked_for_once_an_hour_and_before_somebody_is_sent(way, sham):
    await way.begin()
    await way.begin()
    assert sham.heard.count("openid-configuration") == 1
    with clock.moved_to(clock.now() + BELIEVED):
        await way.begin()
    assert sham.heard.count("openid-configuration") == 2


async def test_nobody_waits_behind_others_for_a_provider_that_fails(way, sham):
    sham.instead["openid-configuration"] = httpx.ReadTimeout("slow")
    answers = await asyncio.gather(*(way.begin() for _ in range(20)), return_exceptions=True)
    assert all(isinstance(each, Later) for each in answers)
    assert sham.heard == ["openid-configuration"]
    del sham.instead["openid-configuration"]
    with clock.moved_to(clock.now() + REST):
        await way.begin()


async def test_an_account_without_a_password_has_none_that_is_empty(database, way):
    arrived = await way.go()
    for password in ("", " "):
        answer = await sign_in(database, arrived.person.email, password, "", Caller(address="192.0.2.7"))
        assert answer == Refusal(reason="wrong")
    assert (await Agent.select(Agent.password).first())["password"] == ""


async def test_what_nobody_finished_and_what_is_old_goes(way):
    await way.begin()
    await way.go()
    await way.begin()
    assert (await SignInBegun.count(), await sweep_begun(way.engine)) == (2, 0)
    with clock.moved_to(clock.now() + LASTS):
        assert await sweep_begun(way.engine) == 2
    assert await sweep_book(way.engine) == 0
    with clock.moved_to(clock.now() + KEPT + LASTS):
        assert await sweep_book(way.engine) == 2


OWN_WORDS = PersonClaims(email=("mail", "upn"), verified="xms_edov", name=("display",), groups="realm.roles")
OF_A_PLUGIN = IdentityProvider(
    name="ville", title=Text(fr="Annuaire"), issuer=ISSUER, client_id=CLIENT, claims=OWN_WORDS, link=True
)
TOLD = {"email": None, "name": None, "groups": None, "email_verified": None}
TOLD |= {"upn": "Lea@Ville.example", "display": "Léa Roy", "realm": {"roles": ["voirie"]}}


async def test_who_comes_by_a_provider_of_a_plugin_is_known_by_the_names_that_it_uses(database, sham, towns):
    way = Way(database, sham, towns, Provider.declared(OF_A_PLUGIN))
    arrived = await way.go(**TOLD)
    assert (arrived.person.email, arrived.person.name) == ("lea@ville.example", "Léa Roy")
    assert arrived.person.grants == (Grant(role="agent", jurisdiction="parvis", unit="roads", source="ville"),)


async def test_a_provider_of_a_plugin_stands_the_same_checks(database, sham, towns):
    way = Way(database, sham, towns, Provider.declared(OF_A_PLUGIN))
    assert (await way.go(**TOLD, nonce="of another sign-in")).reason == "strange"
    assert (await way.go(**TOLD, iss="https://elsewhere.example")).reason == "strange"
    sham.signed_by = OTHER
    assert (await way.go(**TOLD)).reason == "strange"


@pytest.mark.parametrize(("verified", "joined"), [(True, True), (False, False), (None, False)])
async def test_an_account_is_joined_only_where_the_claim_that_the_plugin_names_says_so(
    database, sham, towns, verified, joined
):
    observer = [Grant(role="observer", jurisdiction="parvis")]
    await add_agent(database, email="lea@ville.example", name="Léa", password=PASSWORD, grants=observer)
    way = Way(database, sham, towns, Provider.declared(OF_A_PLUGIN))
    answer = await way.go(**TOLD | {"email_verified": True, "xms_edov": verified})
    assert isinstance(answer, ProviderArrival) is joined
    assert joined or answer.reason == "taken"


@pytest.mark.parametrize(
    ("claims", "told", "joined"),
    [
        (PersonClaims(), {}, True),
        (PersonClaims(email=("upn", "email")), {"upn": "lea@ville.example", "email": "other@ailleurs.example"}, False),
        (PersonClaims(email=("email", "upn")), {"upn": "lea@ville.example", "email": None}, False),
        (PersonClaims(email=("mail", "upn"), verified="edov"), {"mail": "lea@ville.example", "edov": True}, True),
        (PersonClaims(email=("mail", "upn"), verified="edov"), {"upn": "lea@ville.example", "edov": True}, True),
    ],
)
async def test_only_an_address_of_which_the_provider_says_that_it_is_verified_joins_an_account(
    database, sham, towns, claims, told, joined
):
    await add_agent(database, email="lea@ville.example", name="Léa", password=PASSWORD)
    way = Way(database, sham, towns, Provider.declared(structs.replace(OF_A_PLUGIN, claims=claims)))
    arrived = await way.go(**told)
    assert isinstance(arrived, ProviderArrival) is joined
    assert joined or arrived.reason == "taken"
