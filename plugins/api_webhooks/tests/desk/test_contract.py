"""What holds for every module holds for webhooks by the API."""

from parvis_testing.module_contract import ModuleContract


class TestApiWebhooks(ModuleContract):
    name = "api_webhooks"
    no_requesters = {  # of programs of the town, and why a call to them failed
        "api_webhooks_endpoint": (
            "jurisdiction",
            "title",
            "url",
            "events",
            "units",
            "types",
            "salt",
            "former_salt",
            "owner",
            "state",
            "why",
        ),
        "api_webhooks_delivery": ("key", "event", "state", "trouble"),
    }
