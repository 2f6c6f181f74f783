"""The command `parvis-plugin`: `new` makes a plugin, `rate` says how good one is, with the sdk alone.

parvis-plugin new --name bikes --kind handler --title-fr "Support à vélos" --title-en "Bike rack"
parvis-plugin rate parvis-bikes --at-least trusted
"""

import os
import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from parvis_sdk.new_plugin.asking import NoSuchKind, described
from parvis_sdk.new_plugin.described import KINDS
from parvis_sdk.new_plugin.making import make
from parvis_sdk.text import Text

MISSING = Text(
    fr="personne n’est là pour répondre\u00a0: ajoutez {options}",
    en="nobody is there to answer: add {options}",
)
NEXT = Text(
    fr="{count} fichiers dans {folder}. Ensuite\u00a0:\n  cd {folder}\n  {install}\n  pytest\n  mypy",
    en="{count} files in {folder}. Next:\n  cd {folder}\n  {install}\n  pytest\n  mypy",
)
NO_KIND = Text(fr="{kind} n’est pas l’un de\u00a0: {kinds}", en="{kind} is none of {kinds}")
INSTALL = "pip install -e '.[testing]'"
NO_KIT = Text(
    fr="la trousse d’essai n’est pas installée\u00a0: pip install 'parvis-sdk[testing]'",
    en="the kit for tests is not installed: pip install 'parvis-sdk[testing]'",
)
LEVELS = ("works", "trusted", "exemplary")
NEEDED = ("name", "title_fr", "title_en")


def main(words: Sequence[str] | None = None) -> int:
    """Run the command; its exit code."""
    given = parser().parse_args(words)
    language = given.language or spoken(os.environ)
    if given.command == "rate":
        return rate(given.target, language, at_least=given.at_least, as_json=given.json)
    has_somebody = sys.stdin.isatty()
    lacking = [f"--{each.replace('_', '-')}" for each in NEEDED if not getattr(given, each)]
    if lacking and not has_somebody:
        return refused(MISSING.format(options=", ".join(lacking)).to(language))
    try:
        new = described(given, answered if has_somebody else unasked, language)
    except NoSuchKind as error:
        return refused(NO_KIND.format(kind=repr(str(error)), kinds=", ".join(KINDS)).to(language))
    if wrong := [each.to(language) for each in new.mistakes()]:
        return refused("\n".join(wrong))
    made = make(new)
    said = NEXT.format(count=len(made), folder=new.folder, install=INSTALL)
    sys.stdout.write(f"{said.to(language)}\n")
    return 0


def parser() -> ArgumentParser:
    """What may be said on the command line; each question is an option too."""
    whole = ArgumentParser(prog="parvis-plugin", description="Plugins of Parvis, made with the sdk alone.")
    commands = whole.add_subparsers(required=True, metavar="COMMAND", dest="command")
    new = commands.add_parser("new", help="make a plugin; what no option says is asked at a terminal")
    new.add_argument("--name", help="what it is called: small letters, digits and _")
    new.add_argument("--kind", choices=KINDS, help="what it is (otherwise type)")
    new.add_argument("--title-fr", help="its title in French")
    new.add_argument("--title-en", help="its title in English")
    new.add_argument("--theme-fr", help="the theme that its service stands under, in French")
    new.add_argument("--theme-en", help="the theme in English")
    new.add_argument("--address", help="where the other system is")
    new.add_argument("--folder", type=Path, help="where to put it (otherwise parvis-NAME)")
    new.add_argument("--language", choices=("fr", "en"), help="of the questions (otherwise that of the terminal)")
    rated = commands.add_parser("rate", help="say how good a plugin is, each rule with its reasons")
    rated.add_argument("target", type=Path, help="its folder, or its wheel")
    rated.add_argument("--at-least", choices=LEVELS, help="exit with 1 where it is less than that")
    rated.add_argument("--json", action="store_true", help="the same for machines")
    rated.add_argument("--language", choices=("fr", "en"), help="of the rules (otherwise that of the terminal)")
    return whole


def rate(target: Path, language: str, *, at_least: str | None, as_json: bool) -> int:
    """Rate what is not installed; what only a host can tell is marked as not seen."""
    if find_spec("jsonschema") is None or find_spec("rstr") is None:
        return refused(NO_KIT.to(language))
    import msgspec

    from parvis_sdk.testing.laid_out import NoPlugin
    from parvis_sdk.testing.rating_apart import lines_of, reports_on

    try:
        reports = reports_on(target)
    except NoPlugin as error:
        return refused(str(error))
    if as_json:
        sys.stdout.write(f"{msgspec.json.format(msgspec.json.encode(reports), indent=2).decode()}\n")
    for report in reports if not as_json else ():
        sys.stdout.write("\n".join(lines_of(report, language)) + "\n")
    reached = min(("", *LEVELS).index(report["level"]) for report in reports)
    return int(bool(at_least) and reached < ("", *LEVELS).index(at_least or ""))


def spoken(environ: "os._Environ[str] | dict[str, str]") -> str:
    """The language of a terminal: French where it says so."""
    said = environ.get("LC_ALL") or environ.get("LC_MESSAGES") or environ.get("LANG") or ""
    return "fr" if said.startswith("fr") else "en"


def answered(question: str, otherwise: str) -> str:
    """What somebody types; a question without a usual answer is asked until there is one."""
    while True:
        said = input(f"{question} [{otherwise}] " if otherwise else f"{question} ").strip() or otherwise
        if said:
            return said


def unasked(question: str, otherwise: str) -> str:
    """The usual answer, where nobody is there."""
    return otherwise


def refused(why: str) -> int:
    sys.stderr.write(f"parvis-plugin: {why}\n")
    return 2


def run() -> None:
    """The console script; who leaves in the middle of the questions makes nothing."""
    try:
        sys.exit(main())
    except (EOFError, KeyboardInterrupt):
        sys.exit(130)


if __name__ == "__main__":
    run()
