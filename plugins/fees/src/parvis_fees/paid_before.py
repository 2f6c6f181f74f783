"""What is left of a fee that one file pays once, when it falls due again: the difference, item by item."""

from collections.abc import Sequence

from msgspec import Struct, structs

from parvis_sdk.amounts import money_shown
from parvis_sdk.charging import Calculation, Item
from parvis_sdk.text import Text

HOW = Text(fr="{now} − {before} déjà réglés", en="{now} − {before} already settled")


class SettledCharge(Struct, frozen=True, kw_only=True):
    """One charge that was paid or let off, and how much of it went back, or is to."""

    calculation: Calculation
    given_back: int = 0


def left_of(now: Calculation, settled: Sequence[SettledCharge]) -> Calculation:
    """The same fee without what was settled of it before; less than nothing where it has become lower.

    Each item is charged by its own difference, so that whoever books it by item, and taxes, books no more than is owed.
    """
    before: dict[str, Item] = {}
    for each in settled:
        for item in _kept(each):
            known = before[item.code].cents if item.code in before else 0
            before[item.code] = structs.replace(item, cents=known + item.cents)
    if not before:
        return now
    today = {item.code: item for item in now.items}
    gone = [structs.replace(item, cents=0) for code, item in before.items() if code not in today]
    items = [_less(item, before.get(item.code)) for item in (*now.items, *gone)]
    items = [item for item in items if item.cents]
    deposit = sum(item.cents for item in items if item.kind == "deposit")
    return structs.replace(now, items=tuple(items), total=sum(item.cents for item in items), deposit=deposit)


def _kept(settled: SettledCharge) -> tuple[Item, ...]:
    """The items of a charge that the town keeps: what goes back is the deposit first, then the last ones."""
    left, kept = settled.given_back, list[Item]()
    for item in sorted(reversed(settled.calculation.items), key=lambda one: one.kind != "deposit"):
        back = min(left, max(item.cents, 0))
        left -= back
        kept.append(structs.replace(item, cents=item.cents - back))
    return tuple(reversed(kept))


def _less(item: Item, before: Item | None) -> Item:
    if before is None or not before.cents:
        return item
    how = HOW.format(now=money_shown(item.cents), before=money_shown(before.cents))
    return structs.replace(item, how=how, cents=item.cents - before.cents)
