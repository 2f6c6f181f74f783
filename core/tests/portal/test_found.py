"""How pages are found and shared: description, one address, each language, a card without a personal word."""

import re

import pytest

from parvis_testing.visitors import HOST


def tags(browser):
    """The content of each named tag of the head, by its name."""
    head = browser.page.text.partition("</head>")[0]
    found = dict(re.findall(r'<meta (?:name|property)="([^"]+)" content="([^"]*)">', head))
    found |= {f"hreflang {lang}": href for lang, href in re.findall(r'hreflang="([^"]+)" href="([^"]+)"', head)}
    canonical = re.findall(r'<link rel="canonical" href="([^"]+)">', head)
    assert len(canonical) <= 1
    assert head.count('name="description"') <= 1
    return found | ({"canonical": canonical[0]} if canonical else {})


@pytest.mark.parametrize(
    ("fr", "en", "says"),
    [
        ("/fr/", "/en/", "suivre sa requête"),
        ("/fr/services", "/en/services", "suivre sa requête"),
        ("/fr/demande/rues/nid-de-poule", "/en/request/streets/pothole", "Un trou dans la chaussée."),
        ("/fr/suivi", "/en/track", "suivre sa requête"),
    ],
)
async def test_a_page_that_may_be_found_says_what_it_is_and_where_in_each_language(browser, fr, en, says):
    await browser.open(f"{fr}?utm_source=x&place=a")
    found = tags(browser)
    assert says in found["description"]
    assert found["og:description"] == found["description"]
    assert found["canonical"] == found["og:url"] == found["hreflang fr-CA"] == found["hreflang x-default"] == HOST + fr
    assert found["hreflang en-CA"] == HOST + en
    assert found["og:title"] in browser.page.text.partition("<title>")[2].partition("</title>")[0]
    assert (found["og:locale"], found["og:image"]) == ("fr_CA", f"{HOST}/apple-touch-icon.png")
    assert "robots" not in found
    assert "x-robots-tag" not in browser.page.headers
    await browser.open(en)
    assert tags(browser)["hreflang x-default"] == HOST + fr


async def test_the_card_of_a_public_request_has_no_word_of_a_person(browser, submit):
    receipt = await submit(answers={"size": "small", "danger": True, "why": "Zoé Côté y est tombée"})
    await browser.open(f"/en/request/{receipt.reference}")
    found = tags(browser)
    assert found["og:title"].startswith("Pothole")
    assert found["hreflang fr-CA"] == f"{HOST}/fr/requete/{receipt.reference}"
    assert "Zoé" not in "".join(found.values())


async def test_private_pages_are_listed_nowhere_and_shared_without_a_word(opened):
    browser, receipt = opened
    for page in ("", "/recu"):
        await browser.open(f"/fr/suivi/{receipt.reference}{page}")
        assert browser.page.headers["x-robots-tag"] == "noindex, nofollow"
        found = tags(browser)
        assert not {"canonical", "og:title", "og:url", "description", "hreflang en-CA"} & found.keys()
