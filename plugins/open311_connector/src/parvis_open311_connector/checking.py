"""Whether the settings fit what a neighbour says of its services, whether it answers, and whether there is a key."""

from collections.abc import Iterator

from parvis_open311_connector.client import GeoReport, Rejected
from parvis_open311_connector.reading import Row, text_of
from parvis_open311_connector.settings import Neighbour, Service
from parvis_sdk.connectors import Checked
from parvis_sdk.errors import DeclarationMistake, Later, Refused
from parvis_sdk.mapping import Described, column_of, near
from parvis_sdk.text import Text

NO_KEY = Text(fr="Il manque la clé de {name} dans `keys`.", en="The key for {name} is missing in `keys`.")
FITS = Text(fr="La correspondance est valide pour leurs services.", en="The mapping is valid for their services.")
UNLIKE = Text(fr="La correspondance contient une erreur\u00a0: {what}", en="The mapping contains an error: {what}")
AWAY = Text(fr="Le système ne répond pas\u00a0: {what}", en="The system is not responding: {what}")
ANSWERS = Text(fr="Le système répond (services\u00a0: {count}).", en="The system responds (services: {count}).")
HAS_KEY = Text(
    fr="Une clé est inscrite. Le premier envoi dira si elle est valide.",
    en="A key is set. The first report will show whether it is valid.",
)


async def check(there: GeoReport, neighbour: Neighbour) -> tuple[Checked, ...]:
    """The three answers. GeoReport has no call that tries a key and changes nothing."""
    try:
        services = await there.services()
        wrong = [str(each) for service in neighbour.services for each in await _mistakes(there, service, services)]
    except (Later, Refused) as error:
        return (Checked(code="reachable", ok=False, said=AWAY.format(what=error.words)), _key(there, neighbour))
    said = UNLIKE.format(what="; ".join(wrong)) if wrong else FITS
    reachable = Checked(code="reachable", ok=True, said=ANSWERS.format(count=len(services)))
    return (Checked(code="settings", ok=not wrong, said=said), reachable, _key(there, neighbour))


def _key(there: GeoReport, neighbour: Neighbour) -> Checked:
    said = HAS_KEY if there.key else NO_KEY.format(name=neighbour.name)
    return Checked(code="allowed", ok=bool(there.key), said=said)


async def _mistakes(there: GeoReport, service: Service, services: list[Row]) -> list[DeclarationMistake]:
    known = {text_of(each, "service_code", 200): each for each in services}
    if service.to not in known:
        return [_mistake(service, f"there is no service {service.to!r} there", near(service.to, known))]
    asked = text_of(known[service.to], "metadata", 10).lower() in ("true", "1")
    try:
        attributes = await there.definition(service.to) if asked else []
    except Rejected:
        attributes = []
    return list(unlike_definition(service, described_by(attributes)))


def described_by(attributes: list[Row]) -> dict[str, Described]:
    """Their questions, as columns by the name of the argument."""
    found = {}
    for each in attributes:
        if text_of(each, "variable", 10).lower() == "false":
            continue
        kind, code = text_of(each, "datatype", 40), text_of(each, "code", 200)
        values = each.get("values")
        keys = [text_of(value, "key", 200) for value in values if isinstance(value, dict)] if values else []
        name = f"attribute[{code}][]" if kind == "multivaluelist" else f"attribute[{code}]"
        required = text_of(each, "required", 10).lower() == "true"
        found[name] = Described(kind=kind, required=required, codes=tuple(keys))
    return found


def unlike_definition(service: Service, described: dict[str, Described]) -> Iterator[DeclarationMistake]:
    """Every argument that does not fit a question of theirs, and every question that must be answered and is not."""
    mapped = {name: column for name, column in service.columns.items() if name.startswith("attribute[")}
    for name, column in mapped.items():
        theirs = described.get(name)
        if theirs is None:
            yield _mistake(service, f"there is no question {name!r} there", near(name, described))
            continue
        given = column_of(column)
        sent = [*given.codes.values(), *([given.otherwise] if given.otherwise is not None else [])]
        for code in sent:
            if theirs.codes and str(code) not in theirs.codes:
                what = f"{name}: the value {code!r} is not allowed there"
                yield _mistake(service, what, f"it allows {', '.join(map(str, theirs.codes[:12]))}")
    for name, theirs in described.items():
        if theirs.required and name not in mapped:
            yield _mistake(service, f"the question {name!r} must be answered there", "say what goes into it")


def _mistake(service: Service, what: str, now_what: str) -> DeclarationMistake:
    so_what = "a report is refused there"
    return DeclarationMistake(where=f"service {service.to!r}", what=what, so_what=so_what, now_what=now_what)
