"""Settings: file, environment and secret files, every mistake at once, nothing secret printed."""

from pathlib import Path

import pytest

from parvis.settings import HIDDEN, Settings, SettingsError, listing, read_settings, settings_file
from parvis.signing import every_key, oldest_key

SECRET = "s" * 40


def written(folder: Path, text: str) -> Path:
    file = folder / "parvis.toml"
    file.write_text(text, "utf-8")
    return file


def test_a_file_and_the_environment_give_the_settings_and_the_environment_wins(tmp_path: Path) -> None:
    file = written(tmp_path, 'territory = "towns"\nport = 9000\nworker = false\n[plugins.notify]\nsmtp_host = "mail"\n')
    settings = read_settings(
        file, {"PARVIS_SECRET_KEY": SECRET, "PARVIS_PORT": "9100", "PARVIS_TRUSTED_PROXIES": "10.0.0.1, 10.0.0.2"}
    )
    assert settings.territory == tmp_path / "towns"
    assert settings.port == 9100
    assert settings.worker is False
    assert settings.trusted_proxies == ("10.0.0.1", "10.0.0.2")
    assert settings.plugins == {"notify": {"smtp_host": "mail"}}
    assert settings.origins["port"] == "PARVIS_PORT"
    assert settings.origins["territory"] == str(file)
    assert settings.database_url == "sqlite:///data/parvis.sqlite"


def test_every_mistake_is_told_at_once_with_its_place_and_what_to_do(tmp_path: Path) -> None:
    file = written(
        tmp_path, 'teritory = "towns"\nport = "many"\nsecret_key = "x"\nbase_url = "ville.example"\nlog = "xml"\n'
    )
    with pytest.raises(SettingsError) as error:
        read_settings(file, {"PARVIS_DATABASE": "mysql://here", "PARVIS_WORKR": "yes"})
    found = {mistake.key: mistake for mistake in error.value.mistakes}
    assert set(found) == {"teritory", "port", "secret_key", "base_url", "log", "database", "territory", "PARVIS_WORKR"}
    assert found["teritory"].todo == "remove it; did you mean 'territory'?"
    assert found["PARVIS_WORKR"].todo == "unset it; did you mean 'worker'?"
    assert found["secret_key"].what == "a secret does not belong in this file"
    assert str(file) in found["port"].line()
    assert len(str(error.value).splitlines()) == 8


def test_a_secret_comes_from_a_file_named_in_the_environment_or_in_the_settings(tmp_path: Path) -> None:
    (tmp_path / "key").write_text(f"{SECRET}\n", "utf-8")
    by_environment = read_settings(None, {"PARVIS_TERRITORY": "t", "PARVIS_SECRET_KEY_FILE": str(tmp_path / "key")})
    by_file = read_settings(written(tmp_path, 'territory = "t"\nsecret_key_file = "key"'), {})
    assert by_environment.secret_key == by_file.secret_key == SECRET


def test_a_secret_file_that_is_away_and_a_short_secret_are_mistakes(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read"):
        read_settings(None, {"PARVIS_TERRITORY": "t", "PARVIS_SECRET_KEY_FILE": str(tmp_path / "none")})
    with pytest.raises(SettingsError, match="has 3 characters, 32 are needed"):
        read_settings(None, {"PARVIS_TERRITORY": "t", "PARVIS_SECRET_KEY": "abc"})


def test_keys_before_come_one_a_line_and_none_of_them_signs(tmp_path: Path) -> None:
    older, oldest = "a key of last year, with a comma in it", "the very first key of this installation"
    (tmp_path / "before").write_text(f"{older}\n\n{oldest}\n", "utf-8")
    told = {"PARVIS_TERRITORY": "t", "PARVIS_SECRET_KEY": SECRET}
    read = read_settings(None, told | {"PARVIS_SECRET_KEYS_BEFORE_FILE": str(tmp_path / "before")})
    assert read.secret_keys_before == (older, oldest)
    assert (bytes(read.secret), read.secret.before) == (SECRET.encode(), (older.encode(), oldest.encode()))
    assert {line.key: line.value for line in listing(read)}["secret_keys_before"] == HIDDEN
    with pytest.raises(SettingsError, match="has 5 characters, 32 are needed"):
        read_settings(None, told | {"PARVIS_SECRET_KEYS_BEFORE": "short"})


def test_the_key_that_signs_may_stand_among_those_before(tmp_path: Path) -> None:
    """Else a process that is not restarted yet, and one that is, could not read the same file."""
    told = {"PARVIS_TERRITORY": "t", "PARVIS_SECRET_KEY": SECRET}
    read = read_settings(None, told | {"PARVIS_SECRET_KEYS_BEFORE": f"a key that signs from tomorrow on\n{SECRET}"})
    assert every_key(read.secret) == (SECRET.encode(), b"a key that signs from tomorrow on")
    assert oldest_key(read.secret) == SECRET.encode()


def test_a_file_that_is_no_toml_or_is_missing_says_so(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="is not TOML"):
        read_settings(written(tmp_path, "port = = 1"), {})
    with pytest.raises(SettingsError, match="cannot be read"):
        read_settings(tmp_path / "away.toml", {})


def test_a_plugin_named_with_its_table_a_data_file_and_an_account_without_address_are_found(tmp_path: Path) -> None:
    """Else there is no mail, no start, or nobody’s password opens the door, and the command found nothing."""
    file, taken = tmp_path / "parvis.toml", tmp_path / "data"
    taken.write_text("")
    file.write_text('territory = "."\ndata = "data"\nsign_in.passwords = ["karim"]\n')
    environ = {"PARVIS_SECRET_KEY": "s" * 40, "PARVIS_PLUGINS_NOTIFY_HOST": "smtp.example"}
    with pytest.raises(SettingsError) as told:
        read_settings(file, environ)
    lines = str(told.value)
    assert "PARVIS_PLUGINS_NOTIFY_HOST · is not a setting · unset it; did you mean 'PARVIS_NOTIFY_HOST'?" in lines
    assert f"data · {taken} is not a folder" in lines
    assert "sign_in.passwords · 'karim' is not an e-mail address" in lines
    assert len(told.value.mistakes) == 3


def test_variables_of_plugins_and_of_others_are_left_alone() -> None:
    environ = {
        "PARVIS_TERRITORY": "t",
        "PARVIS_SECRET_KEY": SECRET,
        "PARVIS_NOTIFY_PASSWORD": "x",
        "PARVIS_CLOCK_OFFSET": "60",
        "HOME": "/",
    }
    assert read_settings(None, environ).territory == Path("t")


def test_the_listing_hides_secrets_and_tells_where_each_value_comes_from() -> None:
    settings = read_settings(
        None,
        {
            "PARVIS_TERRITORY": "t",
            "PARVIS_SECRET_KEY": SECRET,
            "PARVIS_DATABASE": "postgresql://parvis:hush@db:5432/parvis",
        },
        port=8123,
    )
    lines = {line.key: line for line in listing(settings)}
    assert SECRET not in "".join(line.value for line in lines.values())
    assert lines["secret_key"].value == HIDDEN
    assert lines["database"].value == f"postgresql://parvis:{HIDDEN}@db:5432/parvis"
    assert (lines["port"].value, lines["port"].origin) == ("8123", "command line")
    assert lines["grace"].origin == "default"
    assert all(line.meaning for line in lines.values())


def test_a_password_of_a_plugin_is_not_printed() -> None:
    settings = Settings(
        territory=Path("t"), secret_key=SECRET, plugins={"notify": {"smtp_password": "hush", "smtp_host": "mail"}}
    )
    values = {line.key: line.value for line in listing(settings)}
    assert values["plugins.notify.smtp_password"] == HIDDEN
    assert values["plugins.notify.smtp_host"] == "mail"


def test_a_setting_of_a_plugin_is_written_as_in_a_file_and_not_as_python_would() -> None:
    told = {"words": False, "types": ("pothole", "noise"), "systems": {"town": {"address": "https://erp.example"}}}
    values = {
        line.key: line.value for line in listing(Settings(territory=Path("t"), secret_key=SECRET, plugins={"p": told}))
    }
    assert values["plugins.p.words"] == "false"
    assert values["plugins.p.types"] == '["pothole","noise"]'
    assert values["plugins.p.systems"] == '{"town":{"address":"https://erp.example"}}'


def test_the_file_is_the_one_given_then_the_one_of_the_environment_then_the_one_here(tmp_path: Path) -> None:
    here = written(tmp_path, "")
    assert settings_file({}, Path("given.toml"), tmp_path) == Path("given.toml")
    assert settings_file({"PARVIS_SETTINGS": "named.toml"}, None, tmp_path) == Path("named.toml")
    assert settings_file({}, None, tmp_path) == here
    assert settings_file({}, None, tmp_path / "empty") is None
