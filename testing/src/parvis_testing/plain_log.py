"""A pytest plugin that logs errors as Parvis does: the values of variables would take up to a minute to write."""

import pytest
import structlog


def pytest_configure(config: pytest.Config) -> None:
    *others, _ = structlog.get_config()["processors"]
    readable = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(processors=[*others, readable])
