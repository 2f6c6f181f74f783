"""The command that proposes settings from what a neighbour says of its services, to be read over and put in place."""

from collections.abc import Iterator, Mapping

import msgspec

from parvis_open311_connector.checking import described_by
from parvis_open311_connector.client import GeoReport, Rejected
from parvis_open311_connector.reading import Row, text_of
from parvis_open311_connector.settings import Settings
from parvis_sdk.commands import Argument, Command, CommandRun
from parvis_sdk.errors import Refused
from parvis_sdk.text import Text

TITLE = Text(
    fr="Services d’un voisin, sous forme de paramètres proposés", en="Services of a neighbour, as proposed settings"
)
NEIGHBOUR = Text(fr="le voisin, par son nom dans `neighbours`", en="the neighbour, by its name in `neighbours`")
SERVICE = Text(fr="un seul service, par son service_code", en="one service only, by its service_code")
NO_NEIGHBOUR = Text(
    fr="aucun voisin ne porte le nom {name}. Voisins possibles\u00a0: {names}",
    en="no neighbour is named {name}. Possible neighbours: {names}",
)
NO_SERVICE = Text(fr="aucun service {name}", en="there is no service {name}")
TABLE = "plugins.open311_connector.neighbours.services"


class Proposal:
    """The command, with the neighbours of the settings."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    def command(self) -> Command:
        """What is typed: `parvis open311_connector services rivemont pothole`."""
        return Command(
            code="services",
            title=TITLE,
            run=self.run,
            arguments=(
                Argument(name="neighbour", help=NEIGHBOUR),
                Argument(name="service", help=SERVICE, default=""),
            ),
        )

    async def run(self, run: CommandRun) -> int:
        """Each service as a table of settings, with their questions beside ours of the same code."""
        name, wanted = run.arguments["neighbour"], run.arguments["service"]
        by_name = {each.name: each for each in self.settings.neighbours}
        if name not in by_name:
            raise Refused(NO_NEIGHBOUR.format(name=repr(name), names=", ".join(by_name) or "–"))
        there = GeoReport(by_name[name], self.settings.keys.get(name, ""), run.connection)
        services = [each for each in await there.services() if wanted in ("", text_of(each, "service_code", 200))]
        if not services:
            run.say(NO_SERVICE.format(name=wanted or "–"))
            return 1
        for service in services:
            for line in lines_of(service, await _attributes(there, service)):
                run.write(line)
        return 0


async def _attributes(there: GeoReport, service: Row) -> list[Row]:
    if text_of(service, "metadata", 10).lower() not in ("true", "1"):
        return []
    try:
        return await there.definition(text_of(service, "service_code", 200))
    except Rejected:
        return []


def lines_of(service: Row, attributes: list[Row]) -> Iterator[str]:
    """The table of one service in TOML: its words as remarks, and a column for each question."""
    code = text_of(service, "service_code", 200)
    titles = (text_of(service, part, 120) for part in ("service_name", "group", "description"))
    yield f"# {_remark(' · '.join(filter(None, titles)))}"
    yield f"[[{TABLE}]]"
    yield f"to = {_quoted(code)}"
    yield f"types = [{_quoted(code)}]"
    yield ""
    yield f"[{TABLE}.columns]"
    questions = {text_of(each, "code", 200): each for each in attributes}
    for name, described in described_by(attributes).items():
        ours = name.removesuffix("[]").removeprefix("attribute[").removesuffix("]")
        must = " *" if described.required else ""
        yield f"# {_remark(text_of(questions[ours], 'description', 200))} ({described.kind}){must}"
        yield f"{_quoted(name)} = {_column(ours, _values(questions[ours]))}"
    yield ""


def _column(code: str, values: Mapping[str, str]) -> str:
    source = _quoted(f"answers.{code}")
    if not values:
        return source
    if {key.casefold() for key in values} == {"yes", "no"}:
        codes = {"true": next(key for key in values if key.casefold() == "yes")}
        values = {**codes, "false": next(key for key in values if key.casefold() == "no")}
    else:
        values = {key: key for key in values}
    codes_said = ", ".join(f"{_quoted(ours)} = {_quoted(theirs)}" for ours, theirs in values.items())
    return f"{{ source = {source}, codes = {{ {codes_said} }} }}"


def _values(question: Row) -> dict[str, str]:
    values = question.get("values")
    rows = [each for each in values if isinstance(each, dict)] if isinstance(values, list) else []
    return {text_of(each, "key", 200): text_of(each, "name", 200) for each in rows}


def _quoted(words: str) -> str:
    """A basic string of TOML, which JSON writes the same way."""
    return msgspec.json.encode(words).decode()


def _remark(words: str) -> str:
    return " ".join(words.split())
