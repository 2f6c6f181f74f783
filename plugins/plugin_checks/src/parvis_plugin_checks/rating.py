"""`parvis plugins rate`: how good a plugin is, by the rules of the sdk, each with its reasons."""

import sys
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path

import click
import msgspec

from parvis_plugin_checks.apart import NothingToLookAt, PluginFindings, asked_apart, laid_out
from parvis_sdk.testing.laid_out import GROUP, LaidOut, is_apart
from parvis_sdk.testing.rating import LEVELS
from parvis_sdk.testing.rating_apart import lines_of


@click.command()
@click.argument("target")
@click.option("--at-least", type=click.Choice(LEVELS), help="Exit with 1 where it is less than that.")
@click.option("--json", "as_json", is_flag=True, help="The same for machines.")
@click.option("--language", type=click.Choice(["fr", "en"]), default="en", show_default=True, help="Of the rules.")
def rate(target: str, at_least: str | None, as_json: bool, language: str) -> None:
    """How good a plugin is: it works, it can be trusted, it is an example to others; each rule with its reasons.

    TARGET is a plugin that is installed, or a folder or a wheel that is not. It is asked, and its contract played, in a
    process of its own, with its usual settings.
    """
    if find_spec("jsonschema") is None or find_spec("rstr") is None:
        raise NothingToLookAt("the kit for tests is not installed: pip install 'parvis-sdk[testing]'")
    found = judged(target, language)
    if not found.reports:
        raise NothingToLookAt("\n".join(each.to(language) for each in found.troubles) or f"{target} is no plugin here")
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(found.reports), indent=2).decode())
    for report in found.reports if not as_json else ():
        click.echo("\n".join(lines_of(report, language)))
    reached = min(("", *LEVELS).index(report["level"]) for report in found.reports)
    if at_least and reached < ("", *LEVELS).index(at_least):
        sys.exit(1)


def judged(target: str, language: str) -> PluginFindings:
    if is_apart(target):
        with laid_out(Path(target)) as plugin:
            return asked_apart(plugin, "rate", language)
    point = next((each for each in entry_points(group=GROUP) if each.name == target), None)
    if point is None or point.dist is None:
        raise NothingToLookAt(f"no plugin is called {target!r}; parvis plugins list names those that work")
    if any(each.group == f"{GROUP}.modules" for each in point.dist.entry_points):
        raise NothingToLookAt(f"{target} is part of a module, which stands on the host: the scale is for plugins")
    about = f"{point.dist.name} {point.dist.version}"
    return asked_apart(LaidOut(names=(target,), distribution=about, folders=()), "rate", language)
