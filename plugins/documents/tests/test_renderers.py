"""A plugin renders documents of a town; whatever is wrong with what it makes, the document is issued all the same."""

import asyncio
import io
import time

import pikepdf
import pytest
from msgspec import structs

from parvis import clock
from parvis.db import in_transaction
from parvis.jurisdictions.reading import Findings
from parvis.jurisdictions.town_files import Offer, Surroundings
from parvis.plugins import DiscoveredPlugin
from parvis.plugins.loading import load_plugins
from parvis.requests.asked_plugins import AskedTroubles
from parvis.requests.changing import Situation
from parvis.requests.history import entries_of
from parvis_documents import making, signing
from parvis_documents.checking import compared
from parvis_documents.composing import Paper
from parvis_documents.issued import content_of_document, issued_of
from parvis_documents.making import preview
from parvis_documents.reissuing import replace
from parvis_documents.tables import Template
from parvis_documents.town_renderers import RENDERERS, loose_renderers, read_renderers, renderer_for
from parvis_large_print.setting import LargePrint
from parvis_large_print.settings import Settings
from parvis_sdk.document_renderers import DocumentRenderer, RenderedFile
from parvis_sdk.errors import Later
from parvis_sdk.hooks import hookimpl
from parvis_seals.seals import Seals, TownSeals
from parvis_testing.town import plugin_of, said

from .conftest import ANA, HOLE, LETTER, MONDAY, PASSPHRASE, PERMIT, WORKS
from .test_signing import findings

TITLE = said("Autrement", "Otherwise")


def pdf_with(url: str = "", script: str = "") -> bytes:
    """A PDF of one page that leads somewhere."""
    made = pikepdf.new()
    page = made.add_blank_page()
    if url:
        action = pikepdf.Dictionary(S=pikepdf.Name.URI, URI=pikepdf.String(url))
        link = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9], A=action)
        page.Annots = made.make_indirect([link])
    if script:
        made.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String(script))
    made.save(out := io.BytesIO(), deterministic_id=True)
    return out.getvalue()


def url_of(document) -> str:
    verification = document.pages[0].verification
    return verification.url if verification else ""


async def sound(document, connection):
    return RenderedFile(content=pdf_with(url_of(document)))


async def raising(document, connection):
    raise KeyError("fonts")


async def away(document, connection):
    raise Later("the service is away")


async def hanging(document, connection):
    await asyncio.sleep(30)


async def of_words(document, connection):
    return b"%PDF-1.7 %%EOF"


async def half(document, connection):
    return RenderedFile(content=pdf_with(url_of(document))[:-40])


async def rubbish(document, connection):
    return RenderedFile(content=b"%PDF-1.7\nnothing of the kind\n%%EOF")


async def without_address(document, connection):
    return RenderedFile(content=pdf_with())


async def to_elsewhere(document, connection):
    return RenderedFile(content=pdf_with(url_of(document).replace("://", "://lookalike.", 1)))


async def with_script(document, connection):
    return RenderedFile(content=pdf_with(url_of(document), "app.alert(1)"))


def rendering(office, render, chosen=None, *, seconds=5.0, works=WORKS):
    """The office of a town whose documents are rendered so."""

    class Otherwise:
        @hookimpl
        def document_renderers(self):
            return [DocumentRenderer(name="otherwise", title=TITLE, render=render, seconds=seconds)]

    found = [DiscoveredPlugin.of("town", plugin_of(works, HOLE)), DiscoveredPlugin.of("other", Otherwise())]
    plugins = load_plugins(found)
    assert not plugins.troubles, plugins.troubles
    known = office.host.jurisdictions
    town = RENDERERS.put(known.jurisdiction("parvis"), {"permit": "otherwise"} if chosen is None else chosen)
    town = structs.replace(town, plugins=None)
    return {"plugins": plugins, "jurisdictions": structs.replace(known, by_code=known.by_code | {"parvis": town})}


async def issued_by(office, reference):
    (document,) = await issued_of((await office.town.record(reference)).id)
    with await content_of_document(office.host, document) as content:
        return document, content.read()


def troubles_of(office) -> list[str]:
    return [str(each) for each in office.host.of(AskedTroubles)]


async def test_a_document_that_a_plugin_rendered_is_kept_verified_and_known_by_its_maker(office, office_of):
    office = office_of(**rendering(office, sound))
    reference = await office.granted()
    document, content = await issued_by(office, reference)
    assert content == pdf_with(f"{office.host.base_url}/fr/verifier/{document.verification}")
    assert (await compared("parvis", content)).comparison == "genuine"
    altered = content.replace(b"%%EOF", b"%%EOF\n")
    assert (await compared("parvis", altered)).document.number == document.number == "PC-2026-00001"
    (kept,) = await Template.select().where(Template.digest == document.template)
    assert "otherwise, other" in kept["body"]
    bodies = [each.body for each in await entries_of(await office.town.record(reference))]
    (noted,) = [body["document.permit"] for body in bodies if "document.permit" in body]
    assert (noted["renderer"], noted["digest"]) == ("otherwise", document.digest)
    assert troubles_of(office) == []


async def test_it_is_signed_after_it_was_rendered(office, office_of, keys):
    office = office_of(TownSeals(Seals(keys, PASSPHRASE)), **rendering(office, sound))
    document, content = await issued_by(office, await office.granted())
    assert document.signed_by == "CN=Ville de parvis"
    with pikepdf.open(io.BytesIO(content)) as opened:
        assert [str(each.FT) for each in opened.Root.AcroForm.Fields] == ["/Sig"]
    assert content.startswith(pdf_with(f"{office.host.base_url}/fr/verifier/{document.verification}"))


async def test_large_print_is_signed_and_two_checkers_find_no_fault_in_it(office, office_of, keys, tmp_path):
    large = LargePrint(Settings()).render
    office = office_of(TownSeals(Seals(keys, PASSPHRASE)), **rendering(office, large, {"permit": "otherwise"}))
    document, content = await issued_by(office, await office.granted())
    assert document.signed_by
    assert b"AtkinsonHyperlegible" in content
    assert troubles_of(office) == []
    assert await asyncio.to_thread(findings, tmp_path, [content]) == []


async def test_a_plugin_is_asked_outside_of_the_transaction_and_once_for_each_document(office, office_of):
    asked = []

    async def noting(document, connection):
        asked.append((document.pages[0].number, in_transaction(office.host.engine)))
        return await sound(document, connection)

    office = office_of(**rendering(office, noting))
    for _ in range(2):
        await office.granted()
    assert asked == [("PC-2026-00001", False), ("PC-2026-00002", False)]


async def test_whose_number_was_taken_meanwhile_is_rendered_under_the_next_one(office, office_of):
    asked = []

    async def overtaken(document, connection):
        asked.append(document.pages[0].number)
        if len(asked) == 1:
            await usual.granted()
        return await sound(document, connection)

    usual, office = office, office_of(**rendering(office, overtaken))
    document, _ = await issued_by(office, await office.granted())
    assert asked == ["PC-2026-00001", "PC-2026-00002"]
    assert document.number == "PC-2026-00002"


@pytest.mark.parametrize(
    ("render", "why"),
    [
        (raising, "KeyError"),
        (away, "the service is away"),
        (hanging, "it did not answer within 0.2 s"),
        (of_words, "render answered bytes instead of a RenderedFile"),
        (half, "it is not a whole PDF"),
        (rubbish, "the PDF cannot be opened without restriction"),
        (without_address, "the file does not lead to where it is verified"),
        (to_elsewhere, "the file does not lead to where it is verified"),
        (with_script, "file_active JavaScript"),
    ],
)
async def test_whatever_is_wrong_with_a_file_the_document_is_made_as_usual_and_operators_read_why(
    render, why, office, office_of
):
    office = office_of(**rendering(office, render, seconds=0.2))
    document, content = await issued_by(office, await office.granted())
    assert document.number == "PC-2026-00001"
    assert b"PDF/UA" in content or b"StructTreeRoot" in content
    (trouble,) = troubles_of(office)
    assert trouble.startswith("other · document_renderers() · ")
    assert why in trouble
    assert "documents are produced with Parvis’s usual renderer" in trouble


async def test_a_file_whose_signature_takes_too_long_keeps_nobody_from_the_permit(office, office_of, keys, monkeypatch):
    sign = signing.signed

    def slow(pdf, seal, **given):
        time.sleep(0 if b"StructTreeRoot" in pdf else 1)
        return sign(pdf, seal, **given)

    monkeypatch.setattr(signing, "signed", slow)
    monkeypatch.setattr(making, "SIGNING", 0.2)
    monkeypatch.setattr(making, "SECONDS", 30.0)
    office = office_of(TownSeals(Seals(keys, PASSPHRASE)), **rendering(office, sound))
    document, content = await issued_by(office, await office.granted())
    assert (document.signed_by != "", b"StructTreeRoot" in content) == (True, True)
    (trouble,) = troubles_of(office)
    assert "it did not answer within 0.2 s" in trouble


async def test_what_is_issued_as_a_request_comes_in_is_rendered_too(office, office_of):
    asked = []

    async def noting(document, connection):
        asked.append((document.kind, in_transaction(office.host.engine)))
        return await sound(document, connection)

    receipt = structs.replace(LETTER, code="receipt", kind="receipt", number="AR-{number}", body=TITLE, shows=())
    first = structs.replace(WORKS.workflow.states[0], brings=("document.receipt.issued",))
    workflow = structs.replace(WORKS.workflow, states=(first, *WORKS.workflow.states[1:]))
    works = structs.replace(WORKS, workflow=workflow, parts=(*WORKS.parts, receipt))
    office = office_of(**rendering(office, noting, {"receipt": "otherwise"}, works=works))
    document, content = await issued_by(office, await office.apply())
    assert asked == [("receipt", False)]
    assert (document.number, content) == (
        "AR-1",
        pdf_with(f"{office.host.base_url}/fr/verifier/{document.verification}"),
    )


async def test_a_version_that_takes_its_place_is_rendered_by_the_plugin_too(office, office_of):
    asked = []

    async def noting(document, connection):
        asked.append((document.pages[0].number, document.pages[0].version[:9]))
        return await sound(document, connection)

    office = office_of(**rendering(office, noting))
    reference = await office.granted()
    first, _ = await issued_by(office, reference)
    with clock.moved_to(MONDAY):
        await replace(office.host, reference, str(first.id), "Une coquille", actor=ANA)
    _, second = await issued_of((await office.town.record(reference)).id)
    assert asked == [("PC-2026-00001", ""), ("PC-2026-00001", "Version 2")]
    assert (second.number, second.version, second.template) == (first.number, 2, first.template)


async def test_who_issues_a_document_sees_it_before_as_the_plugin_renders_it(office, office_of):
    seen = []

    async def noting(document, connection):
        seen.append((document.preview, document.pages[0].verification))
        return await sound(document, connection)

    office = office_of(**rendering(office, noting))
    reference = await office.apply()
    record = await office.town.record(reference)
    town = office.host.jurisdictions.jurisdiction("parvis")
    here = Situation(record=record, request_type=WORKS, town=town, at=MONDAY)
    assert await preview(office.host, Paper(document=PERMIT, here=here, actor=ANA)) == pdf_with()
    assert seen == [(True, None)]


async def test_a_renderer_that_nobody_brings_is_named_and_the_document_is_made_as_usual(office, office_of):
    office = office_of(**rendering(office, sound, {"permit": "gone"}))
    await issued_by(office, await office.granted())
    assert troubles_of(office)[0].startswith(
        "gone · parvis/documents.toml · no plugin switched on in this town provides"
    )


async def test_a_plugin_that_the_town_does_not_have_renders_nothing_for_it(office, office_of):
    given = rendering(office, sound)
    known = given["jurisdictions"]
    town = structs.replace(known.jurisdiction("parvis"), plugins=frozenset({"town"}))
    given["jurisdictions"] = structs.replace(known, by_code=known.by_code | {"parvis": town})
    office = office_of(**given)
    _, content = await issued_by(office, await office.granted())
    assert b"StructTreeRoot" in content
    assert len(troubles_of(office)) == 1


@pytest.mark.parametrize(
    ("text", "mistakes"),
    [
        ('[renderers]\nletter = "large_print"\n"works.permit" = "usual"', []),
        ('[renderers]\nlettre = "large_print"', ["is no kind of document"]),
        ('[renderers]\nletter = "Large print"', ["'Large print' is no name of a renderer"]),
        ("[renderers]\nletter = 3", ["is a number (3)"]),
        ('[renderer]\nletter = "large_print"', ["is not a key known here"]),
    ],
)
def test_a_town_names_renderers_in_its_own_file(text, mistakes, tmp_path):
    (tmp_path / "documents.toml").write_text(text, "utf-8")
    findings = Findings(tmp_path)
    table = findings.table(tmp_path / "documents.toml")
    read_renderers(table, Surroundings(units=frozenset(), zones=None))
    assert [each.what.partition(",")[0] for each in findings.mistakes] == mistakes


async def test_one_document_counts_more_than_its_kind(office):
    town = office.host.jurisdictions.jurisdiction("parvis")
    town = RENDERERS.put(town, {"permit": "usual", "letter": "otherwise", "works.permit": "otherwise"})
    assert [renderer_for(town, "works", each) for each in (PERMIT, LETTER)] == ["otherwise", "otherwise"]
    assert renderer_for(town, "dogs", PERMIT) == ""


def test_names_that_nobody_brings_are_loose_ends(jurisdictions):
    named = {"letter": "otherwize", "works.permit": "usual", "works.permis": "usual", "works2.permit": "otherwise"}
    offer = Offer(types={"works": WORKS}, renderers=("otherwise",))
    told = [each.line() for each in loose_renderers(jurisdictions.jurisdiction("parvis"), named, offer)]
    assert len(told) == 3, told
    assert "did you mean 'otherwise'?" in told[0]
