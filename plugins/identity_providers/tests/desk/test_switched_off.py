"""The module is switched off while somebody is in: the button goes, accounts stay, nobody is shut out unknowingly."""

import pytest

from parvis.cli.modules import _switch
from parvis.people.agents import find_agent
from parvis_identity_providers.arrivals import join
from parvis_identity_providers.providers import IdentityProviders
from parvis_identity_providers.tables import OutsideAccount
from parvis_testing.desk import said
from parvis_testing.modules import switch

from ..sham_provider import PROVIDER
from .test_coming_in import comes_in

ALL = ("/connexion/par/ville", "/connexion/sortie/ville")
PREVIEW = "/exploitation/modules/identity_providers?ville=parvis&etat=off"


@pytest.fixture
async def off(by_provider, sham):
    """Léa came in by the provider; then it was switched off. Her browser."""
    lea, _ = await comes_in(by_provider, sham)
    await switch(by_provider.host, "off", "identity_providers")
    return lea


async def test_its_pages_do_not_exist_and_nothing_leads_there(by_provider, off):
    anybody = by_provider.browser()
    for path in ALL:
        assert (await anybody.get(path)).status_code == 404, path
    assert (await anybody.get("/connexion/retour/ville?state=s&code=c")).url.path == "/connexion"  # was there meanwhile
    await anybody.get("/connexion?sortie=ville")
    assert said("You are signed out.") in anybody.text
    assert "/connexion/par/" not in anybody.page.text
    assert "/connexion/sortie/" not in anybody.page.text
    assert said("With a password") not in anybody.text
    assert "parvis_way" not in anybody.http.cookies


async def test_who_is_in_stays_in_with_their_roles_and_on_again_they_are_who_they_were(by_provider, sham, off):
    assert (await off.get("/bureau/compte")).status_code == 200
    assert "Par Ville" in off.text
    before = await find_agent(by_provider.host.engine, "lea@ville.example")
    await switch(by_provider.host, "on", "identity_providers")
    _, back = await comes_in(by_provider, sham, email="other@ville.example")
    assert back.headers["location"] == "/bureau/nouvelle"
    assert await find_agent(by_provider.host.engine, "lea@ville.example") == before
    assert await OutsideAccount.count() == 1


async def test_a_sign_in_in_another_town_neither_gives_nor_takes_roles_where_it_is_off(by_provider, sham, off):
    await switch(by_provider.host, "on", "identity_providers", town="parvis")
    await comes_in(by_provider, sham, groups=["exploitation"])
    known = await find_agent(by_provider.host.engine, "lea@ville.example")
    assert {(each.role, each.jurisdiction) for each in known.grants} == {("operator", "parvis"), ("agent", "rivemont")}


async def test_what_groups_gave_can_be_taken_here_while_no_rule_gives_it(by_provider, off):
    karim = await by_provider.signed_in("operator")
    lea = await find_agent(by_provider.host.engine, "lea@ville.example")
    here = f"/exploitation/personnes/{lea.id}"
    await karim.get(here)
    assert "redonne ce rôle à chaque connexion" not in karim.text
    assert (await karim.post(f"{here}/roles", take="0")).url.params["fait"] == "retire"


async def test_whoever_decides_it_reads_first_who_could_not_come_in(by_provider, sham):
    lea, _ = await comes_in(by_provider, sham, groups=["exploitation"])
    await lea.get(PREVIEW)
    assert said("Before you decide") in lea.text
    assert "votre compte n’a pas de mot de passe" in lea.text
    assert "ne pourront plus se connecter à la fin de leur session : Léa Roy." in lea.text
    assert "Plus aucune personne qui gère" in lea.text
    karim = await by_provider.signed_in("operator", name="Karim Diallo")
    assert await join(by_provider.host.engine, PROVIDER, karim.person.id, "karim")
    await karim.get(PREVIEW)
    assert "ne pourront plus se connecter à la fin de leur session : Léa Roy." in karim.text  # Karim has a password
    assert "votre compte" not in karim.text
    assert "Plus aucune personne qui gère" not in karim.text
    await karim.get(PREVIEW.replace("off", "on"))
    assert said("Before you decide") not in karim.text


async def test_a_password_that_the_settings_take_away_counts_for_none(by_provider):
    spare = await by_provider.agent("operator", name="Secours")
    by_provider.host.of(IdentityProviders).only = (spare.email,)
    karim = await by_provider.signed_in("operator", name="Karim Diallo")
    assert await join(by_provider.host.engine, PROVIDER, karim.person.id, "karim")
    await karim.get(PREVIEW)
    assert "votre compte n’a pas de mot de passe" in karim.text
    assert "Plus aucune personne qui gère" not in karim.text


async def test_the_command_says_first_who_could_not_come_in(by_provider, sham, capsys):
    await comes_in(by_provider, sham, groups=["exploitation"])
    await _switch(by_provider.deployment, "identity_providers", "parvis", "off", "Panne", dry_run=True)
    told = capsys.readouterr().err
    assert (
        "parvis: These people have no password and will no longer be able to sign in once their sessions end: Léa Roy."
        in told
    )
    assert "parvis modules on identity_providers --town parvis" in told
