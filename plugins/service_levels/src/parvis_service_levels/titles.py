"""Titles of service levels that still name the amount of their type although a line of the town promises another."""

import re
from collections.abc import Iterator

from parvis.jurisdictions.levels import ANY, LevelRule
from parvis.requests.levels import AMOUNTS
from parvis.requests.town_names import Names, joined
from parvis_rulesets.editing import Fault
from parvis_sdk.request_types import ServiceLevel
from parvis_sdk.text import Text
from parvis_service_levels.escalation import WatchedLevels

MOST = 3  # titles that are said; a line for every type would name dozens
QUOTED = Text(fr="«\u00a0{title}\u00a0»", en="“{title}”")
STILL_SAID = Text(
    fr="Les titres suivants, toujours affichés avec ce délai, en indiquent un autre\u00a0: {titles}{more}.",
    en="The following titles, still shown with this response time, state a different one: {titles}{more}.",
)
MORE = Text(fr=" et {num} de plus", en=" and {num} more")


def titles_left(levels: WatchedLevels, names: Names) -> Iterator[Fault]:
    """What to know of each such line; none of it keeps the levels from being put in force."""
    for number, rule in enumerate(levels.rules, 1):
        if found := list({each.fr: each for each in _titles(rule, names)}.values()):
            titles = joined(QUOTED.format(title=each) for each in found[:MOST])
            more = MORE.format(num=len(found) - MOST) if len(found) > MOST else ""
            yield Fault(number=number, what=STILL_SAID.format(titles=titles, more=more), blocks=False)


def _titles(rule: LevelRule, names: Names) -> Iterator[Text]:
    request_types = (
        names.types.values() if rule.type == ANY else [names.types[rule.type]] if rule.type in names.types else []
    )
    promised = tuple(getattr(rule, name) or 0 for name in AMOUNTS)
    for level in (
        each for request_type in request_types for each in request_type.service_levels if rule.level in (ANY, each.code)
    ):
        own = tuple(getattr(level, name) for name in AMOUNTS)
        if own != promised and _names(level, max(own)):
            yield level.title


def _names(level: ServiceLevel, amount: int) -> bool:
    return any(re.search(rf"(?<!\d){amount}(?!\d)", words) for words in (level.title.fr, level.title.to("en")))
