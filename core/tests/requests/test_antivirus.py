"""With a scanner, received files are held: listed with their request, and shown to nobody until they are judged."""

import dataclasses

import pytest
from msgspec import structs

from parvis.requests.attached.antivirus import NobodyScans, UploadGuard, answers, guard_by, held_now
from parvis.requests.attached.attachments import FileHeld, content_of, kept, kept_of
from parvis.requests.attached.receiving import receive_file
from parvis_sdk.virus_scanners import Clean
from parvis_testing.antivirus import AnsweringScanner

from .test_attachments import HOLDER, picture


def with_scanner(town, scanner):
    return dataclasses.replace(town, host=town.host.having(UploadGuard(scanner)))


async def sent_with(town):
    photo = await receive_file(town.host, HOLDER, "photos", "trou.jpg", picture())
    receipt = await town.submit(answers={"danger": False, "photos": [photo.id]}, holder=HOLDER)
    return photo, receipt.reference


async def test_a_file_is_sent_with_its_request_while_it_is_held_and_nobody_gets_its_content(town):
    held = with_scanner(town, AnsweringScanner(Clean()))
    photo, reference = await sent_with(held)
    (file,) = await kept_of(await town.record(reference))
    assert (photo.state, file.attachment.state, file.is_inline) == ("held", "held", False)
    for small in (False, True):
        with pytest.raises(FileHeld):
            await content_of(held.host, file, small=small)


async def test_a_file_larger_than_what_the_antivirus_takes_is_not_received(town):
    scanner = AnsweringScanner(Clean())
    scanner.most_bytes = 1_000_000
    host = with_scanner(town, scanner).host
    refused = await receive_file(host, HOLDER, "plan", "plan.pdf", b"%PDF-" + bytes(1_000_001))
    assert refused.code == "file_size"
    assert "1 Mo" in refused.message.fr.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("is_asked", "why"),
    [
        (True, "no plugin brings the virus scanner 'clamav'"),
        (False, "the module virus_scanning, which asks the virus scanner 'clamav', is not installed"),
    ],
)
async def test_without_the_plugin_or_the_module_of_a_named_scanner_files_are_held(town, is_asked, why):
    guard = guard_by("clamav", town.host.plugins, is_asked=is_asked)
    held = dataclasses.replace(town, host=town.host.having(guard))
    photo, _ = await sent_with(held)
    assert (await kept(photo.id)).attachment.state == "held"
    assert (await held_now()).count == 1
    assert isinstance(guard.scanner, NobodyScans)
    assert guard.scanner.why.en == why
    assert not await answers(held.host, guard.scanner)


async def test_a_scanner_that_a_plugin_brings_is_not_taken_where_no_module_asks_it(town):
    scanner = AnsweringScanner(Clean())
    plugins = structs.replace(town.host.plugins, virus_scanners={"answering": scanner})
    assert guard_by("answering", plugins, is_asked=True).scanner is scanner
    assert isinstance(guard_by("answering", plugins, is_asked=False).scanner, NobodyScans)
    assert guard_by("", plugins, is_asked=False) == UploadGuard()
