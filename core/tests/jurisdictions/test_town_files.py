"""What modules declare that they read in the folder of a town."""

import sys
from types import ModuleType
from typing import Any

import pytest
from msgspec import structs

from parvis.jurisdictions import Jurisdiction, JurisdictionError, JurisdictionMistake
from parvis.jurisdictions.loading import load_jurisdictions
from parvis.jurisdictions.reading import Table
from parvis.jurisdictions.sign_in import SIGN_IN
from parvis.jurisdictions.town_files import Offer, Surroundings, TownFile
from parvis.module_conflicts import without_clashes
from parvis.module_settings import files_of, loose_ends_of, not_read
from parvis.modules import NO_MODULES, Module, ModuleRegistry, registry_of
from parvis.plugins.module_discovery import working
from parvis_sdk.text import Text

MAIN = "essai/jurisdiction.toml"


def read_skies(table: Table, around: Surroundings) -> dict[str, str]:
    found = {}
    for code, entry in table.named_tables():
        found[code] = entry.string("unit", required=True)
        if found[code] not in around.units:
            entry.wrong("unit", f"'{found[code]}' is not a unit", "name a unit of units.toml")
        entry.close()
    return found


def strange(town: Jurisdiction, skies: dict[str, str], offer: Offer) -> list[JurisdictionMistake]:
    return [JurisdictionMistake(file=town.code, key=code, what="is no type", todo="") for code in skies]


def read_sky(table: Table, around: Surroundings) -> str:
    colour = table.string("colour")
    table.close()
    return colour


def read_charts(table: Table, around: Surroundings) -> dict[str, str]:
    return dict(table.values)


SKIES: TownFile[dict[str, str]] = TownFile(name="skies.toml", read=read_skies, usual={}, loose_ends=strange)
SKY: TownFile[str] = TownFile(name="[sky]", read=read_sky, usual="blue")
CHARTS: TownFile[dict[str, str]] = TownFile(name="charts/*.txt", read=read_charts, usual={})


@pytest.fixture
def reading(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Modules that read these files, by name."""

    def make(**files: Any) -> ModuleRegistry:
        modules = []
        for name, those in files.items():
            code = ModuleType(f"{name}_files")
            code.TOWN_FILES = those  # type: ignore[attr-defined]
            monkeypatch.setitem(sys.modules, code.__name__, code)
            modules.append(Module(name=name, title=Text(fr=name), summary=Text(fr=name), town_files=code.__name__))
        return registry_of(modules)

    return make


def write_all(small_town: Any) -> None:
    small_town.write("essai/skies.toml", '[day]\nunit = "works"\n')
    small_town.edit(MAIN, "[brand]", '[sky]\ncolour = "grey"\n[brand]')
    small_town.write("essai/charts/june.txt", "rain")


def test_a_file_a_section_and_a_folder_are_read_by_the_module_that_declares_them(small_town: Any, reading: Any) -> None:
    write_all(small_town)
    jurisdictions = load_jurisdictions(small_town.folder, files_of(reading(skies=(SKIES, SKY, CHARTS))))
    town = jurisdictions.jurisdiction("essai")
    assert (SKIES.of(town), SKY.of(town), CHARTS.of(town)) == ({"day": "works"}, "grey", {"june.txt": "rain"})
    assert SKY.of(SKY.put(town, "white")) == "white"
    assert list(not_read(jurisdictions)) == []


def test_where_nothing_is_written_the_usual_holds(small_town: Any, reading: Any) -> None:
    town = load_jurisdictions(small_town.folder, files_of(reading(skies=(SKIES, SKY, CHARTS)))).jurisdiction("essai")
    assert (SKIES.of(town), SKY.of(town), CHARTS.of(town)) == ({}, "blue", {})
    assert not {"skies.toml", "[sky]", "charts/*.txt"} & town.from_files.keys()


def test_what_is_wrong_in_them_refuses_the_towns_with_its_place(small_town: Any, reading: Any) -> None:
    small_town.write("essai/skies.toml", '[day]\nunit = "wroks"\n')
    small_town.edit(MAIN, "[brand]", '[sky]\ncolor = "grey"\n[brand]')
    with pytest.raises(JurisdictionError) as refused:
        load_jurisdictions(small_town.folder, files_of(reading(skies=(SKIES, SKY))))
    assert [each.line() for each in refused.value.mistakes] == [
        "essai/skies.toml · day.unit · 'wroks' is not a unit · name a unit of units.toml",
        f"{MAIN} · sky.color · is not a key known here · remove it (did you mean 'colour'?)",
    ]


def test_without_the_module_they_are_told_and_refuse_nothing(small_town: Any) -> None:
    write_all(small_town)
    told = [each.line() for each in not_read(load_jurisdictions(small_town.folder, files_of(NO_MODULES)))]
    way_out = "is read by nothing that is installed · install the module that reads it, or remove it"
    assert told == [f"{MAIN} · sky · {way_out}", f"essai/skies.toml · {way_out}"]


def test_a_section_that_is_almost_one_of_the_core_stays_a_mistake(small_town: Any) -> None:
    small_town.edit(MAIN, "[brand]", "[brnad]")
    with pytest.raises(JurisdictionError, match=r"brnad · is not a key known here · remove it \(did you mean 'brand'"):
        load_jurisdictions(small_town.folder)


def test_a_section_that_is_almost_one_of_a_module_is_a_mistake_too(small_town: Any, reading: Any) -> None:
    small_town.edit(MAIN, "[brand]", '[skys]\ncolour = "grey"\n[brand]')
    with pytest.raises(JurisdictionError, match=r"skys · is not a key known here · remove it \(did you mean 'sky'"):
        load_jurisdictions(small_town.folder, files_of(reading(skies=(SKY,))))


def test_a_section_of_a_module_that_is_gone_refuses_nothing_whatever_it_resembles(small_town: Any) -> None:
    small_town.edit(MAIN, "[brand]", "[branch]\nhours = 4\n[brand]")  # the core knows [brand]
    assert [each.key for each in not_read(load_jurisdictions(small_town.folder))] == ["branch"]


@pytest.mark.parametrize("written", ["[" * 3000, f"x = {'9' * 5000}"], ids=["in one another", "digits"])
def test_a_file_over_which_the_reader_itself_breaks_is_a_mistake(small_town: Any, reading: Any, written: str) -> None:
    small_town.write("essai/skies.toml", written if "=" in written else f"x = {written}{']' * 3000}")
    with pytest.raises(JurisdictionError) as refused:
        load_jurisdictions(small_town.folder, files_of(reading(skies=(SKIES,))))
    assert [each.file for each in refused.value.mistakes] == ["essai/skies.toml"]


def test_a_file_that_leads_nowhere_was_not_left_out(small_town: Any, reading: Any) -> None:
    """Else a town charges what its authors propose, because a disk was not there."""
    (small_town.folder / "essai" / "skies.toml").symlink_to("elsewhere.toml")
    with pytest.raises(JurisdictionError, match=r"skies.toml · cannot be read"):
        load_jurisdictions(small_town.folder, files_of(reading(skies=(SKIES,))))


def test_a_module_that_breaks_over_a_file_is_told_and_the_usual_holds(small_town: Any, reading: Any) -> None:
    def break_down(table: Table, around: Surroundings) -> str:
        raise ValueError("too cloudy")

    write_all(small_town)
    broken: TownFile[str] = TownFile(name="[sky]", read=break_down, usual="blue")
    jurisdictions = load_jurisdictions(small_town.folder, files_of(reading(skies=(SKIES, broken))))
    assert broken.of(jurisdictions.jurisdiction("essai")) == "blue"
    assert SKIES.of(jurisdictions.jurisdiction("essai")) == {"day": "works"}
    [told] = jurisdictions.doubts
    assert (told.file, told.key) == (MAIN, "sky")
    assert "too cloudy" in told.what


def test_what_they_name_and_nobody_brings_is_a_loose_end(small_town: Any, reading: Any) -> None:
    write_all(small_town)
    modules = reading(skies=(SKIES, SKY))
    jurisdictions = load_jurisdictions(small_town.folder, files_of(modules))
    assert [(each.key, each.what) for each in loose_ends_of(jurisdictions, modules, Offer())] == [("day", "is no type")]


@pytest.mark.parametrize("name", ["owners.toml", "[brand]", "skies.toml"])
def test_a_file_has_one_reader_and_the_later_module_is_left_out(reading: Any, name: str) -> None:
    other: TownFile[str] = TownFile(name=name, read=read_sky, usual="")
    registry = without_clashes(reading(skies=(SKIES,), weather=(other,)))
    assert [each.name for each in registry.modules] == ["skies"]
    assert [(each.plugin, name in str(each)) for each in registry.troubles] == [("weather", True)]


WAYS: TownFile[tuple[str, ...]] = TownFile(
    name="sign_in.toml: providers, grants",
    read=lambda table, around: table.strings("providers", required=True),
    usual=(),
)
TWO_READERS = 'second_factor = true\nproviders = ["ville"]\n'


def test_two_read_one_file_each_its_own_keys(small_town: Any, reading: Any) -> None:
    small_town.write("essai/sign_in.toml", TWO_READERS)
    jurisdictions = load_jurisdictions(small_town.folder, files_of(reading(ways=(WAYS,))))
    town = jurisdictions.jurisdiction("essai")
    assert (WAYS.of(town), SIGN_IN.of(town).second_factor, list(not_read(jurisdictions))) == (("ville",), True, [])
    small_town.write("essai/sign_in.toml", "second_factor = true\n")
    assert WAYS.of(load_jurisdictions(small_town.folder, files_of(reading(ways=(WAYS,)))).jurisdiction("essai")) == ()


def test_whatever_becomes_of_the_other_reader_a_second_factor_stays_demanded(small_town: Any, reading: Any) -> None:
    small_town.write("essai/sign_in.toml", TWO_READERS)

    def break_down(table: Table, around: Surroundings) -> tuple[str, ...]:
        raise ValueError("no way")

    broken = reading(ways=(structs.replace(WAYS, read=break_down),))
    for files in ((), files_of(broken)):
        jurisdictions = load_jurisdictions(small_town.folder, files)
        assert SIGN_IN.of(jurisdictions.jurisdiction("essai")).second_factor is True
    [told] = not_read(load_jurisdictions(small_town.folder))
    assert (told.file, told.key) == ("essai/sign_in.toml", "providers")


@pytest.mark.parametrize(
    "wrong", ["second_facto = true", "provider = ['ville']", "second_factor = 'yes'", "grants = []"]
)
def test_what_is_almost_a_key_of_a_file_of_two_readers_is_a_mistake(small_town: Any, reading: Any, wrong: str) -> None:
    small_town.write("essai/sign_in.toml", f"{wrong}\n")
    with pytest.raises(JurisdictionError) as refused:
        load_jurisdictions(small_town.folder, files_of(reading(ways=(WAYS,))))
    assert [each.file for each in refused.value.mistakes] == ["essai/sign_in.toml"]


def test_a_module_that_names_no_such_files_is_left_out(reading: Any) -> None:
    registry = working(reading(skies=("skies.toml",)))
    assert registry.modules == ()
    assert "TOWN_FILES" in str(registry.troubles[0])
