"""Whose template a document is made with: the town's own, the author's as it was pinned, or the usual one."""

import pytest
from msgspec import structs

from parvis.i18n import speaking
from parvis.jurisdictions.brand import read_logo
from parvis.jurisdictions.reading import Findings, Table
from parvis.jurisdictions.town_files import Offer, Surroundings, read_town_files
from parvis.plugins import DiscoveredPlugin
from parvis.plugins.loading import load_plugins
from parvis.requests.declarations import type_of_record
from parvis_documents.issued import content_of_document, issued_of
from parvis_documents.tables import Template
from parvis_documents.town_templates import TEMPLATES
from parvis_documents.wording import said_lines
from parvis_sdk.documents import Document, number_mistakes, source_mistakes
from parvis_sdk.fields import Group, ShortText
from parvis_sdk.request_types import dump_type, load_type
from parvis_testing.town import plugin_of, said
from parvis_typesetting.setting import NotSet, Sources, set_pdf, sources_of

from .conftest import MONDAY, PERMIT, WORKS

OWN = '#import "parvis.typ": *\n#let paper(it) = usual(it, after: section("Avis de la ville"))'
AUTHORS = '#import "parvis.typ": *\n#let paper(it) = usual(it, before: [Selon le règlement 1234.])'

BESIDE = tuple(part for part in WORKS.parts if part is not PERMIT)


async def source_of(office, reference) -> str:
    (document,) = await issued_of((await office.town.record(reference)).id)
    (kept,) = await Template.select().where(Template.digest == document.template)
    return kept["body"]


async def test_what_a_document_was_made_of_is_kept_under_its_digest(office):
    first, second = await office.granted(), await office.granted()
    assert await source_of(office, first) == await source_of(office, second) == sources_of("").as_kept()
    assert len(await Template.select()) == 1


async def test_the_template_of_the_town_comes_before_that_of_the_author(office, office_of):
    jurisdictions = office.host.jurisdictions
    parvis = TEMPLATES.put(jurisdictions.jurisdiction("parvis"), {"works.permit": OWN})
    changed = structs.replace(jurisdictions, by_code=jurisdictions.by_code | {"parvis": parvis})
    assert "Avis de la ville" in await source_of(office, await office_of(jurisdictions=changed).granted())


async def test_a_request_keeps_the_template_it_was_made_with_although_the_plugin_changes_or_goes(office_of, tmp_path):
    package = tmp_path / "permits_of_a_vendor"
    (package / "documents").mkdir(parents=True)
    (package / "__init__.py").write_text("", "utf-8")
    (package / "documents" / "permit.typ").write_text(AUTHORS, "utf-8")
    own = structs.replace(PERMIT, template="documents/permit.typ")
    request_type = structs.replace(WORKS, parts=(own, *BESIDE))
    plugin = plugin_of(request_type)
    plugin.__file__, plugin.__package__ = str(package / "plugin.py"), package.name
    plugins = load_plugins([DiscoveredPlugin.of("town", plugin)])
    assert not plugins.troubles, plugins.troubles
    assert plugins.request_types["works"].part(Document, "permit").source == AUTHORS
    vendor = office_of(plugins=plugins)
    reference = await vendor.apply()
    (package / "documents" / "permit.typ").unlink()
    pinned = await type_of_record(vendor.host, await vendor.town.record(reference))
    assert pinned.part(Document, "permit").source == AUTHORS
    await vendor.move(reference, "grant")
    assert "Selon le règlement 1234." in await source_of(vendor, reference)


def test_an_author_hears_of_a_template_that_is_not_there(tmp_path):
    request_type = structs.replace(WORKS, parts=(structs.replace(PERMIT, template="permit.typ"), *BESIDE))
    plugin = plugin_of(request_type)
    plugin.__file__, plugin.__package__ = str(tmp_path / "plugin.py"), "somewhere"
    plugins = load_plugins([DiscoveredPlugin.of("town", plugin)])
    assert any("permit.typ cannot be read" in str(trouble) for trouble in plugins.troubles)
    assert "works" not in plugins.request_types


@pytest.mark.parametrize(
    "source",
    [
        '#import "@preview/cetz:0.3.0": *\n#let paper(it) = []',
        '#let place = "/etc/passwd"\n#import place: *\n#let paper(it) = []',
        '#let paper(it) = eval("1")',
        '#let paper(it) = plugin("a.wasm")',
        '#include "other.typ"\n#let paper(it) = []',
        "= Permis",
    ],
)
def test_a_template_stands_on_the_kit_alone(source):
    assert list(source_mistakes(source, "here"))


def test_a_template_sees_nothing_but_its_own_folder():
    for path in ("/etc/passwd", "../../../../etc/passwd", "/proc/self/environ"):
        with pytest.raises(NotSet):
            set_pdf(Sources(files=sources_of("").files | {"main.typ": f'#read("{path}")'}), [], "x", MONDAY)


@pytest.mark.parametrize(
    "pattern", ["PC", "{number}{number}", "{n}", "{number:05", "{number:999999999}", "{year}", "é" * 50 + "{number}"]
)
def test_a_pattern_that_cannot_count_is_a_mistake(pattern):
    assert list(number_mistakes(pattern, "here"))


@pytest.mark.parametrize("pattern", ["PC-{year}-{number:05}", "{number}", "{year}/{number:03} A"])
def test_a_pattern_that_counts_is_none(pattern):
    assert list(number_mistakes(pattern, "here")) == []


def test_an_author_hears_what_a_document_names_and_nobody_asks():
    wrong = structs.replace(PERMIT, shows=("nowhere",), validity="licence", closing=said("{colour}"))
    found = [str(mistake) for mistake in wrong.mistakes_in(WORKS)]
    assert len(found) == 4  # conditions still are asked; {work} of its body is shown no more
    assert any("'nowhere' is asked nowhere" in each for each in found)


def test_a_type_with_documents_comes_back_from_storage_the_same():
    assert load_type(dump_type(WORKS)) == WORKS


def test_a_town_hears_of_a_template_that_is_wrong(tmp_path):
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "works.permit.typ").write_text(OWN, "utf-8")
    (folder / "works.refusal.typ").write_text("= Refus", "utf-8")
    (folder / "notes.typ").write_text(OWN, "utf-8")
    (folder / "logo.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg' width='10' height='10'/>", "utf-8")
    findings = Findings(tmp_path)
    main, around = Table(findings, tmp_path / "jurisdiction.toml", "", {}), Surroundings(units=frozenset(), zones=None)
    read = read_town_files(findings, tmp_path, main, (TEMPLATES,), around)
    assert read["documents/*.typ"]["works.permit"] == OWN
    assert read_logo(findings, folder).name == "logo.svg"
    assert sorted(each.file for each in findings.mistakes) == ["documents/notes.typ", "documents/works.refusal.typ"]


async def test_a_town_hears_of_a_template_that_no_type_here_uses(office):
    town = office.host.jurisdictions.jurisdiction("parvis")
    named = TEMPLATES.put(town, {"works.permit": OWN, "wroks.permit": OWN, "works.permt": OWN})
    offer = Offer(types={"works": WORKS})
    found = [(each.file, each.what, each.todo) for each in TEMPLATES.loose_ends(named, TEMPLATES.of(named), offer)]
    install = "install its plugin or correct the name"
    assert found == [
        (
            "parvis/documents/wroks.permit.typ",
            "'wroks' is not an installed type",
            f"{install} (did you mean 'works'?)",
        ),
        (
            "parvis/documents/works.permt.typ",
            "'permt' is not an installed document of 'works'",
            f"{install} (did you mean 'permit'?)",
        ),
    ]


async def test_lines_that_somebody_broke_stay_broken_on_paper(office_of):
    pymupdf = pytest.importorskip("pymupdf")
    body = said("Au rez-de-chaussée\u00a0: bureau.\nÀ l’étage\u00a0: logement.\n\nRien d’autre.")
    request_type = structs.replace(WORKS, parts=(structs.replace(PERMIT, body=body), *BESIDE))
    office = office_of(plugins=load_plugins([DiscoveredPlugin.of("town", plugin_of(request_type))]))
    (document,) = await issued_of((await office.town.record(await office.granted())).id)
    with await content_of_document(office.host, document) as content:
        lines = pymupdf.open(stream=content.read())[0].get_text().replace("\u00a0", " ").splitlines()
    first = lines.index("Au rez-de-chaussée : bureau.")
    assert lines[first + 1] == "À l’étage : logement."


@pytest.mark.parametrize(("language", "row"), [("fr", "Côté\u00a0: Est"), ("en", "Side: Est")])
def test_answers_of_a_group_are_said_as_each_language_says_them(language, row):
    side = ShortText(code="side", label=said("Côté", "Side"))
    group = Group(code="sides", label=said("Côtés", "Sides"), item=said("Côté", "Side"), fields=(side,))
    with speaking(language):
        assert said_lines(group, [{"side": "Est"}], {}) == [row]
