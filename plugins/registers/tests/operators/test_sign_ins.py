"""The page of signed-in accounts: what it shows, and whose sessions an operator ends."""

from parvis.db import transaction
from parvis.people.agents import Grant
from parvis.people.sessions import Door, begin_session, person_of, sessions_of
from parvis.people.sign_in_log import latest, write_down

PAGES = ("/connexions", "/consultations", "/historiques")
AGENT = (Grant(role="agent", jurisdiction="parvis"),)
ELSEWHERE = (Grant(role="agent", jurisdiction="parvis"), Grant(role="agent", jurisdiction="rivemont"))
FIREFOX = "Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/145.0"


async def test_an_operator_sees_who_is_signed_in_where_and_ends_one_or_all(site):
    karim = await site.sign_in()
    lea = await site.account("lea@parvis.example", grants=AGENT, name="Léa Roy")
    tokens = [await begin_session(site.host.engine, lea.id, FIREFOX, Door(provider=name)) for name in ("", "ville")]
    page = await site.page("/connexions")
    assert "Léa Roy" in page
    assert "Firefox, Windows" in page
    assert "Par ville" in page
    handle = next(each.handle for each in await sessions_of(site.host.engine, lea.id) if each.door == "ville")
    answer = await site.post("/connexions", "/connexions", id=lea.id, handle=handle)
    assert answer.headers["location"].endswith("fait=fini")
    assert [bool(await person_of(site.host.engine, each)) for each in tokens] == [True, False]
    await site.post("/connexions", "/connexions", id=lea.id)
    assert await person_of(site.host.engine, tokens[0]) is None
    line, *_ = await latest(site.host.engine, [lea.id])
    assert (line.kind, line.by) == ("ended", karim.id)


async def test_an_operator_who_ends_their_own_sessions_stays_where_they_are(site):
    karim = await site.sign_in()
    elsewhere = await begin_session(site.host.engine, karim.id, FIREFOX)
    await site.post("/connexions", "/connexions", id=karim.id)
    assert await person_of(site.host.engine, elsewhere) is None
    assert "Karim Diallo" in await site.page("/connexions")


async def test_sessions_of_people_who_work_elsewhere_too_are_not_ended_here(site):
    await site.sign_in(grants=(Grant(role="operator", jurisdiction="parvis"),))
    lea = await site.account("lea@parvis.example", grants=ELSEWHERE, name="Léa Roy")
    token = await begin_session(site.host.engine, lea.id, FIREFOX)
    answer = await site.post("/connexions", "/connexions", id=lea.id)
    assert answer.headers["location"].endswith("fait=refuse")
    assert await person_of(site.host.engine, token) is not None
    stranger = await site.account("max@rivemont.example", grants=ELSEWHERE[1:], name="Max Fortin")
    await begin_session(site.host.engine, stranger.id, FIREFOX)
    assert "Max Fortin" not in await site.page("/connexions")


async def test_the_book_says_in_words_why_somebody_was_not_let_in(site):
    await site.sign_in()
    async with transaction(site.host.engine):
        await write_down("refused", None, "ville", "taken lea@ville.example 8f6a0d5e")
    page = await site.page("/connexions")
    assert "le compte qui a ce courriel n’est pas relié lea@ville.example 8f6a0d5e" in page


async def test_the_book_says_what_was_done_with_codes(site):
    karim = await site.sign_in()
    async with transaction(site.host.engine):
        await write_down("spare", karim.id, "", "9")
        await write_down("lost", karim.id)
    page = await site.page("/connexions")
    assert "connexion par un code de secours" in page
    assert "9 codes restants" in page
    assert "validation en deux étapes réinitialisée" in page


async def test_nobody_but_operators_opens_them(site):
    for path in PAGES:
        assert (await site.get(path)).status_code == 303, path
    await site.sign_in(grants=(Grant(role="manager", jurisdiction="parvis"),))
    for path in PAGES:
        assert (await site.get(path)).status_code == 403, path


async def test_each_opens_in_the_language_of_the_operator(site):
    for language, word in (("fr", "Livraisons"), ("en", "Deliveries")):
        await site.sign_in(f"{language}@parvis.example", language=language)
        for path in PAGES:
            page = await site.get(path)
            assert page.status_code == 200, (path, page.text)
            assert page.headers["content-language"] == language
            assert word in page.text, path
