"""A plugin that is not installed, looked at in a process of its own."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
import msgspec
from msgspec import Struct

from parvis.plugins.name_conflicts import Owner
from parvis.settings import BUILT_IN_PLUGINS, FIELDS, PREFIX
from parvis.troubles import ENDS_APART, NOT_BACK_APART, SEE_ITS_CODE, Trouble
from parvis_sdk.testing.laid_out import LaidOut, NoPlugin, surroundings
from parvis_sdk.testing.laid_out import laid_out as laid

SECONDS = 120.0  # that a plugin may take to be looked at, on a busy machine
OF_THE_HOST = (
    f"{PREFIX}SIGN_IN_",
    *(f"{PREFIX}{each.replace('.', '_').upper()}" for each in FIELDS),
    *(f"{PREFIX}{each.upper()}_" for each in BUILT_IN_PLUGINS),
)
"""How the variables of this installation begin, which a plugin does not see, whatever it calls itself."""


class NothingToLookAt(click.ClickException):
    """What was named is no plugin; the message says why."""

    exit_code = 2


class PluginFindings(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What was seen: everything that is wrong with it, and what each of its plugins declares."""

    troubles: tuple[Trouble, ...] = ()
    declared: dict[str, Any] = {}
    reports: tuple[dict[str, Any], ...] = ()


@contextmanager
def laid_out(target: Path) -> Iterator[LaidOut]:
    """The plugin of a folder or of a wheel, where Python can find it; what is none is said as a command says it."""
    try:
        with laid(target) as plugin:
            yield plugin
    except NoPlugin as error:
        raise NothingToLookAt(str(error)) from error


def looked_at(target: Path, language: str = "en", owners: Sequence[Owner] = ()) -> tuple[LaidOut, PluginFindings]:
    """What is to be said of a folder or a wheel, without installing it and without running it in this process.

    `owners` are those whose names it may not take.
    """
    with laid_out(target) as plugin:
        return plugin, asked_apart(plugin, "look", language, owners)


def asked_apart(plugin: LaidOut, what: str, language: str, owners: Sequence[Owner] = ()) -> PluginFindings:
    """What another process finds when it looks at a plugin, or rates it."""
    with tempfile.TemporaryDirectory() as place:
        answer = Path(place, "answer")
        folder = str(plugin.source.resolve()) if plugin.source and plugin.source.is_dir() else ""
        words = ["-P", "-m", "parvis_plugin_checks.looking_apart", str(answer), what, language, folder]
        words += [plugin.distribution, *plugin.names]
        try:
            ran = subprocess.run(  # noqa: S603  this program, with a plugin that somebody wants to know
                [sys.executable, *words],
                env=surroundings(plugin, os.environ, OF_THE_HOST),
                input=msgspec.json.encode(tuple(owners)),
                stdout=subprocess.DEVNULL,
                timeout=SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return unanswered(plugin, NOT_BACK_APART.format(seconds=f"{SECONDS:g}"))
        if not answer.exists():
            return unanswered(plugin, ENDS_APART.format(code=ran.returncode))
        return msgspec.json.decode(answer.read_bytes(), type=PluginFindings)


def unanswered(plugin: LaidOut, what: Any) -> PluginFindings:
    who = f"{plugin.names[0]} ({plugin.distribution})"
    return PluginFindings(troubles=(Trouble(who=who, what=what, now_what=SEE_ITS_CODE, plugin=plugin.names[0]),))
