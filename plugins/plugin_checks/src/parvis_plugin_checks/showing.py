"""`parvis plugins show`: everything that one plugin declares, with the life of its requests drawn."""

from pathlib import Path

import click
import msgspec

from parvis.cli.plugins import plugin_registry_of
from parvis_plugin_checks.apart import looked_at
from parvis_plugin_checks.declared import declared_by
from parvis_sdk.testing.declarations import lines_of
from parvis_sdk.testing.laid_out import is_apart


@click.command()
@click.argument("target")
@click.option("--language", type=click.Choice(["fr", "en"]), default="fr", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="The same for machines.")
@click.pass_obj
def show(file: Path | None, target: str, language: str, as_json: bool) -> None:
    """Everything one plugin declares, with the life of its requests drawn.

    TARGET is the name of one that is installed, or a folder or a wheel, which is looked at in a process of its own.
    """
    why = ""
    if is_apart(target):
        laid, looked = looked_at(Path(target), language)
        all_told = [looked.declared[name] for name in laid.names if name in looked.declared]
        why = "\n".join(each.to(language) for each in looked.troubles)
    else:
        told = declared_by(plugin_registry_of(file), target, language)
        all_told = [told] if told else []
    if not all_told:
        raise click.ClickException(why or f"no plugin '{target}' works here; parvis plugins list names those that do")
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(all_told), indent=2).decode())
        return
    for told in all_told:
        click.echo("\n".join(lines_of(told)))
