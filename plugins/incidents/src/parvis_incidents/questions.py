"""What the town is asked besides where it declares an operation or an incident: in which zones, of which types."""

from collections.abc import Sequence

from parvis.jurisdictions import Jurisdiction
from parvis.requests.offered import TownQuestions
from parvis_incidents.matching import INCIDENT, TYPES
from parvis_sdk.about import ZONES
from parvis_sdk.fields import INTERNAL, PUBLIC, Option, Privacy, SeveralOf
from parvis_sdk.forms import Section
from parvis_sdk.request_types import RequestType
from parvis_sdk.text import Text

WHERE = Text(fr="Où", en="Where")
IN_ZONES = Text(fr="Dans quels secteurs?", en="In which sectors?")
EVERYWHERE = Text(fr="Si rien n’est coché\u00a0: toute la ville.", en="If nothing is checked: the whole town.")
OF_TYPES = Text(fr="Quels types de requêtes?", en="Which types of requests?")
OF_ALL = Text(fr="Si rien n’est coché\u00a0: tous les types.", en="If nothing is checked: all types.")


def _applies(request_type: RequestType) -> bool:
    return request_type.operation is not None or request_type.code == INCIDENT


def where_asked(town: Jurisdiction, request_type: RequestType, offered: Sequence[RequestType]) -> tuple[Section, ...]:
    """An operation asks in which zones of the town, an incident also which of its types are concerned."""
    zones = tuple(Option(code=zone.code, label=zone.name) for zone in town.zones)
    asked = _several(ZONES, IN_ZONES, EVERYWHERE, zones, PUBLIC)
    if request_type.code == INCIDENT:
        anyones = tuple(Option(code=each.code, label=each.title) for each in offered if each.opened_by == "anyone")
        asked += _several(TYPES, OF_TYPES, OF_ALL, anyones, INTERNAL)
    return (Section(code="where", title=WHERE, fields=asked),) if asked else ()


def _several(
    code: str, label: Text, help: Text, options: tuple[Option, ...], privacy: Privacy
) -> tuple[SeveralOf, ...]:
    several = SeveralOf(code=code, label=label, help=help, required=False, options=options, privacy=privacy)
    return (several,) if options else ()


QUESTIONS = TownQuestions(applies=_applies, sections=where_asked)
