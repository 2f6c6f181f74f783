"""The keys that the settings name: each town has its own or nothing begins, and none is read in vain."""

import pytest

from parvis.deployment import compose
from parvis.example_towns import town_folder
from parvis.modules import NO_MODULES
from parvis.sections import SigningSettings
from parvis.settings import Settings, SettingsError
from parvis_seals.seals import TownSeals
from parvis_seals.town_seal import own_seal


def settings_with(folder, keys=None):
    signing = SigningSettings() if keys is None else SigningSettings(keys=keys)
    return Settings(territory=town_folder(), secret_key="s" * 40, data=folder, signing=signing)


def test_nothing_begins_where_a_town_lacks_its_key(tmp_path, modules):
    with pytest.raises(SettingsError, match=r"parvis\.p12") as refused:
        compose(settings_with(tmp_path, tmp_path), [], {}, modules)
    assert "rivemont.p12" in str(refused.value)


def test_without_keys_documents_are_not_signed_and_packs_are_by_the_installation(tmp_path, modules):
    host = compose(settings_with(tmp_path), [], {}, modules).host
    town = host.jurisdictions.jurisdiction("parvis")
    assert host.of(TownSeals).of("parvis") is None
    assert own_seal(host.secret, town).holder == own_seal(host.secret, town).holder


def test_keys_that_nobody_reads_are_told(tmp_path, modules):
    ends = {each.key for each in compose(settings_with(tmp_path, tmp_path), [], {}, NO_MODULES).loose_ends}
    assert "signing.keys" in ends
    assert "signing.keys" not in {each.key for each in compose(settings_with(tmp_path), [], {}, modules).loose_ends}


async def test_the_certificate_is_published_whatever_else_is_there(desk):
    published = await desk.browser().get("/sceau.pem")
    assert published.text.startswith("-----BEGIN CERTIFICATE-----")
    assert published.headers["content-type"].startswith("application/x-pem-file")
