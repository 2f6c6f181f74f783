"""What is hidden leaves no trace: lists, counts, searches, sheets and maps are with hidden requests as without them."""

import io
import re
import zipfile
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from parvis import clock
from parvis.people.tokens import make_token
from parvis.requests.exclusions import keep_away
from parvis.requests.references import new_reference
from parvis.requests.visibility import SYSTEM_VIEWER
from parvis.requests.work.conversation import note
from parvis_merging.merging import merge
from parvis_merging.tying import link
from parvis_testing.desk import ANA, HERE
from parvis_testing.modules import every_scope

MONDAY = datetime(2026, 9, 14, 14, tzinfo=UTC)
WORDS = "Ornithorynque"
NEAR = HERE | {"lon": HERE["lon"] + 0.0001}
BOX = "ouest=-73.6&sud=45.5&est=-73.5&nord=45.6"
SPOKEN = {"who": "Zoé Côté", "what": f"un trou, {WORDS}", "type": "hole"}
LOOKED_UP = (
    SPOKEN,
    {"who": "514 555-0101"},
    {"who": "zoe@exemple.ca"},
    SPOKEN | {"_address": HERE["address"], "place.address": HERE["address"]},
    SPOKEN | {"place.lon": str(HERE["lon"]), "place.lat": str(HERE["lat"]), "mark": "map"},
    SPOKEN | {"requester.mode": "named", "requester.email": "zoe@exemple.ca", "requester.phone": "514 555-0101"},
)
# What somebody asks of the pages that take words, filters or a place in their address.
ASKED = {
    "/bureau": (
        "ouvertes=toutes",
        "ouvertes=toutes&tri=newest",
        f"q={WORDS}&ouvertes=toutes",
        "q=Ornithorinque&ouvertes=toutes",  # with a slip
        "q=Zoé+Côté&ouvertes=toutes",
        "q=zoe@exemple.ca&ouvertes=toutes",
        "q=514+555-0101&ouvertes=toutes",
        "q=rue+Rachel&ouvertes=toutes",
        "retard=oui",
        "personne=personne",
        "alerte=oui",
        "vue=late",
        "unite=noise&ouvertes=toutes",
        "equipe=noise&ouvertes=toutes",
        "col=unit&col=assignee&ouvertes=toutes",
    ),
    "/bureau/liste.csv": ("ouvertes=toutes", f"q={WORDS}&ouvertes=toutes"),
    "/bureau/carte": ("ouvertes=toutes",),
    "/bureau/carte/points": (
        *(f"ouvertes=toutes&z={z}&{BOX}" for z in (8, 12, 16)),
        "ouvertes=toutes&box=-73.6,45.5,-73.5,45.6&zoom=14",
    ),
    "/bureau/plusieurs": ("tous=1&ouvertes=toutes",),
    "/bureau/tableau": ("par=type", "par=unit", "par=zone", "par=channel"),
    "/bureau/tableau/carte": ("quoi=delai", "quoi=nombre"),
    "/bureau/tableau/chiffres.csv": ("par=unit", "par=type"),
    "/bureau/tableau/essai": ("jours=8", "jours=1"),
    "/bureau/tableau/decisions": ("genre=",),
    "/bureau/appels": ("quand=tout", "unite=noise"),
    "/bureau/echeances": ("q=Zoé",),
    "/api/v1/requests": (f"q={WORDS}", "q=zoe@exemple.ca", "near=45.5236,-73.5807&within=500", "unit=noise"),
    "/api/v1/similar-requests": ("type=hole&lon=-73.5807&lat=45.5236",),
    "/api/v1/figures": ("by=unit", "by=type"),
}
APART = ("xlsx", ".zip", "/terrain/jeton", "compte/code", "openapi", ".pdf", "consultations")  # anew each time
VARYING = (
    r'name="(?:_csrf|once)" value="[^"]*"',
    r"01[0-9a-f]{6}-[0-9a-f]{4}-7[0-9a-f-]{18}",
    r'nonce="[^"]*"',
    r"\b[0-9a-f]{32}\b",
    r'name="(?:id|mark)" value="[^"]*"',
)


def plain(answer):
    """What is told, but for what is different in every answer."""
    text = answer.text
    for varying in VARYING:
        text = re.sub(varying, "", text)
    told = ("location", "content-length", "etag", "link", "x-total-count")
    if "html" in answer.headers.get("content-type", ""):
        told = ("location",)  # a page is as long as its marks
    return answer.status_code, {name: answer.headers[name] for name in told if name in answer.headers}, text


def pages(desk, prefix, mine):
    """Each page and call that reads, of no request or of one's own, with what may be asked of it."""
    for route in desk.app.routes:
        if not route.path.startswith(prefix) or "GET" not in getattr(route, "methods", ()):
            continue
        if set(route.path_parameters) - {"reference"} or any(part in route.path for part in APART):
            continue
        path = re.sub(r"\{reference(:\w+)?\}", mine, route.path_format)
        yield path
        yield from (f"{path}?{query}" for query in ASKED.get(route.path, ()))


async def read_all(client, paths, **headers):
    return {path: plain(await client.get(path, headers=headers)) for path in paths}


async def work_all(clerk, paths):
    """The same by somebody at the desk, with what is looked up by pressing a button."""
    told = await read_all(clerk.http, paths)
    await clerk.get("/bureau/compte")
    for form in LOOKED_UP:
        answer = await clerk.http.post("/bureau/nouvelle", data={"_csrf": clerk.token} | form)
        told[f"/bureau/nouvelle {form}"] = plain(answer)
    return told


@pytest.fixture(autouse=True)
async def monday():
    """For what reads again beside the tests as well: by another clock it would take who writes now for gone."""
    with clock.moved_to(MONDAY):
        yield


@pytest.fixture
async def world(desk):
    """A town in which something is to be seen, and what makes requests that look just like it."""
    given = {"answers": {"danger": False, "words": f"Un {WORDS} dans le trou"}}
    quarrel = {"answers": {"kind": "noise", "words": f"Un {WORDS} à deux heures"}}

    async def begin():
        await desk.request("quarrel", "parks")
        return (await desk.request("hole", "parks", **given)).reference

    async def hide(unit="noise", *, public=True):
        made = [await desk.request("quarrel", unit, place=place, **quarrel) for place in (HERE, NEAR)]
        if public:
            made += [await desk.request("hole", unit, place=place, **given) for place in (HERE, NEAR, HERE)]
            made.append(await desk.request("hole", unit, answers={"danger": True, "words": WORDS}, channel="phone"))
        for record in made:
            await note(desk.host, record.reference, f"{WORDS}: à voir", actor=ANA)
        await link(desk.host, SYSTEM_VIEWER, made[0].reference, "about", made[1].reference, actor=ANA)
        return made

    return SimpleNamespace(begin=begin, hide=hide)


def differences(before, after):
    """What has changed, page by page, as few words as show it."""
    told = {}
    for path, was in before.items():
        if was != (now := after[path]):
            at = next((i for i, (one, other) in enumerate(zip(was[2], now[2], strict=False)) if one != other), 0)
            told[path] = (*was[:2], *now[:2], was[2][max(0, at - 80) : at + 80], now[2][max(0, at - 80) : at + 80])
    return told


@pytest.mark.parametrize("role", ["agent", "manager", "contractor"])
async def test_no_page_of_the_desk_changes_when_another_unit_gets_requests(desk, world, role):
    clerk = await desk.signed_in(role, "parks")
    paths = list(pages(desk, "/bureau", await world.begin()))
    assert len(paths) > 60
    before = await work_all(clerk, paths)
    await world.hide()
    assert not differences(before, await work_all(clerk, paths))


async def test_no_page_of_the_desk_changes_when_requests_are_kept_from_somebody(desk, world):
    clerk = await desk.signed_in("manager", "", name="Luc Roy")
    paths = list(pages(desk, "/bureau", await world.begin()))
    before = await work_all(clerk, paths)
    for record in await world.hide():
        await keep_away(desk.host, record.reference, clerk.person.id, "Luc Roy", "Sa sœur", actor=ANA)
    assert not differences(before, await work_all(clerk, paths))


async def test_no_call_of_the_api_changes_when_another_unit_gets_requests(desk, world):
    key, _ = await make_token(
        desk.host.engine, name="Pont", jurisdiction="parvis", unit_code="parks", **every_scope(desk.host)
    )
    headers = {"authorization": f"Bearer {key}", "accept": "application/json"}
    client = desk.browser().http
    paths = list(pages(desk, "/api/v1", await world.begin()))
    assert len(paths) > 25
    before = await read_all(client, paths, **headers)
    await world.hide(public=False)
    assert not differences(before, await read_all(client, paths, **headers))
    await world.hide("parks", public=False)
    told = differences(before, await read_all(client, paths, **headers))
    assert {f"/api/v1/requests?q={WORDS}", "/api/v1/figures"} <= told.keys()  # it would be seen


async def test_what_a_request_is_tied_to_is_told_to_nobody_who_may_not_see_it(desk):
    mine, joined = [await desk.request("hole", "parks") for _ in range(2)]
    loud = {"kind": "noise", "words": "CRATERE"}
    hidden = [await desk.request("quarrel", "noise", answers=loud) for _ in range(4)]
    await link(desk.host, SYSTEM_VIEWER, mine.reference, "about", hidden[0].reference, actor=ANA)
    await link(desk.host, SYSTEM_VIEWER, mine.reference, "child_of", hidden[1].reference, actor=ANA)
    await merge(desk.host, SYSTEM_VIEWER, hidden[2].reference, mine.reference, actor=ANA)
    await merge(desk.host, SYSTEM_VIEWER, joined.reference, hidden[3].reference, actor=ANA)
    secrets = ("CRATERE", *(record.reference for record in hidden))
    clerk = await desk.signed_in("manager", "parks")
    key, _ = await make_token(
        desk.host.engine, name="Pont", jurisdiction="parvis", unit_code="parks", **every_scope(desk.host)
    )
    headers = {"authorization": f"Bearer {key}", "accept": "application/json"}
    told = {}
    for record in (mine, joined):
        for path in (*pages(desk, "/bureau", record.reference), "/bureau/tableau/verification/dossier.zip"):
            told[path] = everything(await clerk.get(path))
        for path in pages(desk, "/api/v1", record.reference):
            told[path] = everything(await desk.browser().get(path, **headers))
        await clerk.get(f"/bureau/requete/{record.reference}/dossier")
        archive = f"/bureau/requete/{record.reference}/dossier/archive"
        told[archive] = everything(await clerk.post(archive, _all="1", reason="Accès demandé"))
    assert {path: secret for path, text in told.items() for secret in secrets if secret in text} == {}
    assert mine.reference in told[archive.replace(joined.reference, mine.reference)]


def everything(answer):
    """What an answer holds, that of each file of an archive too."""
    if answer.headers["content-type"] != "application/zip":
        return answer.text
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        return " ".join(archive.read(name).decode(errors="replace") for name in archive.namelist())


async def test_a_number_that_is_guessed_is_answered_as_one_that_nobody_has(desk, world):
    clerk = await desk.signed_in("manager", "parks")
    clerk.http.follow_redirects = False
    mine = await world.begin()
    for hidden in await world.hide():
        nothing = new_reference()
        for path in GUESSED_BY_ADDRESS:
            assert await _told(clerk, path, mine, hidden.reference) == await _told(clerk, path, mine, nothing), path
        await clerk.get("/bureau/compte")
        for path, form in GUESSED_BY_FORM:
            assert await _told(clerk, path, mine, hidden.reference, form) == await _told(
                clerk, path, mine, nothing, form
            ), path


async def _told(clerk, path, mine, guess, form=None):
    """The answer to a guess, the number that was guessed apart."""
    if form is None:
        answer = await clerk.http.get(path.format(guess, mine=mine))
    else:
        given = {name: value.format(guess, mine=mine) for name, value in form.items()}
        answer = await clerk.http.post(path.format(mine=mine), data={"_csrf": clerk.token} | given)
    status, sizes, text = plain(answer)
    return status, sizes.get("location", "").replace(guess, "IT"), text.replace(guess, "IT")


GUESSED_BY_ADDRESS = (
    "/bureau?q={}&ouvertes=toutes",
    "/bureau?incident={}&ouvertes=toutes",
    "/bureau?requete={}",
    "/bureau/carte/points?incident={}",
    "/bureau/liste.csv?q={}",
    "/bureau/nouvelle?recu={}",
    "/bureau/plusieurs?r={}",
    "/bureau/plusieurs?r={mine}&r={}",
    "/bureau/plusieurs?incident={}",
    "/bureau/incidents/{}",
    *(f"/bureau/requete/{{mine}}/liens?genre={kind}&avec={{}}" for kind in ("about", "child_of", "duplicate_of")),
)
GUESSED_BY_FORM = (
    *(
        ("/bureau/requete/{mine}/liens", {"version": "2", "genre": kind, "avec": "{}"})
        for kind in ("about", "child_of", "duplicate_of")
    ),
    ("/bureau/requete/{mine}/liens/fin", {"version": "2", "genre": "about", "avec": "{}"}),
    *(("/bureau/plusieurs", {"r": "{}", "_do": do, "unit": "parks"}) for do in ("assign", "priority", "step:start")),
    ("/bureau/nouvelle", {"who": "{}", "what": "trou", "_look": "1"}),
)
