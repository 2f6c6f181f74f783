"""What the columns of a row say."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from parvis_gis_arcgis.attributes import Column, Domain, Subtype, facts_of, said, value_of

HERE = ZoneInfo("America/Toronto")
USES = Domain(type="codedValue", coded=[{"code": 1, "name": "Habitation"}, {"code": 2, "name": "Commerce"}])
OLD = Domain(type="codedValue", coded=[{"code": 1, "name": "Maison"}])


def at(*moment):
    return int(datetime(*moment, tzinfo=UTC).timestamp() * 1000)


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (at(2026, 5, 1), "2026-05-01"),  # midnight in UTC
        (at(2026, 5, 1, 4), "2026-05-01"),  # midnight here, in summer
        (at(2026, 1, 1, 5), "2026-01-01"),  # and in winter
        (at(2026, 1, 1, 4), "2025-12-31T23:00:00-05:00"),
        (at(1931, 5, 1, 12), "1931-05-01T08:00:00-04:00"),
        (10**18, None),
    ],
)
def test_a_date_is_a_day_or_a_moment_of_the_town(moment, text):
    assert value_of(moment, "esriFieldTypeDate", HERE) == text


@pytest.mark.parametrize("value", [None, "", "  ", float("nan"), float("inf"), [1], {}])
def test_nothing_is_no_fact(value):
    assert value_of(value, "esriFieldTypeDouble", HERE) is None


def test_a_coded_value_has_its_name_and_its_code_beside_it():
    columns = {"USAGE": Column("USAGE", "esriFieldTypeInteger", USES), "N": Column("N", "esriFieldTypeString")}
    row = {"USAGE": 2, "N": " 12 "}
    facts = facts_of(row, {"use": "USAGE", "number": "N"}, columns, {}, "", HERE)
    assert facts == {"use": "Commerce", "use_code": 2, "number": "12"}
    assert facts_of({"USAGE": 9}, {"use": "USAGE"}, columns, {}, "", HERE) == {"use": 9, "use_code": 9}
    assert facts_of({"USAGE": None}, {"use": "USAGE"}, columns, {}, "", HERE) == {}


def test_a_subtype_has_names_of_its_own():
    columns = {"USAGE": Column("USAGE", "", USES), "AGE": Column("AGE")}
    subtypes = {"7": Subtype(id=7, name="Patrimoine", domains={"USAGE": OLD, "AGE": Domain(type="inherited")})}
    wanted = {"use": "USAGE", "kind": "AGE"}
    assert facts_of({"USAGE": 1, "AGE": 7}, wanted, columns, subtypes, "AGE", HERE) == {
        "use": "Maison",
        "use_code": 1,
        "kind": "Patrimoine",
        "kind_code": 7,
    }
    assert facts_of({"USAGE": 1, "AGE": 8}, wanted, columns, subtypes, "AGE", HERE)["use"] == "Habitation"


def test_a_number_is_said_without_decimals_that_say_nothing():
    assert [said(each) for each in (12.0, 12.5, 12, " a ", None)] == ["12", "12.5", "12", "a", ""]
