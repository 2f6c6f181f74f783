"""A short form without scripts: where and what, then who and the last look; nothing typed is lost between the two."""

import re
from html import unescape
from io import BytesIO

import pytest
from msgspec import structs
from PIL import Image

from parvis.app import create_app
from parvis.example_towns import town_folder
from parvis.plugins import DiscoveredPlugin
from parvis.requests import drafting
from parvis.requests.contacts import contact_of
from parvis.requests.records import find
from parvis.settings import Settings
from parvis.web.portal.steps import is_short, open_questions
from parvis_sdk.conditions import Is
from parvis_sdk.fields import File, Information, LongText, OneOf, Photo, ShortText, YesNo
from parvis_sdk.forms import Form, Section
from parvis_testing.portal import HOST, SECRET
from parvis_testing.services import HOLE, SIZES, plugin_of, said

SERVICE = "/fr/demande/rues/nid-de-poule"
WHERE = {"place.address": "4563 rue saint-urbain"}
ELOISE = {"name": "Éloïse Tremblay", "email": "eloise@exemple.ca"}
NOTE = LongText(code="note", label=said("Autre chose?", "Anything else?"), required=False)
DANGER = Is(field="danger", value=True)
WHAT = Section(
    code="what",
    title=said("Le trou", "The hole"),
    fields=(
        OneOf(code="size", label=said("Quelle taille?", "What size?"), options=SIZES, required=False),
        YesNo(code="danger", label=said("Est-ce dangereux?", "Is it dangerous?")),
        Information(code="call", label=said("Appelez", "Call"), body=said("Le 911.", "Dial 911."), show_when=DANGER),
    ),
)
WHY = Section(
    code="danger_now",
    title=said("Le danger", "The danger"),
    fields=(ShortText(code="why", label=said("Pourquoi?", "Why?")),),
    show_when=DANGER,
)
MORE = Section(
    code="more",
    title=said("Photos", "Photos"),
    fields=(Photo(code="photos", label=said("Photos du trou", "Photos"), required=False, most=2), NOTE),
)
SHORT = structs.replace(HOLE, eligibility=None, form=Form(sections=(WHAT, WHY, MORE)))
PAPERS = Section(
    code="papers", title=said("Papiers", "Papers"), fields=(File(code="plan", label=said("Plan", "Plan")),)
)
LONG = structs.replace(SHORT, code="pit", slug=said("fosse", "pit"), form=Form(sections=(WHAT, MORE, PAPERS)))


@pytest.fixture(scope="module")
def whole_app(compiled_templates, modules):
    settings = Settings(
        territory=town_folder(), secret_key=SECRET, base_url=HOST, data=compiled_templates, worker=False
    )
    return create_app(settings, [DiscoveredPlugin.of("town", plugin_of(SHORT, LONG))], modules=modules)


def jpeg_of(colour) -> bytes:
    content = BytesIO()
    Image.new("RGB", (64, 48), colour).save(content, "JPEG")
    return content.getvalue()


async def at_the_end(browser, **more):
    await browser.open(SERVICE)
    return await browser.send({**WHERE, "danger": "no", **more})


def test_what_must_be_answered_or_changes_the_promise_stands_open_and_conditions_and_documents_make_a_form_long():
    assert is_short(SHORT)
    assert not is_short(HOLE)
    assert open_questions(SHORT) == {"danger", "call", "why", "photos"}


async def test_two_pages_lead_to_the_receipt(browser, host, jpeg):
    await browser.open(SERVICE)
    assert "Ajouter des précisions" in browser.text
    photo = ("photos", ("trou.jpg", jpeg, "image/jpeg"))
    await browser.send({**WHERE, "danger": "yes", "why": "Les vélos tombent.", "size": "large"}, files=[photo])
    assert browser.path == f"{SERVICE}/verification"
    for words in ("4563, rue Saint-Urbain", "Oui", "Les vélos tombent.", "Grand", "trou.jpg"):
        assert words in browser.text
    assert re.search(r'class="thumbnails">\s*<li><img src="[^"]+" alt="Photo 1 sur 1"', browser.page.text)
    await browser.send(ELOISE)
    assert browser.path.endswith("/recu")
    record = await find(host, browser.path.split("/")[3])
    assert (record.identity, record.answers["size"], len(record.answers["photos"])) == ("named", "large", 1)


async def test_whatever_is_wrong_on_a_page_is_named_at_once_and_nothing_typed_is_lost(browser):
    await browser.open(SERVICE)
    await browser.send({"danger": "yes", "note": "Il se creuse."})
    assert browser.status == 422
    linked = set(re.findall(r'<li><a href="#([\w-]+)">', browser.page.text))
    assert linked == {"place", "why"}
    assert dict(browser.form()["fields"])["note"] == "Il se creuse."
    assert 'name="note"' in browser.page.text.split('class="govuk-details more"')[0]  # answered, and not folded
    await browser.send({**WHERE, "why": "Les vélos."})
    await browser.send({"name": "Éloïse Tremblay"})
    assert browser.status == 422
    assert 'href="/fr/demande/rues/nid-de-poule/verification#email"' in browser.page.text
    assert dict(browser.form()["fields"])["name"] == "Éloïse Tremblay"


async def test_each_answer_is_changed_from_the_last_page_and_the_name_typed_there_is_kept(browser):
    await at_the_end(browser)
    await browser.send({**ELOISE, "_change": "answers.danger"})
    assert (browser.path, browser.page.url.fragment) == (SERVICE, "danger")
    await browser.send({"danger": "no", "size": "small"})
    assert dict(browser.form()["fields"])["name"] == "Éloïse Tremblay"
    assert "Petit" in browser.text
    await browser.send({"_change": "place"})
    assert (browser.path, browser.page.url.fragment) == (SERVICE, "place")


@pytest.mark.parametrize("word", ["1", "2", "3", "coordonnees", "verification"])
async def test_addresses_of_the_former_steps_lead_on(browser, word):
    await browser.open(f"{SERVICE}/{word}")
    assert browser.path == SERVICE
    await at_the_end(browser)
    await browser.open(f"{SERVICE}/{word}")
    assert browser.path == f"{SERVICE}/verification"


async def test_a_page_of_the_former_steps_that_is_still_open_is_kept(browser):
    await browser.open(SERVICE)
    await browser.send({**WHERE, "_keep": "1"})
    await browser.open(SERVICE)
    hidden = {name: (None, value) for name, value in browser.form()["fields"] if name in ("_draft", "_csrf")}
    sent = {**hidden, "size": (None, "large"), "danger": (None, "no")}
    answer = await browser.http.post(f"{HOST}{SERVICE}/1", files=sent)
    assert answer.status_code == 303
    await browser.open(SERVICE)
    typed = dict(browser.form()["fields"])
    assert (typed["size"], typed["danger"], typed["place.address"]) == ("large", "no", "4563 rue saint-urbain")


async def test_it_is_sent_once_however_often_it_is_pressed(browser, host):
    await at_the_end(browser)
    form = browser.form()
    await browser.send(ELOISE)
    reference = browser.path.split("/")[3]
    pairs = [(name, (None, value)) for name, value in form["fields"] if name not in ELOISE]
    pairs += [(name, (None, value)) for name, value in ELOISE.items()]
    again = await browser.http.post(f"{HOST}{SERVICE}/verification", files=pairs, follow_redirects=True)
    assert again.url.path.split("/")[3] == reference


async def test_what_another_tab_changed_after_the_last_look_is_shown_before_it_is_sent(browser, host):
    await at_the_end(browser)
    looking = browser.page
    await browser.open(SERVICE)
    await browser.send({"size": "large"}, follow=False)
    browser.page = looking
    await browser.send(ELOISE)
    assert browser.status == 409
    assert ("name", ELOISE["name"]) in browser.form()["fields"]
    await browser.send()
    record = await find(host, browser.path.split("/")[3])
    assert record.answers["size"] == "large"


async def test_a_place_that_a_code_told_is_not_asked_again_and_can_be_changed(browser):
    await browser.open("/fr/commencer?service=hole&lieu=45.522,-73.585&mots=gros%20trou")
    assert browser.path == SERVICE  # at once, as nothing has to be said first
    assert dict(browser.form()["fields"])["note"] == "gros trou"
    assert "Modifier l’endroit" in browser.text
    await browser.send({"danger": "no"})
    assert browser.path == f"{SERVICE}/verification"
    await browser.send({"mode": "anonymous"})
    assert browser.path.endswith("/recu")


async def test_the_draft_of_the_first_page_is_found_again(browser, host):
    await browser.open(SERVICE)
    await browser.send({**WHERE, "note": "Il se creuse.", "_keep": "1"}, follow=False)
    token = browser.http.cookies.get("parvis_draft_hole")
    assert (await drafting.load(host, token)).raw["answers"] == {"note": "Il se creuse."}


async def test_a_last_page_of_before_that_asks_no_name_leaves_it_alone_and_sends(browser, host):
    await at_the_end(browser)
    await browser.send({**ELOISE, "_keep": "1"})
    await browser.open(f"{SERVICE}/verification")
    hidden = {name: value for name, value in browser.form()["fields"] if name in ("_draft", "_csrf")}
    sent = {name: (None, value) for name, value in {**hidden, "_page": "abcdef123456", "_by": ""}.items()}
    browser.page = await browser.http.post(f"{HOST}{SERVICE}/verification", files=sent, follow_redirects=True)
    assert browser.path.endswith("/recu")
    assert (await contact_of(await find(host, browser.path.split("/")[3]))).email == ELOISE["email"]


async def test_a_place_that_a_code_told_stays_folded_in_the_other_language(browser):
    await browser.open("/fr/commencer?service=hole&lieu=45.522,-73.585")
    await browser.send({"_language": "en"})
    assert "Change the place" in browser.text


async def test_a_file_that_is_refused_is_told_together_with_every_other_mistake(browser):
    await browser.open(SERVICE)
    await browser.send({}, files=[("photos", ("trou.jpg", b"no picture", "image/jpeg"))])
    assert set(re.findall(r'<li><a href="#([\w-]+)">', browser.page.text)) == {"place", "photos", "danger"}


async def test_the_words_of_a_search_stand_in_the_form_to_be_changed_and_go_with_the_request(browser):
    await browser.open("/fr/recherche?q=trou devant l’école")
    (href,) = re.findall(r'<h2><a href="([^"]+nid-de-poule[^"]*)"', browser.page.text)
    await browser.open(unescape(href))
    assert dict(browser.form()["fields"])["note"] == "trou devant l’école"
    before, folded = browser.page.text.split('class="govuk-details more"')
    assert 'name="note"' in before
    assert not folded.startswith(" open")
    assert "n’accepte pas les témoins" not in browser.text
    await browser.send({**WHERE, "danger": "no"})
    assert browser.path == f"{SERVICE}/verification"
    assert "trou devant l’école" in browser.text


async def test_the_words_of_a_search_that_are_struck_out_do_not_come_back(browser):
    await browser.open(f"{SERVICE}?mots=trou devant l’école")
    await browser.send({**WHERE, "note": "", "danger": "no"})
    assert browser.path == f"{SERVICE}/verification"
    assert "l’école" not in browser.text


@pytest.mark.parametrize("way", [("/services/rues?",), ("/services?",), ()])
async def test_a_service_chosen_from_a_list_after_a_search_knows_its_words(browser, way):
    words = f"xylophone quantique{' et plus loin encore' * 15}"  # more than a search needs
    await browser.open(f"/fr/recherche?q={words}")
    for step in (*way, "/demande/rues/nid-de-poule?"):
        await browser.open(next(each for each in re.findall(r'href="([^"]+)"', browser.page.text) if step in each))
    assert dict(browser.form()["fields"])["note"] == words


async def test_the_words_of_a_search_wait_for_the_page_of_a_long_form_that_asks_for_them(browser):
    await browser.open("/fr/demande/rues/fosse?mots=trou devant l’école")
    for typed in (WHERE, {"danger": "no"}):
        await browser.send(typed)
    assert dict(browser.form()["fields"])["note"] == "trou devant l’école"


async def test_a_refused_page_that_is_loaded_again_keeps_its_photos_once(browser, jpeg):
    page = (await browser.open(SERVICE)).page
    contents = {"trou.jpg": jpeg, "loin.jpg": jpeg_of("#993311"), "trois.jpg": jpeg_of("#119933")}
    hole, far, third = (("photos", (name, content, "image/jpeg")) for name, content in contents.items())
    for files, kept, refused in (
        ([hole], 1, False),
        ([hole], 1, False),
        ([hole, far], 2, False),
        ([hole, far], 2, False),
        ([third, hole], 2, True),
    ):
        browser.page = page
        await browser.send({"danger": "no"}, files=files)
        assert browser.status == 422
        assert browser.page.text.count('name="_remove"') == kept
        assert ('href="#photos"' in browser.page.text) is refused
    assert "trois.jpg" in browser.text
