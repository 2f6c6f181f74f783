"""A request as a feature: each value as its field takes it, or a reason."""

from datetime import UTC, datetime

import pytest

from parvis_gis_arcgis.mapping import Layer as Described
from parvis_gis_arcgis.mapping import LayerField, columns_of, global_id_of, milliseconds, moment_of, value_for
from parvis_sdk.errors import Refused

GRADES = {"type": "codedValue", "codedValues": [{"code": 1, "name": "Urgent"}, {"code": 2, "name": "Normal"}]}


def field(kind, **given):
    return LayerField(name="C", type=f"esriFieldType{kind}", **given)


@pytest.mark.parametrize(
    ("of", "given", "there"),
    [
        (field("String", length=5), "Québec", "Québe"),
        (field("String"), True, "true"),
        (field("String"), 12, "12"),
        (field("String", nullable=False), None, ""),
        (field("String"), None, None),
        (field("Integer"), "12", 12),
        (field("SmallInteger"), True, 1),
        (field("Double"), "1.5", 1.5),
        (field("Date"), "2026-07-01T12:00:00-04:00", 1782921600000),
        (field("Date"), "2026-07-01", 1782864000000),
        (field("Integer", domain=GRADES), "1", 1),
        (field("GUID"), "x", "x"),
    ],
)
def test_a_value_goes_as_its_field_takes_it(of, given, there):
    assert value_for(of, given) == there


@pytest.mark.parametrize(
    ("of", "given"),
    [
        (field("Integer"), "many"),
        (field("SmallInteger"), 40_000),
        (field("Double"), "1,5"),
        (field("Date"), "tomorrow"),
        (field("Integer", domain=GRADES), 3),
    ],
)
def test_a_value_that_does_not_fit_is_refused_with_the_name_of_its_column(of, given):
    with pytest.raises(Refused, match="the column 'C'"):
        value_for(of, given)


def test_a_moment_goes_to_and_fro():
    instant = datetime(2026, 11, 25, 23, 59, 59, 123000, tzinfo=UTC)
    assert moment_of(milliseconds(instant)) == instant


def test_the_global_id_of_a_reference_is_the_same_for_ever():
    assert global_id_of("7K3M-9QXT-4") == "{7886E004-9019-53B0-8493-5F6B73BBD625}"
    assert global_id_of("7K3M-9QXT-5") != global_id_of("7K3M-9QXT-4")


def test_a_layer_describes_its_columns_as_a_mapping_is_compared_with_them():
    fields = {
        "A": LayerField(name="A", type="esriFieldTypeString", length=20, nullable=False),
        "B": LayerField(name="B", type="esriFieldTypeInteger", nullable=False, has_default=True, domain=GRADES),
        "C": LayerField(name="C", type="esriFieldTypeGlobalID", nullable=False, editable=False),
    }
    told = columns_of(Described(number=0, name="a", url="", fields=fields, object_id="OID"))
    assert (told["A"].most, told["A"].required, told["A"].writable) == (20, True, True)
    assert (told["B"].required, told["B"].codes) == (False, (1, 2))
    assert told["C"].writable is False
