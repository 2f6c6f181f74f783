"""Sign-in at two real providers, by a real browser: who comes in, with which roles, and what a provider cannot do."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import httpx
import pytest

from parvis.people.agents import Grant, add_agent, find_agent
from parvis.people.sessions import begin_session
from parvis.people.sign_in_log import latest
from parvis_identity_providers import arrivals, providers
from parvis_testing.ports import free_port

from ..counterparts.canaille import PASSWORD, canaille, person
from ..counterparts.oidc_provider import new_key, oidc_provider
from .sign_in_town import town_at

pytestmark = [pytest.mark.slow, pytest.mark.browser]
LEA = {"name": "Léa Roy", "email": "lea@ville.example", "email_verified": True, "groups": ["voirie"]}
DESK = re.compile(r"/bureau")


class Visitor:
    """Somebody at a browser, before the door."""

    def __init__(self, page: Any, site: str) -> None:
        self.page, self.site = page, site

    async def press(self, name: str, onward: str = "") -> None:
        await self.page.goto(f"{self.site}/connexion?langue=fr{'&next=' + onward if onward else ''}")
        await self.page.get_by_role("link", name=f"Se connecter avec Ville ({name})").click()

    async def at_node(self, login: str) -> None:
        """The two pages of oidc-provider, where any password is right."""
        await self.page.fill("input[name=login]", login)
        await self.page.fill("input[name=password]", "n’importe quoi")
        await self.page.click("button[type=submit]")
        await self.page.wait_for_load_state()
        if self.page.url.startswith(self.site):
            return
        await self.page.click("button[type=submit]")

    async def at_canaille(self, login: str) -> None:
        await self.page.fill("input[name=login]", login)
        await self.page.click("button[type=submit]")
        await self.page.fill("input[name=password]", PASSWORD)
        await self.page.click("button[type=submit][name=answer], button[type=submit]")

    async def again(self, name: str) -> None:
        """The same way, by a link of the provider's own, while both still know them."""
        await self.page.goto(f"{self.site}/connexion/par/{name}")
        if not self.page.url.startswith(self.site):
            await self.page.click("button[type=submit]")

    async def leave(self) -> None:
        await self.page.goto(f"{self.site}/bureau/compte")
        await self.page.locator(".menu--own summary").click()
        await self.page.get_by_role("button", name="Se déconnecter", exact=True).click()
        await self.page.wait_for_url(re.compile("/connexion"))

    @property
    async def words(self) -> str:
        return str(await self.page.inner_text("main"))

    async def roles(self) -> list[str]:
        await self.page.goto(f"{self.site}/bureau/compte")
        return [" ".join(each.split()) for each in await self.page.locator("h1 ~ ul.plain li").all_inner_texts()]


@pytest.fixture
def site() -> tuple[int, str]:
    port = free_port()
    return port, f"http://127.0.0.1:{port}"


@asynccontextmanager
async def visitor(chromium: Any, site: str, **options: Any) -> AsyncIterator[Visitor]:
    context = await chromium.new_context(locale="fr-CA", **options)
    try:
        context.set_default_timeout(15_000)
        yield Visitor(await context.new_page(), site)
    finally:
        await context.close()


async def taken_by_an_operator(app: Any, site: str, person_id: str) -> str:
    """What an operator is told who takes the first role of somebody away."""
    engine = app.state.deployment.host.engine
    grants = [Grant(role="operator", jurisdiction="parvis")]
    karim = await add_agent(engine, email="karim@ville.example", name="Karim", password=PASSWORD, grants=grants)
    cookies = {"parvis_session": await begin_session(engine, karim.id)}
    async with httpx.AsyncClient(base_url=site, cookies=cookies, headers={"accept": "text/html"}) as http:
        page = await http.get(f"/exploitation/personnes/{person_id}")
        assert "Ville (node) redonne ce rôle à chaque connexion" in page.text
        token = re.search(r'name="_csrf" value="([^"]+)"', page.text)[1]
        taken = await http.post(f"/exploitation/personnes/{person_id}/roles", data={"_csrf": token, "take": "0"})
    return taken.headers["location"].rpartition("fait=")[2]


@pytest.mark.parametrize("scripts", [True, False])
async def test_somebody_comes_in_by_node_and_has_the_roles_of_their_groups_as_long_as_they_have_them(
    database_url, tmp_path, chromium_of_session, site, scripts
):
    port, address = site
    with oidc_provider(address, "node") as idp, idp.running():
        idp.know("lea", **LEA)
        async with (
            town_at(port, tmp_path, database_url, port, {"node": idp}) as app,
            visitor(chromium_of_session, address, java_script_enabled=scripts) as lea,
        ):
            await lea.press("node", onward="/bureau?retard=oui")
            await lea.at_node("lea")
            assert lea.page.url == f"{address}/bureau?retard=oui", await lea.words
            by_groups = "selon vos groupes chez Ville (node)"
            assert await lea.roles() == [f"Traitement : Voirie (Ville de Parvis) {by_groups}"]

            engine = app.state.deployment.host.engine
            known = await find_agent(engine, LEA["email"])
            assert await taken_by_an_operator(app, address, known.id) == "groupes"
            await lea.again("node")
            assert (await find_agent(engine, LEA["email"])).grants == known.grants

            idp.know("lea", **LEA | {"groups": ["gestion"]})
            await lea.again("node")
            assert await lea.roles() == [f"Gestion : toute la ville (Ville de Parvis) {by_groups}"]

            idp.know("lea", **LEA | {"groups": ["loisirs"]})
            await lea.again("node")
            assert "vous n’avez aucun rôle ici" in await lea.words
            await lea.page.goto(f"{address}/bureau")
            assert await lea.page.locator("table").count() == 0  # the session before has lost its rights too


async def test_somebody_comes_in_by_a_provider_that_a_plugin_declares(
    database_url, tmp_path, chromium_of_session, site
):
    port, address = site
    with oidc_provider(address, "node") as idp, idp.running():
        idp.know("lea", **LEA)
        async with (
            town_at(port, tmp_path, database_url, port, {"node": idp}, declared=True),
            visitor(chromium_of_session, address) as lea,
        ):
            await lea.press("node", onward="/bureau?retard=oui")
            await lea.at_node("lea")
            assert lea.page.url == f"{address}/bureau?retard=oui", await lea.words
            assert await lea.roles() == ["Traitement : Voirie (Ville de Parvis) selon vos groupes chez Ville (node)"]


async def test_a_provider_with_new_keys_is_believed_and_one_that_is_gone_harms_only_its_own_button(
    database_url, tmp_path, chromium_of_session, site, monkeypatch
):
    monkeypatch.setattr(arrivals, "ALIVE", timedelta(0))  # a minute later, without waiting for it
    monkeypatch.setattr(providers, "APART", timedelta(0))
    monkeypatch.setattr(providers, "REST", timedelta(0))
    port, address = site
    with oidc_provider(address, "node") as idp:
        idp.know("lea", **LEA)
        async with (
            town_at(port, tmp_path, database_url, port, {"node": idp}) as app,
            visitor(chromium_of_session, address) as lea,
        ):
            await add_agent(
                app.state.deployment.host.engine,
                email="max@ville.example",
                name="Max",
                password=PASSWORD,
                grants=[Grant(role="agent", jurisdiction="parvis")],
            )
            with idp.running(new_key("first")):
                await lea.press("node")
                await lea.at_node("lea")
                await lea.page.wait_for_url(DESK)
            await lea.leave()
            await lea.press("node")
            assert "Ville (node) ne répond pas correctement" in await lea.words
            await lea.page.fill("#email", "max@ville.example")
            await lea.page.fill("#password", PASSWORD)
            await lea.page.get_by_role("button", name="Se connecter").click()
            await lea.page.wait_for_url(DESK)
            await lea.leave()
            with idp.running(new_key("second")):
                await lea.press("node")
                await lea.at_node("lea")
                assert DESK.search(lea.page.url), await lea.words


async def test_what_came_back_once_does_not_come_back_again(database_url, tmp_path, chromium_of_session, site):
    port, address = site
    with oidc_provider(address, "node") as idp, idp.running():
        idp.know("lea", **LEA)
        async with (
            town_at(port, tmp_path, database_url, port, {"node": idp}),
            visitor(chromium_of_session, address) as lea,
            visitor(chromium_of_session, address) as thief,
        ):
            came_back: list[str] = []
            lea.page.on("request", lambda sent: came_back.append(sent.url) if "/retour/" in sent.url else None)
            await lea.press("node")
            await lea.at_node("lea")
            await lea.page.wait_for_url(DESK)
            await thief.page.goto(f"{address}/connexion?langue=fr")
            await thief.page.goto(came_back[0])
            assert "commencée dans une autre fenêtre" in await thief.words
            await lea.leave()
            await lea.page.goto(came_back[0])
            assert "commencée dans une autre fenêtre" in await lea.words


async def test_an_account_is_joined_by_a_verified_email_where_the_operator_allows_it_and_never_by_another(
    database_url, tmp_path, chromium_of_session, site
):
    port, address = site
    with oidc_provider(address, "node") as idp, idp.running():
        idp.know("eve", **LEA | {"email_verified": False})
        idp.know("lea", **LEA)
        async with (
            town_at(port, tmp_path, database_url, port, {"node": idp}, link=True) as app,
            visitor(chromium_of_session, address) as eve,
            visitor(chromium_of_session, address) as lea,
        ):
            engine = app.state.deployment.host.engine
            grants = [Grant(role="manager", jurisdiction="parvis")]
            local = await add_agent(engine, email="lea@ville.example", name="Léa Roy", password=PASSWORD, grants=grants)
            await eve.press("node")
            await eve.at_node("eve")
            assert "n’est pas lié à Ville (node)" in await eve.words
            await lea.press("node")
            await lea.at_node("lea")
            await lea.page.wait_for_url(DESK)
            known = await find_agent(engine, "lea@ville.example")
            assert known is not None
            assert known.id == local.id
            assert {(each.role, each.unit, each.source) for each in known.grants} == {
                ("manager", "", ""),
                ("agent", "roads", "node"),
            }


async def test_whoever_leaves_there_has_left_here_and_the_town_may_ask_for_a_second_factor(
    database_url, tmp_path, chromium_of_session, site
):
    port, address = site
    with oidc_provider(address, "node") as idp, idp.running():
        idp.know("lea", **LEA)
        idp.know("max", **LEA | {"email": "max@ville.example", "amr": ["pwd", "mfa"]})
        async with (
            town_at(port, tmp_path, database_url, port, {"node": idp}, second_factor=True),
            visitor(chromium_of_session, address) as lea,
            visitor(chromium_of_session, address) as max_,
        ):
            await lea.press("node")
            await lea.at_node("lea")
            assert "Ville (node) n’en a signalé aucune" in await lea.words
            await max_.press("node")
            await max_.at_node("max")
            await max_.page.wait_for_url(DESK)
            await max_.page.goto(f"{idp.issuer}/session/end")
            await max_.page.click("button[value=yes], button[type=submit]")
            await max_.page.wait_for_url(re.compile("/session/end/success"))
            await max_.page.goto(f"{address}/bureau")
            assert max_.page.url.startswith(f"{address}/connexion")


async def test_somebody_comes_in_by_canaille_beside_the_other_provider(
    database_url, tmp_path, chromium_of_session, site
):
    port, address = site
    people = {"lea": person("Léa", "Roy", "lea@ville.example", groups=["voirie"])}
    with oidc_provider(address, "node") as node, canaille(address, "mairie", people) as idp:
        async with (
            town_at(port, tmp_path, database_url, port, {"node": node, "mairie": idp}),
            visitor(chromium_of_session, address) as lea,
        ):
            await lea.press("mairie", onward="/bureau/compte")
            await lea.at_canaille("lea")
            await lea.page.wait_for_url(f"{address}/bureau/compte")
            assert [role.partition(" :")[0] for role in await lea.roles()] == ["Traitement"]
            assert "Par Ville (mairie)" in await lea.words


async def test_a_token_that_is_for_nobody_lets_nobody_in(database_url, tmp_path, chromium_of_session, site):
    port, address = site
    people = {"lea": person("Léa", "Roy", "lea@ville.example", groups=["voirie"])}
    with canaille(address, "mairie", people, audience=False) as idp:
        async with (
            town_at(port, tmp_path, database_url, port, {"mairie": idp}) as app,
            visitor(chromium_of_session, address) as lea,
        ):
            await lea.press("mairie")
            await lea.at_canaille("lea")
            assert "n’est pas fiable" in await lea.words
            line, *_ = await latest(app.state.deployment.host.engine, ())
            assert (line.kind, line.door, line.about) == ("refused", "mairie", "the token is not for us")
