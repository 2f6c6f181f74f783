"""Rules of routing as a manager of the demo has written them, with a draft under way."""

from parvis.people.agents import Person
from parvis.requests.actors import Actor
from parvis.requests.host import Host
from parvis.requests.offered import type_of
from parvis.requests.priority_names import PRESSING, URGENT
from parvis_routing.kept import ROUTING
from parvis_routing.rules import Rule, Rules, of_files
from parvis_rulesets.editing import replacing, sign_of
from parvis_rulesets.versions import Draft, change_draft, publish
from parvis_sdk.conditions import Is
from parvis_sdk.text import Text

TOWN, MANAGER = "parvis", "gestion@parvis.example"
CREW = ("voirie@parvis.example", "travaux@parvis.example")
WORD = "Trous dangereux d’abord; la voirie se partage les nids-de-poule"


def rules_of(crew: tuple[str, ...]) -> tuple[Rule, ...]:
    """What stands above the rules of the files."""
    return (
        Rule(
            id="danger",
            title=Text(fr="Nid-de-poule dangereux", en="Dangerous pothole"),
            types=("pothole",),
            answers=Is(field="danger", value=True),
            unit="roads",
            persons=crew,
            priority=URGENT,
        ),
        Rule(
            id="wires",
            title=Text(fr="Arbre tombé sur un fil électrique", en="Tree on a power line"),
            types=("fallen_branch",),
            words=("fil électrique", "fils", "électricité", "power line", "wire"),
            unit="trees",
            priority=URGENT,
        ),
        Rule(id="holes", types=("pothole",), unit="roads", persons=crew),
        Rule(
            id="passage",
            title=Text(fr="Neige qui bloque un passage", en="Snow blocking a passage"),
            types=("snowy_sidewalk",),
            answers=Is(field="mobility", value=True),
            unit="snow",
            priority=URGENT,
        ),
    )


DRAFTED = Rule(
    id="parks",
    title=Text(fr="Malpropreté dans les parcs", en="Litter in parks"),
    types=("graffiti", "illegal_dumping"),
    words=("parc", "park", "banc", "bench"),
    unit="parks",
    priority=PRESSING,
)


async def begin(host: Host, staff: tuple[Person, ...]) -> None:
    """Put the manager's rules in force, where the demo's own town is served with its plugin of reports."""
    town, crew = host.jurisdictions.get(TOWN), tuple(one.id for each in CREW for one in staff if one.email == each)
    manager = next((one for one in staff if one.email == MANAGER), None)
    if town is None or manager is None or type_of(host, town, "pothole") is None:
        return
    actor = Actor(kind="agent", id=manager.id, name=manager.name)
    now = of_files(town)
    wanted = Rules(rules=(*rules_of(crew), *now.rules), default=now.default)
    draft = await change_draft(ROUTING, host, town, replacing(wanted, sign_of(now)), actor=actor)
    if isinstance(draft, Draft):
        await publish(ROUTING, host, town, WORD, edition=draft.edition, seen=0, actor=actor)


async def show(host: Host, staff: tuple[Person, ...]) -> None:
    """A draft to try on what has come in."""
    town, manager = host.jurisdictions.get(TOWN), next((one for one in staff if one.email == MANAGER), None)
    if town is None or manager is None or type_of(host, town, "graffiti") is None:
        return
    await change_draft(ROUTING, host, town, on_top, actor=Actor(kind="agent", id=manager.id, name=manager.name))


def on_top(rules: Rules) -> Rules:
    """The rule of the draft above those that would take its requests."""
    return rules.with_parts((DRAFTED, *(one for one in rules.parts if one.id != DRAFTED.id)))
