"""What Parvis asks of every plugin, of this one."""

from parvis_sdk.testing import PluginContract
from parvis_webhooks import plugin
from parvis_webhooks.settings import Endpoint, Settings

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
ANOTHER = "whsec_" + "c2VjcmV0" * 6


class TestContract(PluginContract):
    plugin = plugin
    settings = Settings(
        endpoints=(
            Endpoint(name="observatory", url="https://observatory.example/parvis"),
            Endpoint(
                name="partner",
                url="https://partner.example/in",
                events=("submitted",),
                needs=("contact", "personal", "attachments", "fees"),
            ),
        ),
        secrets={"observatory": SECRET, "partner": ANOTHER},
    )
