"""The file of the providers, and the file of a town: what is understood, and every mistake told."""

import shutil

import pytest
from msgspec import structs

from parvis.deployment import compose
from parvis.example_towns import town_folder
from parvis.jurisdictions import JurisdictionError
from parvis.jurisdictions.loading import load_jurisdictions
from parvis.jurisdictions.town_files import Offer
from parvis.modules import NO_MODULES
from parvis.settings import SettingsError, read_settings
from parvis_identity_providers.providers import IdentityProviders, read_providers
from parvis_identity_providers.rules import TOWN, TOWN_FILES

GOOD = """
[ville]
name = "Ville"
issuer = "https://login.ville.example"
client_id = "parvis"
"""


def read(folder, text, environ=None):
    (folder / "providers.toml").write_text(text)
    return read_providers(folder / "providers.toml", environ or {})


def test_a_secret_comes_from_the_environment_or_a_file_and_is_never_shown(tmp_path):
    (tmp_path / "kept").write_text("s3cret\n")
    ways = (
        read(tmp_path, GOOD, {"PARVIS_SIGN_IN_VILLE_SECRET": "s3cret"}),
        read(tmp_path, GOOD, {"PARVIS_SIGN_IN_VILLE_SECRET_FILE": str(tmp_path / "kept")}),
        read(tmp_path, f'{GOOD}client_secret_file = "kept"'),
    )
    for providers, mistakes in ways:
        assert not mistakes
        assert providers["ville"].secret.value == "s3cret"
        assert "s3cret" not in repr(providers)
    assert read(tmp_path, GOOD)[0]["ville"].secret.value == ""


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ('client_secret = "s3cret"', "ville.client_secret"),
        ('client_secret_file = "nowhere"', "ville.client_secret_file"),
        ("links = true", "ville.links"),
        ('link = "yes"', "ville.link"),
    ],
)
def test_every_mistake_is_told_and_no_secret_with_it(tmp_path, line, key):
    _, mistakes = read(tmp_path, f"{GOOD}{line}")
    assert [each.key for each in mistakes] == [key]
    assert "s3cret" not in str(mistakes)


@pytest.mark.parametrize("issuer", ["http://login.ville.example", "login.ville.example", "https://a:b@ville.example"])
def test_an_issuer_is_at_an_address_that_nobody_else_can_answer_for(tmp_path, issuer):
    _, mistakes = read(tmp_path, GOOD.replace("https://login.ville.example", issuer))
    assert [each.key for each in mistakes] == ["ville.issuer"]


def test_the_environment_may_hold_secrets_of_providers_and_nothing_near_it(tmp_path):
    territory = {"PARVIS_SECRET_KEY": "s" * 40, "PARVIS_TERRITORY": str(tmp_path)}
    read_settings(None, {**territory, "PARVIS_SIGN_IN_PROVIDERS_SECRET": "s"})
    with pytest.raises(SettingsError):
        read_settings(None, {**territory, "PARVIS_SIGN_IN_PROVIDER": "x"})


def town_with(folder, text):
    shutil.copytree(town_folder(), folder / "towns", dirs_exist_ok=True)
    (folder / "towns/parvis/sign_in.toml").write_text(text)
    return load_jurisdictions(folder / "towns", TOWN_FILES)


@pytest.mark.parametrize(
    ("rule", "key"),
    [
        ('values = ["*"]\nrole = "operator"', "values"),
        ('values = ["a"]\nrole = "agent"\nunit = "moon"', "unit"),
        ('values = ["a"]\nrole = "agent"\nprovider = "other"', "provider"),
        ('role = "agent"', "values"),
        ('values = ["a"]', "role"),
    ],
)
def test_a_rule_that_cannot_be_meant_is_refused(tmp_path, rule, key):
    with pytest.raises(JurisdictionError) as refused:
        town_with(tmp_path, f'providers = ["ville"]\n[[grants]]\n{rule}\n')
    assert [each.key for each in refused.value.mistakes] == [f"grants[1].{key}"]


def test_a_provider_or_a_role_that_nobody_knows_is_a_loose_end(tmp_path):
    territory = town_with(tmp_path, 'providers = ["ville"]\n[[grants]]\nvalues = ["a"]\nrole = "king"\n')
    known = IdentityProviders(mrc=None)
    ends = TOWN.loose_ends(town := territory.by_code["parvis"], TOWN.of(town), Offer(given=lambda kind: known))
    assert [each.key for each in ends if each.file == "parvis/sign_in.toml"] == ["providers", "grants"]


def settings_with(folder, providers):
    (folder / "providers.toml").write_text(providers)
    environ = {"PARVIS_SECRET_KEY": "s" * 40, "PARVIS_TERRITORY": str(town_folder()), "PARVIS_DATA": str(folder)}
    return read_settings(None, {**environ, "PARVIS_SIGN_IN_PROVIDERS": str(folder / "providers.toml")})


def test_a_host_does_not_start_with_a_mistake_in_the_file_of_its_providers(tmp_path, modules):
    with pytest.raises(SettingsError, match="links"):
        compose(settings_with(tmp_path, f"{GOOD}links = true"), [], {}, modules)
    known = compose(settings_with(tmp_path, GOOD), [], {}, modules).host.given(IdentityProviders)
    assert [*known] == ["ville"]


def test_a_file_of_providers_that_nobody_reads_is_told(tmp_path, modules):
    settings = settings_with(tmp_path, GOOD)
    ends = [end.key for end in compose(settings, [], {}, NO_MODULES).loose_ends]
    assert "sign_in.providers" in ends
    assert "sign_in.providers" not in [end.key for end in compose(settings, [], {}, modules).loose_ends]


def test_a_town_whose_own_list_of_modules_lacks_this_one_is_told_that_it_names_providers_in_vain(tmp_path):
    territory = town_with(tmp_path, 'providers = ["mrc"]\n')
    town = structs.replace(territory.by_code["parvis"], modules=("reports",))
    offer = Offer(given=lambda kind: IdentityProviders(mrc=None))
    [end] = TOWN.loose_ends(town, TOWN.of(town), offer)
    assert (end.key, "does not have their module" in end.what) == ("providers", True)
    assert list(TOWN.loose_ends(structs.replace(town, modules=None), TOWN.of(town), offer)) == []
