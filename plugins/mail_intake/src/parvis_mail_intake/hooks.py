"""The hooks of a plugin, under the name that its settings have always had: `correspondence`."""

from parvis_mail_intake.settings import Settings
from parvis_sdk.hooks import hookimpl


@hookimpl
def settings() -> type[Settings]:
    return Settings
