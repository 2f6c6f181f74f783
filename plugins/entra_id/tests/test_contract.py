"""The plugin keeps the contract, and says of Entra what Entra is."""

import msgspec
import pytest

from parvis_entra_id import plugin
from parvis_entra_id.settings import Settings
from parvis_sdk.identity_providers import provider_mistakes
from parvis_sdk.testing import PluginContract

TENANT = "5f3c8a10-2b7e-4d53-9a41-0c9d8e7f6a55"
SETTINGS = Settings(tenant=TENANT, client_id="0d6f2c7e-6a3b-4f0e-8b55-1f2e3d4c5b6a", client_secret="s3cret")


class TestEntraId(PluginContract):
    plugin = plugin
    settings = SETTINGS


def test_the_provider_is_the_directory_of_the_town():
    (provider,) = plugin.identity_providers(SETTINGS)
    assert provider.issuer == f"https://login.microsoftonline.com/{TENANT}/v2.0"
    assert (provider.claims.groups, provider.link) == ("roles", False)
    assert list(provider_mistakes(provider)) == []


def test_without_a_directory_there_is_no_provider():
    assert plugin.identity_providers(Settings()) == []


@pytest.mark.parametrize("wrong", [{"tenant": "common", "client_id": "x"}, {"tenant": TENANT}])
def test_a_directory_of_everybody_or_an_application_without_name_is_refused(wrong):
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(wrong, Settings)
