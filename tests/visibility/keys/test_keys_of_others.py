"""People with access to a request have keys of their own: no page or file of any module gives them the requester's."""

import re
from typing import Any

import pytest
from msgspec import structs

from parvis.plugins import DiscoveredPlugin
from parvis.requests.actors import REQUESTER
from parvis.requests.parties import let_in, parties_of
from parvis.requests.records import Record
from parvis.requests.references import key_for
from parvis_sdk.parties import PartyRole
from parvis_testing.town import HOLE, QUARREL, plugin_of, said

NO_ID = "01a21300-0000-7000-8000-000000000000"
OWNER = PartyRole(code="owner", title=said("Propriétaire", "Owner"), may=("personal", "messages", "act", "invite"))
CONTRACTOR = PartyRole(code="contractor", title=said("Entrepreneur", "Contractor"), may=("answer",), days=90)
SHARED = structs.replace(HOLE, code="shared", slug=said("partage", "shared"), parties=(OWNER, CONTRACTOR))
BO = {"role": "contractor", "name": "Bo Nguyen", "email": "Bo@exemple.ca", "language": "en"}
CLEO = {"role": "owner", "name": "Cléo Roy", "email": "cleo@exemple.ca", "language": "fr"}


@pytest.fixture(scope="session")
def town_plugin():
    """The request types of the town, and one with people on its files."""
    return DiscoveredPlugin.of("town", plugin_of(HOLE, QUARREL, SHARED))


def pages_of_a_file(desk: Any, record: Record) -> list[str]:
    """Every address of the pages of a file, with what stands in them filled in."""
    filled = {"reference": record.reference}
    return sorted(
        re.sub(r"\{(\w+)(:\w+)?\}", lambda found: filled.get(found[1], NO_ID), route.path_format)
        for route in desk.app.routes
        if "GET" in route.methods and re.match(r"/(fr/suivi|en/track)/\{", route.path)
        if not route.path.endswith(("/live", "/en-direct"))
    )


@pytest.mark.parametrize("who", [BO, CLEO], ids=["contractor", "owner"])
async def test_no_page_or_file_tells_somebody_who_was_let_in_the_key_of_the_requester(desk, who):
    record = await desk.request("shared", answers={"danger": False})
    key = key_for(desk.host.secret, record.id, record.holders)
    record = await let_in(desk.host, record.reference, who, actor=REQUESTER)
    (party,) = await parties_of(record.id)
    theirs, tried = key_for(desk.host.secret, party.id), pages_of_a_file(desk, record)
    assert len(tried) > 40
    browser = desk.browser()
    assert (await browser.get(f"/fr/suivi/{record.reference}?cle={theirs}")).status_code == 200
    told = {path: (await browser.http.get(path)).text.replace("\r\n ", "") for path in tried}
    assert {path for path, text in told.items() if key in text} == set()
    (calendar,) = (text for path, text in told.items() if path.endswith(f"{record.reference}/agenda.ics"))
    assert f"?cle={theirs}" in calendar
