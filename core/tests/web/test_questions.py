"""Every kind of question on the page: named, described, kept as typed, its error between label and box."""

import re
from html.parser import HTMLParser

import pytest
from msgspec.structs import replace

from parvis_sdk import fields as kinds
from parvis_sdk.conditions import Is
from parvis_sdk.fields import AnyField, Option
from parvis_sdk.problems import Problems, problem
from parvis_sdk.text import Text

from .conftest import application, opened

TOKEN = re.compile(r'name="_csrf" value="([^"]+)"')
LABEL = Text(fr="La question", en="The question")
ABOUT = {"label": LABEL, "help": Text(fr="De l’aide"), "required": True}
OPTIONS = (Option(code="a", label=Text(fr="Aaa"), help=Text(fr="Ah")), Option(code="b", label=Text(fr="Bbb")))
ONE_OF_EACH: dict[str, AnyField] = {
    "short_text": kinds.ShortText(code="q", **ABOUT),
    "long_text": kinds.LongText(code="q", **ABOUT),
    "email": kinds.Email(code="q", **ABOUT),
    "phone": kinds.Phone(code="q", **ABOUT),
    "number": kinds.Number(code="q", unit=Text(fr="cm"), **ABOUT),
    "money": kinds.Money(code="q", **ABOUT),
    "date": kinds.Date(code="q", **ABOUT),
    "time": kinds.Time(code="q", **ABOUT),
    "yes_no": kinds.YesNo(code="q", **ABOUT),
    "one_of": kinds.OneOf(code="q", options=OPTIONS, **ABOUT),
    "several_of": kinds.SeveralOf(code="q", options=OPTIONS, **ABOUT),
    "address": kinds.Address(code="q", **ABOUT),
    "place": kinds.PlaceField(code="q", **ABOUT),
    "photo": kinds.Photo(code="q", least=1, **ABOUT),
    "file": kinds.File(code="q", least=1, **ABOUT),
    "group": kinds.Group(
        code="q", item=Text(fr="Arbre"), fields=(kinds.ShortText(code="species", label=Text(fr="Essence")),), **ABOUT
    ),
    "consent": kinds.Consent(code="q", statement=Text(fr="J’accepte."), **ABOUT),
    "information": kinds.Information(code="q", body=Text(fr="À savoir"), label=LABEL),
}
ASKING = [kind for kind in ONE_OF_EACH if kind != "information"]


class Elements(HTMLParser):
    """Start tags with their attributes, in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))

    def having(self, name: str) -> list[str]:
        return [given[name] for _, given in self.found if name in given]

    def named(self, name: str) -> list[dict[str, str]]:
        return [given for _, given in self.found if given.get("name") == name]


async def asked(pages, *fields: AnyField, **sent: str) -> str:
    """The page that asks these, or the one that answers when something is sent."""
    async with opened(application(pages, fields)) as client:
        page = await client.get("/fr/formulaire")
        if sent:
            token = TOKEN.search(page.text)[1]
            page = await client.post("/fr/formulaire", data={"_csrf": token} | sent)
    return page.text


def test_there_is_one_of_each_kind_here():
    every = {kind.__struct_config__.tag for kind in AnyField.__args__}
    assert set(ONE_OF_EACH) == every - {"place_fact"}  # which nobody is asked
    for name, field in ONE_OF_EACH.items():
        assert field.__struct_config__.tag == name


@pytest.mark.parametrize("kind", ASKING)
async def test_a_question_has_a_label_its_help_and_no_id_twice(pages, kind):
    html = await asked(pages, ONE_OF_EACH[kind])
    elements = Elements(html)
    ids = elements.having("id")
    assert len(ids) == len(set(ids))
    assert "La question" in html
    assert "De l’aide" in html
    labelled = set(elements.having("for"))
    boxes = [given for tag, given in elements.found if tag in ("input", "textarea", "select")]
    shown = [given for given in boxes if given.get("type") != "hidden"]
    assert shown
    for box in shown:
        assert box["id"] in labelled, box
    for wanted in elements.having("aria-describedby"):
        assert set(wanted.split()) <= set(ids)
    for target in labelled:
        assert target in ids


@pytest.mark.parametrize("kind", ASKING)
async def test_a_question_left_empty_says_so_between_its_label_and_its_box(pages, kind):
    html = await asked(pages, ONE_OF_EACH[kind], other="x")
    target = re.search(r'<a href="#(q[\w-]*)">', html)[1]
    assert target in Elements(html).having("id")
    form = html[html.index("<form") :]
    label, error = form.index("La question"), form.index("govuk-error-message")
    box = re.search(r'<(input|textarea)[^>]*name="q[."]', form).start()
    assert label < error < box
    assert 'aria-invalid="true"' in form or kind in ("yes_no", "one_of", "several_of", "group")


@pytest.mark.parametrize(
    ("kind", "sent", "kept"),
    [
        ("short_text", {"q": 'l’école "neuve" & <co>'}, 'value="l’école &#34;neuve&#34; &amp; &lt;co&gt;"'),
        ("long_text", {"q": "\nune\ndeux"}, ">\n\nune\ndeux</textarea>"),
        ("email", {"q": "pas un courriel"}, 'value="pas un courriel"'),
        ("number", {"q": "douze"}, 'value="douze"'),
        ("money", {"q": "1 234,56"}, 'value="1 234,56"'),
        (
            "date",
            {"q.day": "31", "q.month": "02", "q.year": "2026"},
            'name="q.month" type="text" inputmode="numeric" value="02"',
        ),
        ("time", {"q": "25:99"}, 'value="25:99"'),
        ("yes_no", {"q": "no"}, 'value="no" checked'),
        ("one_of", {"q": "b"}, 'value="b" checked'),
        ("several_of", {"q": "a"}, 'value="a" checked'),
        ("address", {"q": "12, rue des Érables"}, 'value="12, rue des Érables"'),
        ("place", {"q.address": "ici", "q.words": "là", "q.lon": "-73.5", "q.lat": "x"}, 'name="q.lon" value="-73.5"'),
        ("consent", {"q": "yes"}, 'value="yes" checked'),
        ("group", {"q.0.species": "Érable", "q.1.species": "Orme"}, 'name="q.1.species" type="text" value="Orme"'),
    ],
)
async def test_what_was_typed_is_still_there(pages, kind, sent, kept):
    required = kinds.ShortText(code="unanswered", label=Text(fr="Autre"))
    assert kept in await asked(pages, ONE_OF_EACH[kind], required, **sent)


def told(pages, macro: str, *arguments: object) -> str:
    template = pages.environment.from_string(
        f'{{% from "macros/fields.html" import {macro} %}}{{{{ {macro}(*given) }}}}'
    )
    return template.render(given=arguments)


@pytest.mark.parametrize(
    ("kind", "stored", "shown"),
    [
        ("money", 123450, 'value="1234,50"'),
        ("money", 5000, 'value="50"'),
        ("number", 12.5, 'value="12,5"'),
        ("date", "2026-03-08", 'value="8"'),
        ("yes_no", False, 'value="no" checked'),
        ("consent", True, 'value="yes" checked'),
        ("several_of", ["a", "b"], 'value="b" checked'),
        ("place", {"lon": -73.5, "lat": 45.25}, 'name="q.lat" value="45.250000"'),
        ("group", [{"species": "Orme"}], 'value="Orme"'),
    ],
)
async def test_a_stored_answer_is_shown_as_a_person_would_type_it(pages, jurisdictions, kind, stored, shown):
    class Page:
        language = "fr"
        base_map = None
        host = None
        town = jurisdictions.jurisdiction(jurisdictions.default)

    assert shown in told(pages, "question", Page, ONE_OF_EACH[kind], {"q": stored})


async def test_what_may_be_left_out_says_so(pages):
    assert "(facultatif)" not in await asked(pages, ONE_OF_EACH["short_text"])
    assert "(facultatif)" in await asked(pages, replace(ONE_OF_EACH["short_text"], required=False))


async def test_a_question_on_a_condition_tells_the_browser_which(pages):
    other = kinds.ShortText(code="why", label=Text(fr="Pourquoi ?"), show_when=Is(field="q", value=True))
    html = await asked(pages, ONE_OF_EACH["yes_no"], other)
    assert 'data-show-when="{&#34;type&#34;:&#34;is&#34;,&#34;field&#34;:&#34;q&#34;,&#34;value&#34;:true}"' in html


async def test_information_is_said_and_asks_nothing(pages):
    html = await asked(pages, ONE_OF_EACH["information"])
    assert "À savoir" in html
    assert 'name="q"' not in html


async def test_a_group_offers_another_until_it_is_full(pages):
    group = replace(ONE_OF_EACH["group"], most=2)
    assert 'name="_add" value="q"' in await asked(pages, group)
    full = await asked(pages, group, **{"q.0.species": "Orme", "q.1.species": "Orme", "other": "x"})
    assert 'name="_add"' not in full


async def test_files_already_received_can_be_kept_or_left_out(pages, jurisdictions):
    class Page:
        language = "fr"
        base_map = None
        host = None
        town = jurisdictions.jurisdiction(jurisdictions.default)

    kept = {"q": [{"id": "abc", "name": "rue.jpg", "size": 1_200_000}]}
    html = told(pages, "question", Page, ONE_OF_EACH["photo"], {}, None, "", kept)
    assert 'type="checkbox" id="q-kept-1" name="q" value="abc" checked' in html
    assert "1,2\u00a0Mo" in html


def test_the_summary_of_errors_links_to_each_question(pages):
    problems = Problems(
        found=(problem("required", "answers.lamps.0.fault", label=LABEL), problem("mode", "", label=LABEL))
    )
    html = told(pages, "error_summary", problems)
    assert '<a href="#lamps-0-fault">' in html
    assert "Il y a 2 problèmes" in html
    assert told(pages, "error_summary", None).strip() == ""
