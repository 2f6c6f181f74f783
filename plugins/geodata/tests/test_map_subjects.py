"""Limits, crossings, other names, areas and streets of the map, taken from a town's own files like zones are."""

import json

import pytest

from parvis.jurisdictions.loading import read_jurisdiction
from parvis.jurisdictions.reading import Findings
from parvis.module_settings import files_of
from parvis_geodata.mapping import mistakes_in, subject_named
from parvis_geodata.proposing import propose
from parvis_geodata.sources import read_csv, read_geojson
from parvis_geodata.trying import try_out

WEST, SOUTH = -73.60, 45.53


def collection(*features):
    return read_geojson(
        json.dumps(
            {
                "type": "FeatureCollection",
                "features": [
                    {"type": "Feature", "properties": properties, "geometry": geometry}
                    for properties, geometry in features
                ],
            }
        ).encode()
    )


def square(size=0.004, west=WEST, south=SOUTH):
    ring = [[west, south], [west + size, south], [west + size, south + size], [west, south + size], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def line(*points):
    return {"type": "LineString", "coordinates": [list(each) for each in points]}


CROSSINGS = "rue;autre_rue;lon;lat\nRue A;Rue B;-73.58;45.53\nRue A;Rue C;-73.59;45.53\nRue A;;-73.58;45.53\n"
ALIASES = "nom;alias\nAvenue des Pins Ouest;Pine\nAvenue des Pins Est;Pine\nAvenue des Pins Est;\n"
SOURCES = {
    "crossings": read_csv(CROSSINGS.encode(), "", ""),
    "aliases": read_csv(ALIASES.encode(), "", ""),
    "areas": collection(
        ({"genre": "park", "nom": "Parc"}, square()),
        ({"genre": "water", "nom": "Lac"}, square()),
        ({"genre": "étang"}, square()),
    ),
    "streets": collection(
        ({"nom": "Rue A"}, line((WEST, SOUTH), (WEST, SOUTH + 0.01))),
        ({"nom": "Rue B"}, line((WEST, SOUTH), (WEST + 0.01, SOUTH))),
        ({"nom": "Loin"}, line((-71.2, 46.8), (-71.3, 46.8))),
    ),
}
REFUSED = {"crossings": "no_street", "aliases": "no_alias", "areas": "bad_kind", "streets": "outside"}
TAKEN = {
    "crossings": "street,other_street,lon,lat\nRue A,Rue B,-73.5800000,45.5300000\n"
    "Rue A,Rue C,-73.5900000,45.5300000\n",
    "aliases": "name,alias\nAvenue des Pins Ouest,Pine\nAvenue des Pins Est,Pine\n",
    "areas": [{"kind": "park", "name": "Parc"}, {"kind": "water", "name": "Lac"}],
    "streets": [{"name": "Rue A"}, {"name": "Rue B"}],
}


@pytest.mark.parametrize("name", [*SOURCES])
async def test_each_file_of_the_map_is_looked_at_tried_and_written_as_the_town_reads_it(town, there, town_files, name):
    subject, source = subject_named(name), SOURCES[name]
    proposal = propose(there, subject, source)
    assert list(mistakes_in(proposal.mapping, source, there)) == []
    assert proposal.open == ()
    trial = await try_out(town.host, there, proposal.mapping, source, town_files)
    assert [each.outcome for each in trial.rows] == ["taken", "taken", "refused"]
    assert [each.code for each in trial.rows[2].findings] == [REFUSED[name]]
    assert not trial.is_blocked
    written = trial.content.decode()
    if isinstance(TAKEN[name], str):
        assert written == TAKEN[name]
    else:
        assert [each["properties"] for each in json.loads(written)["features"]] == TAKEN[name]
    (town_files / subject.usual_file).write_bytes(trial.content)
    findings = Findings(town_files.parent)
    read_jurisdiction(findings, town_files, files_of(town.host.modules.registry))
    assert findings.mistakes == []


async def test_limits_say_which_requests_and_zones_they_leave_outside(town, there, town_files):
    await town.submit()
    small = collection(({}, square()))
    mapping = propose(there, subject_named("boundary"), small).mapping
    trial = await try_out(town.host, there, mapping, small, town_files)
    told = {each.finding.code: each.finding.value for each in trial.whole}
    assert told["requests_outside"] == "1"
    assert "reaches_out" in told
    whole = json.loads((town_files / "boundary.geojson").read_bytes())
    given = collection(*((each["properties"], each["geometry"]) for each in whole["features"]))
    trial = await try_out(town.host, there, mapping, given, town_files)
    assert (trial.is_blocked, [each.finding.code for each in trial.whole]) == (False, [])
    away = collection(({}, square(west=-71.2, south=46.8)))
    trial = await try_out(town.host, there, mapping, away, town_files)
    assert [each.code for each in trial.rows[0].findings] == ["elsewhere"]


def test_nothing_else_is_a_subject():
    for name in ("assets", "boundaries", "areas/park"):
        with pytest.raises(Exception, match="is none of zones, places"):
            subject_named(name)
