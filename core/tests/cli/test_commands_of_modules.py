"""A command that a module brings is named with its distribution where that is not installed."""

import pytest
from click.testing import CliRunner

from parvis.cli import module_commands, parvis


@pytest.mark.parametrize(
    ("words", "distribution"),
    [
        (["plugins", "check"], "parvis-plugin-checks"),
        (["rehearse", "orders"], "parvis-plugin-checks"),
        (["plugins", "run", "."], "parvis-demo"),
    ],
)
def test_a_command_that_is_not_installed_says_what_to_install(monkeypatch, words, distribution):
    monkeypatch.setattr(module_commands, "brought", lambda within: {})
    ran = CliRunner().invoke(parvis, words)
    assert ran.exit_code == 2
    assert f"is not installed: pip install {distribution}" in ran.output
    assert "No such command" in CliRunner().invoke(parvis, ["plugins", "chekc"]).output
