"""Each page of the operators: who may open it, that it says what is, in both languages."""

from parvis.people.agents import Grant

PAGES = (
    "",
    "/extensions",
    "/modules",
    "/livraisons",
    "/livraisons/relance",
    "/circuits",
    "/taches",
    "/horloge",
    "/parametres",
    "/personnes",
)


async def test_every_page_opens_in_the_language_of_the_operator(site):
    for language, word in (("fr", "Livraisons"), ("en", "Deliveries")):
        await site.sign_in(f"{language}@parvis.example", language=language)
        for path in PAGES:
            page = await site.get(path)
            assert page.status_code == 200, (path, page.text)
            assert page.headers["content-language"] == language
            assert page.headers["cache-control"] == "private, no-store"
            assert word in page.text, path


async def test_nobody_but_operators_opens_them(site):
    for path in PAGES:
        stranger = await site.get(path)
        assert stranger.status_code == 303, path
        assert stranger.headers["location"].startswith("/connexion?next=%2Fexploitation")
    await site.sign_in(grants=(Grant(role="manager", jurisdiction="parvis"),))
    for path in PAGES:
        assert (await site.get(path)).status_code == 403, path


async def test_an_operator_of_another_town_runs_the_installation_too(site):
    await site.sign_in(grants=(Grant(role="operator", jurisdiction="rivemont"),))
    assert (await site.get()).status_code == 200
