"""Providers that plugins declare stand beside those of the settings; whose name is taken opens nothing."""

from types import ModuleType

from msgspec import structs

from parvis.composition import Startup
from parvis.plugins import DiscoveredPlugin
from parvis.plugins.loading import load_plugins
from parvis.sections import SignIn
from parvis.settings import Settings
from parvis_identity_providers.providers import IdentityProviders, given
from parvis_sdk.hooks import hookimpl
from parvis_sdk.identity_providers import IdentityProvider
from parvis_sdk.text import Text

DIRECTORY = IdentityProvider(
    name="directory",
    title=Text(fr="Annuaire", en="Directory"),
    issuer="https://login.example.org",
    client_id="parvis",
    client_secret="s3cret",
)
FILE = """
[directory]
name = "Ville"
issuer = "https://id.ville.example"
client_id = "parvis"
"""


def plugin(name: str, *declared: IdentityProvider) -> DiscoveredPlugin:
    module = ModuleType(name)
    module.identity_providers = hookimpl(lambda: list(declared))
    return DiscoveredPlugin.of(name, module, distribution=f"parvis-{name}", version="1.0")


def known(tmp_path, *plugins: DiscoveredPlugin, file: str = "") -> tuple[IdentityProviders, list[str]]:
    path = tmp_path / "providers.toml"
    path.write_text(file)
    settings = Settings(
        territory=tmp_path, secret_key="a secret of thirty-two characters", sign_in=SignIn(providers=path)
    )
    registry = load_plugins(plugins)
    (found,) = given(Startup(settings=settings, environ={}, plugins=registry))
    return found, [str(each) for each in registry.troubles]


def test_a_provider_of_a_plugin_is_there_under_its_name(tmp_path):
    found, troubles = known(tmp_path, plugin("directory", DIRECTORY))
    assert troubles == []
    provider = found["directory"].provider
    assert (provider.name.en, provider.issuer, provider.secret.value) == ("Directory", DIRECTORY.issuer, "s3cret")
    assert "s3cret" not in repr(provider)


def test_a_secret_that_is_no_text_is_told_without_it(tmp_path):
    wrong = structs.replace(DIRECTORY, client_secret=b"s3cret")
    found, troubles = known(tmp_path, plugin("directory", wrong))
    assert "directory" not in found
    assert "client_secret · it is no text" in troubles[0]
    assert "s3cret" not in "".join(troubles)


def test_a_name_in_the_file_of_the_installation_stays_its_own(tmp_path):
    found, _ = known(tmp_path, plugin("directory", DIRECTORY), file=FILE)
    assert found["directory"].provider.issuer == "https://id.ville.example"


def test_a_name_that_two_plugins_claim_opens_nothing(tmp_path):
    found, troubles = known(tmp_path, plugin("one", DIRECTORY), plugin("two", DIRECTORY))
    assert "directory" not in found
    assert "both claim the identity provider 'directory'" in troubles[0]
