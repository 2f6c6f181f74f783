"""Names and addresses belong to whose they were: no later plugin takes them, only an operator gives them away."""

import shutil
from getpass import getuser

import pytest
from msgspec import structs

from parvis.example_towns import town_folder
from parvis.people.agents import Grant, add_agent
from parvis.people.sessions import begin_session
from parvis.settings import read_settings

SUBMISSION = {
    "type": "lamp",
    "language": "fr",
    "answers": {"danger": True},
    "place": {"lon": -73.5807, "lat": 45.5236, "address": "1234, rue Rachel Est"},
    "requester": {"mode": "anonymous"},
}
DOG = {'code="lamp"': 'code="dog_licence"', "Lampadaire": "Licence de chien", "Street light": "Dog licence"}
OPERATOR = (Grant(role="operator", jurisdiction="parvis"),)
ADDRESSES = {"fr": "/fr/demande/rues/lampadaire", "en": "/en/request/streets/street-light"}
TITLES = {"fr": "Lampadaire", "en": "Street light"}


def dog(good, **more):
    for word, other in (DOG | more).items():
        good = good.replace(word, other)
    return good


async def filed(http):
    answer = await http.post("/api/v1/requests", json=SUBMISSION, headers={"Idempotency-Key": "one"})
    assert answer.status_code == 201, answer.text
    return answer.json()["tracking_url"]


def troubles(host):
    return "\n".join(str(each) for each in host.plugins.troubles)


async def opens(http, language):
    page = await http.get(ADDRESSES[language])
    return next((title for title in ("Licence de chien", "Dog licence", *TITLES.values()) if title in page.text), "")


@pytest.mark.parametrize("name", ["dogs", "zoo"])
async def test_a_service_that_is_there_keeps_its_address_in_both_languages(install, serving, commanded, good, name):
    """Otherwise an old link to report a street light opens a dog licence, and the check reports no trouble."""
    install("lights")
    async with serving() as (_, http):
        assert {each: await opens(http, each) for each in ADDRESSES} == TITLES
    install(name, dog(good))
    async with serving() as (host, http):
        assert {each: await opens(http, each) for each in ADDRESSES} == TITLES
        said = troubles(host)
        assert "'dog_licence' is not offered, and 'lamp' keeps its address" in said
        for named in (f"parvis-{name}", "parvis-lights", "/fr/…/rues/lampadaire"):
            assert named in said
        assert {"lamp"} == {"lamp", "dog_licence"} & set(host.plugins.request_types)
    checked = await commanded("check")
    assert checked.exit_code == 1
    assert "'dog_licence'" in checked.output


@pytest.mark.parametrize("strict", ["", "1"])
async def test_the_settings_say_of_a_newcomer_at_a_taken_address_what_the_check_says(
    install, serving, commanded, good, monkeypatch, tmp_path, strict
):
    """Else an operator reads that a service which residents use is not offered, and uninstalls the wrong plugin."""
    shutil.copytree(town_folder(), territory := tmp_path / "territory")
    file = territory / "parvis" / "jurisdiction.toml"
    file.write_text(file.read_text("utf-8").replace('anything_else = "service_complaint"', 'anything_else = "lamp"'))
    monkeypatch.setenv("PARVIS_TERRITORY", str(territory))
    if strict:
        monkeypatch.setenv("PARVIS_STRICT", strict)
    install("lights")
    async with serving():
        pass
    install("dogs", dog(good))
    checked, listed = await commanded("check"), await commanded(group="settings")
    for said in (checked, listed):
        assert said.exit_code == 1, said.output
        assert "'dog_licence' is not offered, and 'lamp' keeps its address" in said.output
        assert "neither is offered" not in said.output
    assert "anything_else" not in listed.output


@pytest.mark.parametrize("changed", ["fr", "en"])
async def test_an_address_taken_in_one_language_alone_is_refused_as_well(install, serving, good, changed):
    install("lights")
    async with serving():
        pass
    word = {"fr": ('"street-light"', '"dog-licence"'), "en": ('"lampadaire"', '"licence-de-chien"')}[changed]
    install("dogs", dog(good, **dict([word])))
    async with serving() as (host, http):
        assert "'dog_licence' is not offered" in troubles(host)
        assert await opens(http, changed) == TITLES[changed]


THEME = 'code="streets", title=Text(fr="Rues", en="Streets"), slug=Text(fr="rues", en="streets")'
MORE = """
from msgspec import structs
POST = structs.replace(LAMP, code="post", slug=Text(fr="poteau", en="post"))
"""


@pytest.mark.parametrize(
    "theme",
    [
        'code="streets", title=Text(fr="AAA Zoo", en="AAA Zoo"), slug=Text(fr="zoo", en="zoo")',
        'code="zoo", title=Text(fr="AAA Zoo", en="AAA Zoo"), slug=Text(fr="rues", en="streets")',
    ],
)
async def test_a_plugin_does_not_rename_a_theme_of_another_or_take_its_address(install, serving, good, theme):
    """Else the page of a theme is gone, or bears a stranger’s name, once a plugin with one service came."""
    install("lights", good.replace("\n\n@hookimpl", f"{MORE}\n\n@hookimpl").replace("[LAMP]", "[LAMP, POST]"))
    install("dogs", dog(good, **{'"lampadaire"': '"licence"', '"street-light"': '"licence"', THEME: theme}))
    async with serving() as (host, http):
        assert {"lamp", "post", "dog_licence"} <= set(host.plugins.request_types)
        page = await http.get("/fr/services/rues")
        assert page.status_code == 200
        assert "<h1" in page.text
        assert "AAA Zoo" not in page.text.partition("<h1")[2].partition("</h1>")[0]
        assert "Lampadaire" in page.text
        if 'code="streets"' in theme:
            assert "AAA Zoo" not in (await http.get("/fr/services")).text
            assert (await http.get("/fr/services/zoo")).status_code == 200


async def test_a_theme_stays_its_owner_s_whoever_comes_with_more_services_and_when_its_plugin_is_gone(
    install, serving, uninstall, commanded, good
):
    """Before, a vendor with two services renamed the shelf of a town’s own, and moved its page."""
    install("lights")
    async with serving():
        pass
    two = good.replace("\n\n@hookimpl", f"{MORE}\n\n@hookimpl").replace("[LAMP]", "[LAMP, POST]")
    taken = {THEME: 'code="streets", title=Text(fr="AAA Zoo", en="AAA Zoo"), slug=Text(fr="zoo", en="zoo")'}
    two = two.replace('code="post"', 'code="kennel"').replace("poteau", "chenil").replace('en="post"', 'en="kennel"')
    install("dogs", dog(two, **{'"lampadaire"': '"licence"', '"street-light"': '"licence"', **taken}))
    async with serving() as (host, http):
        assert {"lamp", "dog_licence", "kennel"} <= set(host.plugins.request_types)
        assert "the theme 'streets' belongs to parvis-lights" in troubles(host)
        assert "AAA Zoo" not in (await http.get("/fr/services")).text
        page = await http.get("/fr/services/rues")
        assert ("Lampadaire" in page.text, "Licence de chien" in page.text) == (True, True)
        assert (await http.get("/fr/demande/rues/licence")).status_code == 200
    uninstall("parvis-lights")
    async with serving() as (_, http):
        assert "AAA Zoo" not in (await http.get("/fr/services")).text
        assert (await http.get("/fr/demande/rues/licence")).status_code == 200
    ran = await commanded("take-over", "themes", "streets", "dogs", "--reason", "Le fournisseur a changé")
    assert ran.exit_code == 0, ran.output
    async with serving() as (_, http):
        assert "AAA Zoo" in (await http.get("/fr/services")).text


async def test_a_plugin_that_renames_its_own_theme_is_believed_and_one_that_says_the_same_is_no_stranger(
    install, serving, good
):
    install("lights")
    install("dogs", dog(good, **{'"lampadaire"': '"licence"', '"street-light"': '"licence"'}))
    async with serving() as (host, _):
        assert "theme" not in troubles(host)
    async with serving() as (host, _):
        assert "theme" not in troubles(host)


async def test_two_new_services_at_one_address_are_both_named_and_neither_wins(install, commanded, good):
    install("lights")
    install("dogs", dog(good))
    ran = await commanded("check")
    assert ran.exit_code == 1
    assert "dogs (parvis-dogs 1.2.3) and lights (parvis-lights 1.2.3)" in ran.output
    assert "neither is offered" in ran.output


async def test_of_two_services_of_one_plugin_at_one_address_the_first_stays(install, commanded, good):
    more = '\nfrom msgspec import structs\nDOG = structs.replace(LAMP, code="dog_licence")\n'
    install("lights", good.replace("\n\n@hookimpl", f"{more}\n\n@hookimpl").replace("[LAMP]", "[LAMP, DOG]"))
    ran = await commanded("check")
    assert ran.exit_code == 1
    assert "'dog_licence' is not offered, and 'lamp' keeps its address" in ran.output


async def test_an_address_stays_its_owner_s_while_its_plugin_is_away(install, serving, uninstall, good):
    install("lights")
    async with serving():
        pass
    uninstall("parvis-lights")
    install("dogs", dog(good))
    async with serving() as (host, http):
        assert "'dog_licence' is not offered" in troubles(host)
        assert (await http.get(ADDRESSES["fr"])).status_code == 404


async def test_the_requests_of_a_removed_plugin_are_no_stranger_s(install, serving, uninstall, commanded, good):
    """Else a vendor reads, moves and closes what residents told another one, by claiming its code."""
    install("lights")
    async with serving() as (_, http):
        page = await filed(http)
    uninstall("parvis-lights")
    install("lamps_inc", good.replace("Fermer", "Effacer"), distribution="lamps-inc")
    async with serving() as (host, http):
        said = troubles(host)
        assert "lamps_inc (lamps-inc 1.2.3)" in said
        assert "the request type 'lamp' belongs to parvis-lights (requests that depend on it: 1)" in said
        assert "lamp" not in host.plugins.request_types
        assert (
            await http.post("/api/v1/requests", json=SUBMISSION, headers={"Idempotency-Key": "two"})
        ).status_code != 201
    checked = await commanded("check")
    assert checked.exit_code == 1
    assert "belongs to parvis-lights" in checked.output

    # An operator decides, with a reason; it is written down, and from the next start it holds.
    assert (await commanded("take-over", "request_types", "lamp", "nobody", "--reason", "x")).exit_code == 1
    assert (await commanded("take-over", "request_types", "lamp", "lamps_inc")).exit_code == 2  # a reason is owed
    blank = await commanded("take-over", "request_types", "lamp", "lamps_inc", "--reason", "  ")
    assert blank.exit_code == 1, blank.output
    decided = await commanded(
        "take-over", "request_types", "lamp", "lamps_inc", "--reason", "The contract went to Lamps Inc."
    )
    assert decided.exit_code == 0, decided.output
    assert "parvis-lights -> lamps_inc (lamps-inc 1.2.3), 1 requests" in decided.output
    told = (await commanded("owners")).output
    assert "request_types lamp  lamps-inc, 1 requests" in told
    assert "The contract went to Lamps Inc." in told
    async with serving() as (host, http):
        assert troubles(host) == ""
        assert "lamp" in host.plugins.request_types
        assert (await http.get(page)).status_code == 200
        operator = await add_agent(
            host.engine, email="o@parvis.example", name="Zoé", password="x" * 20, grants=OPERATOR
        )
        http.cookies.set("parvis_session", await begin_session(host.engine, operator.id, "Tests"))
        shown = (await http.get("/exploitation/extensions")).text
        for words in ("parvis-lights → lamps_inc (lamps-inc 1.2.3)", "The contract went to Lamps Inc.", getuser()):
            assert words in shown, words

    # The first one is now the stranger.
    uninstall("lamps-inc")
    install("lights")
    async with serving() as (host, _):
        assert "belongs to lamps-inc" in troubles(host)


async def test_a_stranger_beside_the_owner_takes_nothing_offline(install, serving, good):
    """Before, one more claim on a code took the service of both away."""
    install("lights")
    async with serving() as (_, http):
        await filed(http)
    install("lamps_inc", good, distribution="lamps-inc")
    async with serving() as (host, http):
        assert await opens(http, "fr") == "Lampadaire"
        assert host.plugins.plugin_of("lamp") == "lights"
        assert "belongs to parvis-lights" in troubles(host)


async def test_the_name_of_a_removed_plugin_gives_no_stranger_its_settings_and_deliveries(
    install, serving, uninstall, good
):
    install("lights")
    async with serving():
        pass
    uninstall("parvis-lights")
    install("lights", dog(good), distribution="lamps-inc")
    async with serving() as (host, _):
        assert "lights" not in host.plugins.by_name
        assert "the plugin name 'lights' belongs to parvis-lights" in troubles(host)
        assert "the plugin is left out" in troubles(host)


async def test_another_version_of_its_own_distribution_is_no_stranger(install, serving, uninstall, good):
    install("lights")
    async with serving() as (_, http):
        await filed(http)
    uninstall("parvis-lights")
    install("lights", good.replace('"lampadaire"', '"eclairage"'), version="2.0")
    async with serving() as (host, http):
        assert troubles(host) == ""
        assert (await http.get("/fr/demande/rues/eclairage")).status_code == 200
    uninstall("parvis-lights")
    # The address that it left is free, and its code may go on under another name of plugin of the same distribution.
    install("street_lights", good.replace('"lampadaire"', '"eclairage"'), distribution="parvis-lights", version="3.0")
    install("dogs", dog(good, **{'"street-light"': '"dog"'}))
    async with serving() as (host, _):
        assert troubles(host) == ""


async def test_requests_from_before_owners_were_noted_stay_their_plugin_s(install, serving, uninstall, good):
    from parvis.db import transaction
    from parvis.db.tables import PluginClaim

    install("lights")
    async with serving() as (host, http):
        await filed(http)
        async with transaction(host.engine):
            await PluginClaim.delete(force=True)
    uninstall("parvis-lights")
    install("lamps_inc", good, distribution="lamps-inc")
    async with serving() as (host, _):
        assert "belongs to parvis-lights (requests that depend on it: 1)" in troubles(host)


async def test_a_strict_host_does_not_start_with_a_stranger(install, serving, environ, good):
    from parvis.deployment import PluginsInTrouble, open_deployment

    install("lights")
    async with serving() as (_, http):
        await filed(http)
    install("lamps_inc", good, distribution="lamps-inc")
    settings = structs.replace(read_settings(None, environ, worker=False, log_level="error"), strict=True)
    with pytest.raises(PluginsInTrouble, match="lamps_inc"):
        async with open_deployment(settings):
            pass


async def test_a_stranger_with_the_plugin_name_of_another_takes_nothing_offline(install, serving, good):
    """Before, both were left out by name, and with them every service of the first."""
    install("lights")
    async with serving() as (_, http):
        await filed(http)
    install("lights", good, distribution="lamps-inc")
    async with serving() as (host, http):
        assert await opens(http, "fr") == "Lampadaire"
        assert host.plugins.by_name["lights"].origin.distribution == "parvis-lights"
        assert "lights (lamps-inc 1.2.3) · entry point · the plugin name 'lights' belongs to parvis-lights" in troubles(
            host
        )


@pytest.mark.parametrize("name", ["acme", "reports"])
async def test_what_is_ours_comes_before_a_vendor_that_is_installed_on_the_same_day(install, serving, good, name):
    """Of a name that nobody owns yet: the code of a type, and the name of a plugin."""
    install("reports", good, distribution="parvis-reports", package="our_reports")  # the real one may be imported
    install(name, good.replace("Lampadaire", "Zoo"), distribution="acme-lights")
    async with serving() as (host, http):
        assert await opens(http, "fr") == "Lampadaire"
        assert f"{name} (acme-lights 1.2.3)" in troubles(host)
        assert "belongs to parvis-reports" in troubles(host)


@pytest.mark.parametrize("names", [("acme-lights", "zoo-lights"), ("zoo-lights", "acme-lights")])
async def test_the_name_of_a_plugin_can_be_given_away_while_both_are_installed(
    install, serving, commanded, good, names
):
    """Both have the one name, by which alone the newcomer can be named."""
    first, second = names
    install("lights", good, distribution=first)
    async with serving():
        pass
    install("lights", good, distribution=second)
    decided = await commanded("take-over", "plugins", "lights", "lights", "--reason", "Another contract")
    assert decided.exit_code == 0, decided.output
    assert f"{first} -> lights ({second} 1.2.3)" in decided.output
