"""Changes to rules that two managers may write at once: each says what it saw, and nothing is overwritten unseen."""

import hashlib
from collections.abc import Callable
from typing import Literal

from msgspec import Struct, structs

from parvis.requests.records import as_json
from parvis.requests.routing.rules import Rule, Rules

Step = Literal["up", "down"]


class Overtaken(Struct, frozen=True, kw_only=True):
    """Somebody changed meanwhile what was to be changed: the rule as it is now, None where it is gone."""

    now: Rule | None = None


Edit = Callable[[Rules], Rules | Overtaken]


def sign_of(rule: Rule | Rules) -> str:
    """A rule, or all of them, as somebody saw it."""
    return hashlib.sha256(as_json(rule).encode()).hexdigest()[:16]


def rule_of(rules: Rules, id: str) -> Rule | None:
    return next((rule for rule in rules.rules if rule.id == id), None)


def adding(rule: Rule) -> Edit:
    """A new rule, below all others; once, however often it is sent."""

    def edit(rules: Rules) -> Rules | Overtaken:
        if (there := rule_of(rules, rule.id)) is not None:
            return rules if there == rule else Overtaken(now=there)
        return structs.replace(rules, rules=(*rules.rules, rule))

    return edit


def changing(rule: Rule, saw: str) -> Edit:
    """Another rule in the place of that of its id, if it is still as it was seen."""

    def edit(rules: Rules) -> Rules | Overtaken:
        there = rule_of(rules, rule.id)
        if there is None or (sign_of(there) != saw and there != rule):
            return Overtaken(now=there)
        return structs.replace(rules, rules=tuple(rule if one.id == rule.id else one for one in rules.rules))

    return edit


def removing(id: str, saw: str) -> Edit:
    def edit(rules: Rules) -> Rules | Overtaken:
        there = rule_of(rules, id)
        if there is not None and sign_of(there) != saw:
            return Overtaken(now=there)
        return structs.replace(rules, rules=tuple(one for one in rules.rules if one.id != id))

    return edit


def moving(id: str, step: Step) -> Edit:
    """One place up or down; where it stands first or last already, nothing changes."""

    def edit(rules: Rules) -> Rules | Overtaken:
        order = list(rules.rules)
        at = next((place for place, one in enumerate(order) if one.id == id), None)
        if at is None:
            return Overtaken()
        to = at - 1 if step == "up" else at + 1
        if 0 <= to < len(order):
            order[at], order[to] = order[to], order[at]
        return structs.replace(rules, rules=tuple(order))

    return edit


def defaulting(unit: str) -> Edit:
    """The unit of what no rule fits."""
    return lambda rules: structs.replace(rules, default=unit)


def replacing(other: Rules, saw: str) -> Edit:
    """All rules at once, as a file brings them, in the place of those that were seen."""
    return lambda rules: other if sign_of(rules) == saw or rules == other else Overtaken()


class Difference(Struct, frozen=True, kw_only=True):
    """What is otherwise about one rule: new, gone, changed, or only in another place; `number` is its place now."""

    what: Literal["added", "removed", "changed", "moved"]
    before: Rule | None = None
    after: Rule | None = None
    number_before: int = 0
    number: int = 0


def differences(before: Rules, after: Rules) -> tuple[Difference, ...]:
    """What the one has otherwise than the other, in the order of the rules that come after; what is gone last.

    A rule is in another place where others went past it, not where one was only put in before it.
    """
    was = {rule.id: (number, rule) for number, rule in enumerate(before.rules, 1)}
    kept = [rule.id for rule in after.rules if rule.id in was]
    staying = longest_rising([was[id][0] for id in kept])
    found = []
    for number, rule in enumerate(after.rules, 1):
        if rule.id not in was:
            found.append(Difference(what="added", after=rule, number=number))
            continue
        place, old = was[rule.id]
        if old != rule:
            found.append(Difference(what="changed", before=old, after=rule, number_before=place, number=number))
        elif place not in staying:
            found.append(Difference(what="moved", before=old, after=rule, number_before=place, number=number))
    gone = [rule for rule in before.rules if rule_of(after, rule.id) is None]
    return (*found, *(Difference(what="removed", before=rule, number_before=was[rule.id][0]) for rule in gone))


def longest_rising(places: list[int]) -> frozenset[int]:
    """The most of these numbers that stand in rising order.

    >>> sorted(longest_rising([2, 3, 1, 4]))
    [2, 3, 4]
    """
    best: list[tuple[int, ...]] = [()]
    for place in places:
        before = max((chain for chain in best if not chain or chain[-1] < place), key=len)
        best.append((*before, place))
    longest = max(best, key=len)
    return frozenset(longest)
