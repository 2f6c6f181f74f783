"""A large file that the antivirus has passed is saved from the store itself, where that hands out addresses."""

from dataclasses import replace
from types import SimpleNamespace

import pytest
from msgspec import structs

from parvis.plugins.file_stores import GuardedFiles
from parvis.requests.attached.attachments import kept_waiting as of_holder
from parvis.requests.attached.attachments import link_to, waiting
from parvis.requests.attached.receiving import receive_file
from parvis.web.downloads import handed_out
from parvis_sdk.file_stores import FilesAway
from parvis_sdk.text import Text

HOLDER = "h" * 64


class Linking:
    name, title, seconds = "linking", Text(fr="Liens", en="Links"), 5.0

    def __init__(self, files, answer):
        self.files, self.answer = files, answer

    def keep(self, content):
        return self.files.keep(content)

    def open(self, digest):
        return self.files.open(digest)

    def set_aside(self, digest):
        self.files.set_aside(digest)

    def bring_back(self, digest):
        self.files.bring_back(digest)

    def drop(self, digest):
        self.files.drop(digest)

    def kept_before(self, part, moment):
        return self.files.kept_before(part, moment)

    def check(self):
        self.files.check()

    def link(self, digest, name, kind):
        if isinstance(self.answer, Exception):
            raise self.answer
        return f"{self.answer}/{digest}?as={name}&kind={kind}" if self.answer else ""


@pytest.fixture
async def file(town, plan):
    await receive_file(town.host, HOLDER, "plans", "plan.pdf", plan)
    [found] = await of_holder(HOLDER)
    assert [each.name for each in (await waiting(HOLDER)).values()] == ["plan.pdf"]
    return structs.replace(found, is_clean=True, attachment=structs.replace(found.attachment, size=2_000_000))


def host_with(town, answer):
    return replace(town.host, files=GuardedFiles("linking", Linking(town.host.files, answer), "tests"))


async def through_us(host, file, **more):
    answer = await handed_out(host, file, saving=True, **more)
    return answer.status_code == 200 and b"".join([piece async for piece in answer.iterator])


async def test_it_is_saved_from_there_and_only_once_the_antivirus_has_passed_it(town, file, plan):
    host = host_with(town, "https://s3.ville.example")
    answer = await handed_out(host, file, saving=True)
    assert answer.status_code == 303
    there = f"https://s3.ville.example/{file.attachment.digest}?as=plan.pdf&kind=application/octet-stream"
    assert answer.headers["location"] == there
    assert (answer.headers["cache-control"], answer.headers["referrer-policy"]) == ("no-store", "no-referrer")
    small = structs.replace(file, attachment=structs.replace(file.attachment, size=10))
    for other in (structs.replace(file, is_clean=False), small):
        assert await link_to(host, other) == ""
        assert await through_us(host, other) == plan
    assert await through_us(host, file, public=True) == plan


@pytest.mark.parametrize("answer", ["", "javascript:alert(1)//", FilesAway("away"), RuntimeError("broken")])
async def test_a_store_that_gives_no_address_or_a_wrong_one_hands_it_out_through_us(town, file, plan, answer):
    assert await through_us(host_with(town, answer), file) == plan
    assert await link_to(replace(town.host, files=SimpleNamespace()), file) == ""
