"""Before the form: the verdict on a few answers, told by the address alone, and the form begun with them."""

from msgspec import structs

from parvis_testing.modules import switch
from parvis_testing.services import DO_WE_COME, HOLE
from parvis_testing.visitors import HOST

PAGE = "/fr/services/rues/nid-de-poule/verifier-mon-projet"


def test_an_author_hears_of_questions_that_are_not_asked_and_of_answers_without_a_verdict():
    wrong = structs.replace(DO_WE_COME, asks=("photos", "colour"), verdicts=DO_WE_COME.verdicts[:1])
    mistakes = structs.replace(HOLE, eligibility=wrong).mistakes()
    assert [mistake.where.partition(" · ")[2] for mistake in mistakes] == [
        "eligibility · asks",
        "eligibility · asks",
        "eligibility",
    ]


async def test_the_page_of_the_service_leads_to_the_questions(browser):
    await browser.open("/fr/services/rues/nid-de-poule")
    assert f'href="{PAGE}"' in browser.page.text
    await browser.open(PAGE)
    assert browser.status == 200
    assert "Quelle taille?" in browser.text
    assert "Nous le verrons bien" not in browser.text


async def test_what_is_missing_is_named_and_nothing_typed_is_lost(browser):
    await browser.open(f"{PAGE}?size=large&voir=1")
    assert browser.status == 422
    assert "Quelle profondeur?" in browser.text
    assert 'value="large" checked' in browser.page.text


async def test_the_first_verdict_that_holds_is_told(browser):
    await browser.open(f"{PAGE}?size=small&danger=no&voir=1")
    assert "Nous le verrons bien" in browser.text
    await browser.open(f"{PAGE}?size=small&danger=yes&voir=1")
    assert "Dites-le-nous" in browser.text
    assert "5 jours ouvrables" in browser.text


async def test_strange_addresses_are_answered_calmly(browser):
    for query in ("size=x&danger=no&voir=1", "size=" + "a" * 5000 + "&voir=1", "adresse=%3Cscript%3E&voir=1"):
        await browser.open(f"{PAGE}?{query}")
        assert browser.status == 422
        assert "<script>" not in browser.text
    assert (await browser.open("/fr/services/rues/lampadaires/verifier-mon-projet")).status == 404


async def test_the_form_begins_with_what_was_told(browser):
    await browser.open(f"{PAGE}?size=large&depth=12&danger=yes&voir=1")
    await browser.send()
    assert browser.path == "/fr/demande/rues/nid-de-poule"
    await browser.send({"place.address": "4563, rue Saint-Urbain", "place.lon": "-73.585", "place.lat": "45.522"})
    assert 'value="large" checked' in browser.page.text
    assert 'value="12"' in browser.page.text


async def test_only_a_draft_older_than_the_check_is_announced(browser):
    """A form that the check has just begun is no draft that the person comes back to."""
    notice = "Vous avez déjà un brouillon"
    check = f"{PAGE}?size=large&depth=12&danger=yes&voir=1"
    await browser.open(check)
    await browser.send()
    form = browser.path
    await browser.open(form, referer=f"{HOST}{PAGE}")
    assert notice not in browser.text
    await browser.open(form)
    assert notice in browser.text
    await browser.open(check)
    await browser.send()
    await browser.open(form, referer=f"{HOST}{PAGE}")
    assert notice in browser.text


async def test_where_the_module_is_off_the_service_leads_straight_to_its_form(browser, host):
    await switch(host, "off", "eligibility")
    await browser.open("/fr/services/rues/nid-de-poule")
    assert PAGE not in browser.page.text
    assert "/fr/demande/rues/nid-de-poule" in browser.page.text
    assert (await browser.open(PAGE)).status == 404
