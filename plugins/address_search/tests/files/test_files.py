"""The files of a town's places: what is wrong with them is told with its line, and refuses the towns."""

from typing import Any

import pytest

from parvis.jurisdictions import JurisdictionError
from parvis.jurisdictions.loading import load_jurisdictions
from parvis.module_settings import files_of, not_read
from parvis.modules import NO_MODULES
from parvis_address_search.town_addresses import ADDRESSES
from parvis_testing.modules import only


def mistakes(folder: Any) -> list[str]:
    with pytest.raises(JurisdictionError) as raised:
        load_jurisdictions(folder, files_of(only("address_search")))
    return [each.line() for each in raised.value.mistakes]


def test_their_mistakes_are_told_together_with_those_of_other_files(small_town: Any) -> None:
    small_town.edit("essai/units.toml", 'parent = "works"', 'parent = "work"')
    small_town.edit("essai/zones.geojson", '"code": "west", ', "")
    small_town.write("essai/addresses.csv", "number,street,lon,lat\n12,Rue A,cinq,45.5\n")
    small_town.edit("essai/jurisdiction.toml", 'email = "info@essai.example"', 'emial = "info"')
    assert mistakes(small_town.folder) == [
        "essai/units.toml · roads.parent · 'work' is not a unit · name a unit of this file (did you mean 'works'?)",
        "essai/zones.geojson · features[1].properties.code · is missing · add a text between quotes",
        "essai/addresses.csv · line 2 · 'cinq', '45.5' is not a longitude and a latitude · correct or remove the line",
        "essai/jurisdiction.toml · email · is missing · add a text between quotes",
        "essai/jurisdiction.toml · emial · is not a key known here · remove it (did you mean 'email'?)",
    ]


def test_a_town_without_such_files_knows_no_address(small_town: Any) -> None:
    small_town.remove("essai/addresses.csv")
    town = load_jurisdictions(small_town.folder, files_of(only("address_search"))).jurisdiction("essai")
    assert ADDRESSES.of(town) is ADDRESSES.usual
    assert (ADDRESSES.of(town).search("12 érables", 8), ADDRESSES.of(town).streets()) == ((), ())


def test_where_the_module_is_not_installed_they_are_told_and_refuse_nothing(small_town: Any) -> None:
    small_town.write("essai/aliases.csv", "name,alias\nnobody,reads\n")
    towns = load_jurisdictions(small_town.folder, files_of(NO_MODULES))
    way_out = "is read by nothing that is installed · install the module that reads it, or remove it"
    assert [each.line() for each in not_read(towns)] == [
        f"essai/addresses.csv · {way_out}",
        f"essai/aliases.csv · {way_out}",
    ]
    assert ADDRESSES.of(towns.jurisdiction("essai")) is ADDRESSES.usual


@pytest.mark.parametrize("file", ["addresses.csv", "crossings.csv", "places.csv"])
def test_latitude_before_longitude_is_refused_in_tables_too(small_town: Any, file: str) -> None:
    titles = {"addresses.csv": "number,street", "crossings.csv": "street,other_street", "places.csv": "name,address"}
    small_town.write(f"essai/{file}", f"{titles[file]},lon,lat\n12,Rue A,45.53,-73.58\n")
    assert mistakes(small_town.folder) == [
        f"essai/{file} · line 2 · 45.53, -73.58 has latitude before longitude · correct or remove the line"
    ]


def test_a_file_of_addresses_with_many_wrong_lines_is_not_told_line_by_line(small_town: Any) -> None:
    lines = "".join(f"{number},,-73.5,45.5\n" for number in range(300))
    small_town.write("essai/addresses.csv", "number,street,lon,lat\n" + lines)
    found = mistakes(small_town.folder)
    assert len(found) == 11
    assert "has 290 more such lines" in found[-1]


def test_addresses_without_the_needed_columns_are_told(small_town: Any) -> None:
    small_town.write("essai/addresses.csv", "number,street\n1,Rue A\n")
    assert "has no column lon, lat" in mistakes(small_town.folder)[0]
