"""What an opinion says appears at no door for anybody but those it is declared for, and there it does appear."""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain, combinations

import pytest
from msgspec import structs

from parvis.db.tables import Delivery, Entry, ServiceRequest
from parvis.people.tokens import make_token
from parvis.requests.amendments import assign
from parvis.requests.attached.receiving import receive_file
from parvis.requests.drafting import holder_of
from parvis.requests.keeping.retention import erase
from parvis.requests.lifecycle import make_move
from parvis.requests.payloads import request_for
from parvis.requests.records import Record
from parvis.requests.references import key_for
from parvis.requests.timeline import story
from parvis.requests.visibility import HOLDER, PUBLIC, SYSTEM_VIEWER
from parvis_my_requests.archive import as_data, gather
from parvis_reviews.opinions import OpinionSubmission, give_opinion
from parvis_reviews.plugin import MODULE
from parvis_reviews.review_tasks import tasks_of
from parvis_reviews.tables import Opinion, OutsideKey
from parvis_sdk.reviews import Review, Task
from parvis_testing.desk import ANA, HERE, ZOE

from ..reviewed import reviewed_type, reviewers, said

ALL = ("deciders", "reviewers", "requester")
READERS = tuple(chain.from_iterable(combinations(ALL, size) for size in range(4)))
SECRET = re.compile(r"SECRET(?:_[a-z]+)*_END")
NO_ID = "01a21300-0000-7000-8000-000000000000"
STREAMS = ("en-direct", "/live")


def code_of(readers: tuple[str, ...]) -> str:
    return "_".join(("for", *readers, "end"))


def secret_of(readers: tuple[str, ...]) -> str:
    return "_".join(("SECRET", *readers, "END"))


def secrets_for(*readers: str) -> set[str]:
    """What somebody reads to whom these words apply."""
    return {secret_of(each) for each in READERS if set(each) & set(readers)}


TASKS = tuple(
    Task(code=code_of(each), title=said(code_of(each)), unit="public_works", readers=each) for each in READERS
)
OTHER = Task(code="other", title=said("Autre"), unit="planning")
REVIEW = Review(code="opinions", title=said("Avis"), tasks=(*TASKS, OTHER))


@pytest.fixture
async def told(desk):
    """A request of the animals unit with an opinion for each set of readers, a secret in its words and its file."""
    request_type = reviewed_type(REVIEW)
    plugins = desk.host.plugins
    plugins.request_types["works"] = request_type
    plugin = plugins.by_name["town"]
    plugins.by_name["town"] = structs.replace(plugin, request_types=(*plugin.request_types, "works"))
    desk.host = reviewers(desk.host)
    desk.app.state.deployment = desk.deployment = replace(desk.deployment, host=desk.host)
    desk.counter.host = desk.host
    raw = {"language": "fr", "answers": {"pool": False, "cost": 1500}, "place": HERE, "requester": ZOE}
    receipt = await desk.counter.submit("parvis", "works", raw, channel="portal")
    await assign(desk.host, receipt.reference, unit="animals", actor=ANA)
    await make_move(desk.host, receipt.reference, "begin", {}, actor=ANA, mover="agent")
    record = await desk.record(receipt.reference)
    tasks = {task.task: task for task in await tasks_of(record.id)}
    for readers in READERS:
        secret, holder = secret_of(readers), holder_of(secret_of(readers))
        file = await receive_file(desk.host, holder, "files", f"{secret}.pdf", await a_pdf())
        given = {"recommendation": "conditional", "conditions": secret, "words": secret, "files": [file.id]}
        handed = OpinionSubmission(task=tasks[code_of(readers)].id, raw=given, actor=ANA, holder=holder)
        assert isinstance(await give_opinion(desk.host, record.reference, handed), Record)
    return record, [str(task.id) for task in tasks.values()]


async def a_pdf() -> bytes:
    import io

    import pikepdf

    written = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        document.save(written, static_id=True)
    return written.getvalue()


def doors(desk, record, tasks: list[str], files: list[str]) -> Iterator[str]:
    """Every address that can be read, with its parameters filled in every way that could lead to an opinion."""
    for route in desk.app.routes:
        path = getattr(route, "path_format", "")
        if "GET" not in getattr(route, "methods", ()) or any(word in path for word in STREAMS):
            continue
        first = path.replace("{reference}", record.reference)
        ids = tasks if "taches" in path or "tasks" in path else files[:2] if "{id}" in path else [NO_ID]
        for id in ids:
            filled = first.replace("{id}", id).replace("{file}", files[0])
            yield re.sub(r"\{\w+\}", "x", filled)
    for search in ("SECRET", record.reference):
        yield from (f"/bureau?q={search}&ouvertes=toutes", f"/bureau/liste.csv?q={search}&ouvertes=toutes")
        yield from (f"/fr/requetes?q={search}", f"/api/v1/requests?q={search}")


async def seen_by(http, addresses, **more) -> set[str]:
    """Every secret that comes out of these addresses."""
    found: set[str] = set()
    for address in addresses:
        answer = await http.get(address, **more)
        assert answer.status_code < 500 or address == "/health", address  # which says that no worker is there
        found |= set(SECRET.findall(answer.text)) | set(SECRET.findall(str(answer.headers)))
    return found


async def files_in(http, path: str) -> list[str]:
    return re.findall(r"/fichiers/([0-9a-f-]{36})", (await http.get(path)).text)


async def test_each_reads_what_is_declared_for_them_and_nothing_else_at_any_door(desk, told):
    record, tasks = told
    manager = await desk.signed_in("manager")
    files = await files_in(manager.http, f"/bureau/requete/{record.reference}")
    assert len(set(files)) == len(READERS)
    addresses = list(dict.fromkeys(doors(desk, record, tasks, files)))
    assert len(addresses) > 150
    expected = {
        ("agent", "animals"): secrets_for("deciders"),
        ("agent", "planning"): secrets_for("reviewers"),
        ("agent", "parks"): set(),
        ("observer", ""): set(),
        ("clerk", "animals"): set(),
    }
    for (role, unit), may in expected.items():
        clerk = await desk.signed_in(role, unit)
        assert await seen_by(clerk.http, addresses) == may, (role, unit)
    assert await seen_by(desk.browser().http, addresses) == set()


async def test_the_requester_reads_what_is_theirs_once_it_is_decided(desk, told):
    record, tasks = told
    manager = await desk.signed_in("manager")
    files = await files_in(manager.http, f"/bureau/requete/{record.reference}")
    key = key_for(desk.host.secret, record.id)
    visitor = desk.browser()
    await visitor.get(f"/fr/suivi/{record.reference}?cle={key}")
    mine = [each for each in doors(desk, record, tasks, files) if record.reference in each]
    mine += [f"{each}{'&' if '?' in each else '?'}key={key}" for each in mine if each.startswith("/api")]
    assert await seen_by(visitor.http, mine) == set()
    other = next(task for task in await tasks_of(record.id) if task.task == "other")
    await give_opinion(
        desk.host, record.reference, OpinionSubmission(task=other.id, raw={"recommendation": "favourable"}, actor=ANA)
    )
    assert isinstance(await make_move(desk.host, record.reference, "grant", {}, actor=ANA, mover="agent"), Record)
    assert await seen_by(visitor.http, mine) == secrets_for("requester")
    own = set(
        re.findall(
            r"/fr/suivi/[^\"]+/fichiers/[0-9a-f-]{36}", (await visitor.get(f"/fr/suivi/{record.reference}")).text
        )
    )
    assert len(own) == len(secrets_for("requester"))
    archive = await gather(desk.host, desk.host.jurisdictions.jurisdiction("parvis"), ZOE["email"], "fr")
    assert set(SECRET.findall(as_data(archive).decode())) == secrets_for("requester")
    for file in files:
        answer = await visitor.http.get(f"/fr/suivi/{record.reference}/fichiers/{file}")
        assert (answer.status_code == 200) == (f"/fr/suivi/{record.reference}/fichiers/{file}" in own)


@pytest.mark.parametrize(
    ("scopes", "unit", "may"),
    [
        (("requests:read", "requests:write", "contacts:read", "contacts:reveal"), "", set()),
        (("tasks:read",), "animals", secrets_for("deciders")),
        (("tasks:write", "requests:read"), "planning", secrets_for("reviewers")),
        (("tasks:read",), "parks", set()),
    ],
)
async def test_a_machine_reads_what_its_scopes_and_its_unit_allow(desk, told, scopes, unit, may):
    record, tasks = told
    asked = {"name": "Pont", "jurisdiction": "parvis", "unit_code": unit, "added": MODULE.scopes}
    key, _ = await make_token(desk.host.engine, scopes=scopes, **asked)
    manager = await desk.signed_in("manager")
    files = await files_in(manager.http, f"/bureau/requete/{record.reference}")
    api = [each for each in doors(desk, record, tasks, files) if each.startswith("/api")]
    headers = {"authorization": f"Bearer {key}"}
    found = await seen_by(desk.browser().http, api, headers=headers)
    # A program that only lists tasks is led to those of its unit; one that decides asks for each by its address.
    assert found == may
    for file in files:
        answer = await desk.browser().http.get(f"/api/v1/attachments/{file}", headers=headers)
        named = SECRET.search(answer.headers.get("content-disposition", ""))
        assert (answer.status_code == 200) == bool(named and named[0] in may)


async def test_no_row_but_the_opinions_own_holds_it_and_erasure_leaves_none(desk, told):
    record, _ = told
    record = await desk.record(record.reference)
    rows = [await table.select() for table in (Entry, Delivery, ServiceRequest, OutsideKey)]
    assert not SECRET.search(str(rows))
    for viewer in (HOLDER, PUBLIC, SYSTEM_VIEWER):
        assert not SECRET.search(str(await story(desk.host, record, viewer, "fr")))
    given = await request_for(desk.host, record, ("contact", "personal", "attachments", "followers"))
    assert not SECRET.search(str(given))
    archive = await gather(desk.host, desk.host.jurisdictions.jurisdiction("parvis"), ZOE["email"], "fr")
    assert record.reference in as_data(archive).decode()
    assert not SECRET.search(as_data(archive).decode())
    assert SECRET.search(str(await Opinion.select()))
    await erase(desk.host, record.reference, actor=ANA)
    assert not SECRET.search(str(await Opinion.select()))
