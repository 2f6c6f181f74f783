"""What Parvis asks of every plugin, of this one."""

import httpx
from msgspec import structs

from parvis_open311_connector import plugin
from parvis_sdk.testing import PluginContract
from parvis_sdk.testing.samples import SAMPLE

from .conftest import Endpoint, service, settings


class TestContract(PluginContract):
    plugin = plugin
    settings = settings(
        services=(service(types=("hole",)),), needs=("contact", "attachments"), photos="media", files_here_as="Rivemont"
    )

    def samples(self, connector):
        return (structs.replace(SAMPLE, code="hole"),)

    def other_system(self, connector):
        return httpx.MockTransport(Endpoint())
