"""Every type of request, from the list of services to its end, in both languages: what its pages say agrees."""

import re

import pytest

from .every_word import Walk, demo

PROMISE = {
    "fr": re.compile(r"Promis au plus tard le (.+?)\.?$"),
    "en": re.compile(r"Promised by (.+?)(?: at the latest)?\.?$"),
}
TWO_STOPS = re.compile(r"(?<!\.)\.\.(?!\.)")
DECIDED_BY_OTHERS = {"construction", "occupation", "sign", "tree_felling"}  # opinions, visits and fees are due


@pytest.fixture(scope="module")
async def app(database_of_module, tmp_path_factory):
    async with demo(tmp_path_factory.mktemp("read"), database_of_module) as app:
        yield app


@pytest.mark.slow
@pytest.mark.parametrize("language", ["fr", "en"])
async def test_every_type_is_filed_and_taken_to_its_end(app, language):
    walked = {}
    for kind in app.state.deployment.host.plugins.request_types.values():
        if kind.opened_by != "town":
            walk = Walk(app, kind, language)
            await walk.file()
            receipt, mark = walk.read[-1][1], len(walk.read)
            walked[kind.code] = await walk.take_to_its_end()
            own = next(lines for where, lines in walk.read[mark:] if where == "own page")
            assert _promise(receipt, language) == _promise(own, language), kind.code
            assert [line for _, lines in walk.read for line in lines if TWO_STOPS.search(line)] == [], kind.code
    assert len(walked) == 16  # every type that residents file
    assert {code for code, state in walked.items() if state != "closed"} <= DECIDED_BY_OTHERS


def _promise(lines: list[str], language: str) -> set[str]:
    return {found[1] for line in lines if (found := PROMISE[language].match(line))}
