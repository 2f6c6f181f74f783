"""Real files of three cities, tried: each row is accounted for, with its reason, and nothing is written."""

import csv
import tomllib

import msgspec
import pytest
from msgspec import structs

from parvis.cli.troubles import Unusable
from parvis.db.tables import ServiceRequest
from parvis_migration.mapping import FieldMapping, as_toml, state_for
from parvis_migration.mapping_mistakes import mistakes_in, read_mapping
from parvis_migration.proposing import propose
from parvis_migration.refusals import Refusal
from parvis_migration.report import summary, told_in
from parvis_migration.sources import read_source
from parvis_migration.trying import try_out
from parvis_testing.town import HOLE

EVERYWHERE = {"*": "hole"}
HEADER = "numéro,catégorie,statut,déposée le,fermée le,lon,lat,adresse,détail,courriel"
MAPPING = FieldMapping(
    source="gestion-311",
    columns=msgspec.convert(
        {
            "number": "numéro",
            "type": "catégorie",
            "state": "statut",
            "submitted": "déposée le",
            "closed": "fermée le",
            "lon": "lon",
            "lat": "lat",
            "address": "adresse",
            "words": ["détail"],
            "email": "courriel",
        },
        FieldMapping.__annotations__["columns"],
    ),
    most_at_one_point=2,
    types={"Trou": "hole", "Interne": ""},
    states={"Ouverte": "received", "En cours": "in_progress", "Fermée": "closed"},
)


def rows_of(tmp_path, *lines):
    file = tmp_path / "old.csv"
    file.write_text("\n".join((HEADER, *lines)), "utf-8")
    return read_source(file)


async def tried(town, there, tmp_path, *lines, mapping=MAPPING):
    judged = []
    trial = await try_out(town.host, there, mapping, rows_of(tmp_path, *lines), lambda row, _: judged.append(row))
    return trial, judged


def codes_of(judged):
    return {each.line: (each.outcome, [told.code for told in each.findings]) for each in judged}


@pytest.mark.parametrize(("name", "rows"), [("montreal.csv", 40), ("new-york.csv", 60), ("koeln.json", 12)])
async def test_every_row_of_a_real_file_is_accounted_for_by_what_look_proposes(town, there, files, name, rows):
    source = read_source(files / name)
    proposal = propose(town.host, there, source, "old")
    mapping = structs.replace(proposal.mapping, types=EVERYWHERE)
    assert mapping.columns.number
    assert mapping.columns.submitted
    assert list(mistakes_in(mapping, source.columns, there, {"hole": HOLE})) == []
    trial = await try_out(town.host, there, mapping, source, lambda row, reference: None)
    assert trial.is_whole
    assert trial.rows == rows
    assert trial.outcomes == {"new": rows}
    assert await ServiceRequest.count() == 0


async def test_what_look_proposes_is_a_file_that_try_reads(town, there, files, tmp_path):
    proposal = propose(town.host, there, read_source(files / "new-york.csv"), "new-york")
    file = tmp_path / "mapping.toml"
    file.write_text(as_toml(proposal.mapping, proposal.comments), "utf-8")
    assert read_mapping(file) == proposal.mapping
    assert tomllib.loads(file.read_text("utf-8"))["columns"]["closed"] == "closed_date"
    assert {"Closed": "closed", "Open": "received"}.items() <= proposal.mapping.states.items()
    file.write_text("source = 'x'\n[columns]\nnumber = 'a'\nsubmited = 'b'\n")
    with pytest.raises(Unusable, match="submited"):
        read_mapping(file)


async def test_what_does_not_fit_is_told_by_line_column_value_and_reason(town, there, tmp_path):
    trial, judged = await tried(
        town,
        there,
        tmp_path,
        "1,Trou,Fermée,2019-03-04,2019-03-05,-73.58,45.52,1 rue A,Un trou,a@exemple.ca",
        "1,Trou,Fermée,2019-03-04,2019-03-05,-73.58,45.52,1 rue A,Un trou,a@exemple.ca",
        "1,Trou,Ouverte,2019-03-04,,,,,,",
        "2,Interne,Ouverte,2019-03-04,,,,,,",
        "3,Autre,Ouverte,2019-03-04,,,,,,",
        "4,Trou,Perdue,2019-03-04,,,,,,",
        "5,Trou,Ouverte,hier,,,,,,",
        ",Trou,Ouverte,2019-03-04,,,,,,",
        "6,Trou,Ouverte,2099-03-04,,,,,,",
        "7,Trou,Fermée,2019-03-04,2019-03-01,,,,,",
        "8,Trou,Fermée,2019-03,,0,0,,,pas un courriel",
        "9,Trou,Ouverte,2019-03-04,,-79,45.5,,,",
        "10,Trou,Ouverte,2019-03-04,,x,45.5,,,",
    )
    assert codes_of(judged) == {
        2: ("new", []),
        3: ("duplicate", ["twice"]),
        4: ("duplicate", ["twice_otherwise"]),
        5: ("left_out", ["left_out"]),
        6: ("refused", ["no_type"]),
        7: ("refused", ["no_state"]),
        8: ("refused", ["no_moment"]),
        9: ("refused", ["no_number"]),
        10: ("refused", ["future"]),
        11: ("new", ["backwards"]),
        12: ("new", ["month_only", "closed_when", "zero_point", "dropped"]),
        13: ("new", ["outside"]),
        14: ("new", ["no_point"]),
    }
    assert trial.is_whole
    assert judged[10].past.notes == ("courriel\u00a0: pas un courriel",)
    [told] = judged[5].findings
    assert (told.column, told.value) == ("statut", "Perdue")


async def test_a_number_in_another_spelling_is_told_with_the_one_that_was_there_first(town, there, tmp_path):
    lines = [f"{number},Trou,Ouverte,2019-03-04,,,,,," for number in ("N-001", "N 001", "n-001", "N-002")]
    _, judged = await tried(town, there, tmp_path, *lines)
    assert [codes for _, codes in codes_of(judged).values()] == [[], ["spelled_otherwise"], ["spelled_otherwise"], []]
    assert judged[2].findings[0].value == "N-001"


async def test_a_closing_date_that_is_no_date_is_told_once(town, there, tmp_path):
    _, judged = await tried(town, there, tmp_path, "1,Trou,Fermée,2019-03-04,demain,,,,,")
    assert codes_of(judged) == {2: ("refused", ["no_moment"])}


async def test_rows_that_a_limited_run_did_not_reach_are_counted(town, there, tmp_path):
    trial, _ = await tried(town, there, tmp_path, "1,Trou,Ouverte,2019-03-04,,,,,,")
    trial.rows = 3
    assert "         2 pas encore regardées\u00a0: la même commande continue par elles" in list(summary(trial, "fr"))


def test_what_is_wrong_with_a_mapping_is_said_in_both_languages(tmp_path):
    file = tmp_path / "mapping.toml"
    for text, fr, en in (
        (
            'source = "x"\n[columns]\nnumber = "a"\nsubmitted = "b"\nwords = "c"',
            "il faut une liste",
            "a list is expected",
        ),
        ('source = "x"\n[columns]\nnumber = "a"', "il manque «\u00a0submitted\u00a0»", "“submitted” is missing"),
        ('outside = "away"\nsource = "x"\n[columns]', "n’est pas un choix", "“away” is not a choice"),
        ("source = x", "pas du TOML (ligne 1, colonne 10)", "not TOML (line 1, column 10)"),
    ):
        file.write_text(text, "utf-8")
        with pytest.raises(Refusal) as wrong:
            read_mapping(file)
        assert fr in wrong.value.reason.fr
        assert en in wrong.value.reason.en


async def test_one_point_for_many_is_left_out(town, there, tmp_path):
    lines = [f"{number},Trou,Ouverte,2019-03-04,,-73.58,45.52,,," for number in range(3)]
    _, judged = await tried(town, there, tmp_path, *lines, "9,Trou,Ouverte,2019-03-04,,-73.59,45.52,,,")
    assert [codes for _, codes in codes_of(judged).values()] == [["crowded_point"]] * 3 + [[]]


async def test_what_would_be_late_or_destroyed_is_counted(town, there, tmp_path):
    trial, _ = await tried(
        town, there, tmp_path, "1,Trou,Fermée,2009-03-04,2009-03-05,,,,,", "2,Trou,Ouverte,2019-03-04,,,,,,"
    )
    assert (trial.due, trial.late) == ({"hole": 1}, 1)
    told = "\n".join(summary(trial, "fr"))
    assert "lignes lues\u00a0: 2; comptées\u00a0: 2" in told
    assert "requêtes dont la durée de conservation est écoulée\u00a0: 1 (hole 1)" in told
    assert "requests past their retention period: 1 (hole 1)" in "\n".join(summary(trial, "en"))


async def test_the_report_has_a_line_for_every_row_and_no_formula(town, there, tmp_path):
    source = rows_of(tmp_path, "=1,Trou,Ouverte,2019-03-04,,,,,,", "2,=Trou,Ouverte,2019-03-04,,,,,,")
    with told_in(tmp_path / "report.csv", "en") as told:
        await try_out(town.host, there, MAPPING, source, told)
    with (tmp_path / "report.csv").open(encoding="utf-8-sig", newline="") as report:
        rows = list(csv.reader(report))
    assert rows == [
        ["line", "number", "outcome", "reference", "column", "value", "reason"],
        ["2", "'=1", "new", "", "", "", ""],
        ["3", "2", "rejected", "", "catégorie", "'=Trou", "this type is not in the mapping"],
    ]


async def test_a_mapping_that_names_what_is_not_there_is_refused(town, there, tmp_path):
    wrong = structs.replace(
        MAPPING,
        types={"Trou": "pit"},
        states={"Ouverte": "asleep"},
        units={"Voirie": "nobody"},
        channels={"web": "fax"},
        time_zone="Mars/Olympus",
        projection="flat",
        language="de",
        columns=structs.replace(MAPPING.columns, closed="nulle part"),
    )
    told = list(mistakes_in(wrong, rows_of(tmp_path).columns, there, {"hole": HOLE}))
    assert [each.en.partition(":")[0] for each in told] == [
        "columns.closed",
        "types.Trou",
        "states.Ouverte",
        "units.Voirie",
        "channels.web",
        "time_zone",
        "language",
        "projection",
    ]


async def test_a_mapping_that_could_bring_nothing_where_it_says_is_refused(there, tmp_path):
    columns = structs.replace(MAPPING.columns, lon="", part_of="numéro", duplicate_of="numéro", related="numéro")
    wrong = structs.replace(MAPPING, columns=columns)
    asked = next(iter(HOLE.form.fields())).code
    wrong = structs.replace(wrong, answers={"nimporte": "adresse", asked: "détail"})
    told = list(mistakes_in(wrong, rows_of(tmp_path).columns, there, {"hole": HOLE}))
    assert [each.en.partition(":")[0] for each in told] == [
        "columns.part_of",
        "columns.duplicate_of",
        "columns.related",
        "columns.lon, columns.lat",
        "answers.nimporte",
    ]


def test_a_phase_means_the_first_state_of_it_or_of_a_nearer_one():
    assert state_for(HOLE, "working").code == "working"
    assert state_for(HOLE, "waiting_for_you").code == "waiting"
    assert state_for(HOLE, "decided").code == "done"
    assert state_for(HOLE, "asleep") is None
