"""What docs/sign-in.md shows is understood as it is written: providers, rules of a town, settings."""

import re
import shutil

import pytest

from parvis.example_towns import town_folder
from parvis.jurisdictions.loading import load_jurisdictions
from parvis.settings import read_settings
from parvis_identity_providers.providers import Provider, read_providers
from parvis_identity_providers.rules import TOWN, TOWN_FILES

BLOCK = re.compile(r"^```toml\n(.*?)^```$", re.MULTILINE | re.DOTALL)
ROW = re.compile(r"^\| `(\w+)` \|", re.MULTILINE)


@pytest.fixture(scope="module")
def shown(root) -> str:
    return (root / "docs/sign-in.md").read_text("utf-8")


def test_what_the_guide_shows_is_understood(shown, tmp_path):
    providers, rules, settings = BLOCK.findall(shown)
    (tmp_path / "secrets").mkdir()
    for name in ("ville", "mrc"):
        (tmp_path / "secrets" / name).write_text(f"secret of {name}\n")
    file = tmp_path / "providers.toml"
    file.write_text(providers)
    found, mistakes = read_providers(file, {})
    assert not mistakes
    assert {code: each.secret.value for code, each in found.items()} == {
        "ville": "secret of ville",
        "mrc": "secret of mrc",
    }
    towns = tmp_path / "towns"
    shutil.copytree(town_folder(), towns)
    (towns / "parvis/sign_in.toml").write_text(rules)
    town = load_jurisdictions(towns, TOWN_FILES).by_code["parvis"]
    assert [(rule.role, rule.unit, rule.claim) for rule in TOWN.of(town).rules] == [
        ("agent", "roads", "groups"),
        ("manager", "", "realm_access.roles"),
        ("observer", "", "groups"),
    ]
    (tmp_path / "parvis.toml").write_text(f"territory = 'towns'\n{settings}")
    read = read_settings(tmp_path / "parvis.toml", {"PARVIS_SECRET_KEY": "s" * 40})
    assert read.sign_in.providers == file
    assert read.sign_in.passwords == ("secours@valclair.example",)


def test_every_setting_of_a_provider_is_told(shown):
    told = set(ROW.findall(shown.partition("## One for each town")[0]))
    assert told == set(Provider.__struct_fields__) - {"code", "secret"} | {"client_secret_file"}
