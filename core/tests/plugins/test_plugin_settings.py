"""A plugin's settings: file, environment, secret files, and every mistake at once."""

from pathlib import Path

import msgspec
import pytest

from parvis.plugins.plugin_settings import SettingsWrong, settings_from
from parvis.troubles import said


class Erp(msgspec.Struct, frozen=True, kw_only=True):
    base_url: str
    secret: str = ""
    limit: int = 10
    live: bool = False
    units: tuple[str, ...] = ()
    names: dict[str, str] = {}
    rate: float | None = None


def read(table=None, **environ: str) -> Erp:
    return settings_from({"erp": table or {}}, environ)("erp", Erp)


def mistakes(table=None, **environ: str) -> list[tuple[str, str, str]]:
    with pytest.raises(SettingsWrong) as caught:
        read(table, **environ)
    return [(key, said(what, "en"), said(now_what, "en")) for key, what, now_what in caught.value.mistakes]


def test_the_file_fills_the_struct_and_what_is_missing_has_its_default():
    assert read({"base_url": "https://a", "units": ["x"]}) == Erp(base_url="https://a", units=("x",))


def test_the_environment_wins_over_the_file_and_is_read_by_type():
    settings = read(
        {"base_url": "https://a", "limit": 3},
        PARVIS_ERP_BASE_URL="https://b",
        PARVIS_ERP_LIMIT="7",
        PARVIS_ERP_LIVE="true",
        PARVIS_ERP_UNITS="works, parks",
        PARVIS_ERP_NAMES='{"a": "b"}',
        PARVIS_ERP_RATE="0.5",
    )
    assert settings == Erp(
        base_url="https://b", limit=7, live=True, units=("works", "parks"), names={"a": "b"}, rate=0.5
    )


def test_a_list_in_the_environment_may_be_json():
    assert read({"base_url": "x"}, PARVIS_ERP_UNITS='["a, b", "c"]').units == ("a, b", "c")


def test_a_secret_may_lie_in_a_file_of_its_own(tmp_path: Path):
    (tmp_path / "secret").write_text("very secret\n")
    assert read({"base_url": "x"}, PARVIS_ERP_SECRET_FILE=str(tmp_path / "secret")).secret == "very secret"


def test_a_secret_file_that_is_not_there_is_a_mistake(tmp_path: Path):
    assert mistakes({"base_url": "x"}, PARVIS_ERP_SECRET_FILE=str(tmp_path / "none")) == [
        (
            "PARVIS_ERP_SECRET_FILE",
            "the file cannot be read: No such file or directory",
            "correct its path or its permissions",
        )
    ]


def test_all_mistakes_are_told_and_no_value_is_shown():
    told = mistakes({"limt": 3, "live": "perhaps"}, PARVIS_ERP_LIMIT="many")
    assert told == [
        ("[plugins.erp] limt", "there is no such setting", "did you mean 'limit'?"),
        ("[plugins.erp]", "the setting 'base_url' is missing", "set it there, or in PARVIS_ERP_BASE_URL"),
        ("PARVIS_ERP_LIMIT", "Expected `int`, got `str`", "correct its value"),
        ("[plugins.erp] live", "Expected `bool`, got `str`", "correct its value"),
    ]


def test_a_plugin_without_settings_needs_none():
    class Empty(msgspec.Struct):
        pass

    assert settings_from({}, {})("erp", Empty) == Empty()
    with pytest.raises(SettingsWrong, match="there is no such setting"):
        settings_from({"erp": {"a": 1}}, {})("erp", Empty)


def test_what_the_struct_itself_refuses_is_a_mistake():
    class Careful(msgspec.Struct, kw_only=True):
        a: int = 1

        def __post_init__(self) -> None:
            if self.a < 1:
                raise ValueError("a is one or more")

    with pytest.raises(SettingsWrong, match=r"\[plugins.erp\]: a is one or more"):
        settings_from({"erp": {"a": 0}}, {})("erp", Careful)
