"""Tariffs: never below zero, their items make the total, more never costs less, rounded as declared."""

from datetime import date
from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis_sdk.charging import Calculation, calculate, looks_at
from parvis_sdk.conditions import AtLeast, Is
from parvis_sdk.fees import Fee
from parvis_sdk.fields import Date, Money, Number, SeveralOf, ShortText, YesNo
from parvis_sdk.measuring import drawn_area
from parvis_sdk.tariff_mistakes import asked_mistakes, tariffs_mistakes
from parvis_sdk.tariff_words import told
from parvis_sdk.tariffs import (
    DOLLAR,
    GST,
    QST,
    SQUARE_METRE,
    Asked,
    Band,
    Bands,
    Counted,
    DaysBetween,
    DrawnArea,
    Exemption,
    Fixed,
    PerUnit,
    Step,
    Tariff,
    Tiers,
    Unit,
    in_force,
)
from parvis_sdk.text import Text

NEW_YEAR = date(2026, 1, 1)
T = Text(fr="Étude", en="Study")
TREE = Unit(one=Text(fr="arbre", en="tree"), many=Text(fr="arbres", en="trees"))
MODES = {"half_up": ROUND_HALF_UP, "half_even": ROUND_HALF_EVEN, "up": ROUND_CEILING, "down": ROUND_DOWN}


def price(most=500):
    return st.decimals(0, most, places=3)


def bounds():
    return st.tuples(price(), st.none() | price(2000)).map(
        lambda pair: {"least": min(pair[0], pair[1]) if pair[1] is not None else pair[0], "most": pair[1]}
    )


@st.composite
def lines(draw, code):
    more = {"code": code, "title": T, "taxed": draw(st.booleans()), **draw(bounds())}
    if draw(st.integers(0, 9)) == 0:
        more |= {"deposit": True, "taxed": False}
    kind = draw(st.sampled_from(("fixed", "per_unit", "tiers", "bands")))
    value = Asked(field="value", unit=DOLLAR)
    if kind == "fixed":
        return Fixed(amount=draw(price()), **more)
    if kind == "per_unit":
        whole = draw(st.booleans())
        of = (Asked(field="area", unit=SQUARE_METRE, whole=whole), Asked(field="days", unit=TREE))
        return PerUnit(price=draw(price(20)), of=of[: draw(st.integers(1, 2))], free=draw(price(3)), **more)
    if kind == "tiers":
        starts = sorted(draw(st.sets(st.integers(1, 500_000), max_size=3)))
        steps = tuple(Step(above=Decimal(start), price=draw(price(20))) for start in (0, *starts))
        return Tiers(of=value, steps=steps, whole=draw(st.booleans()), **more)
    ends = [*sorted(draw(st.sets(st.integers(0, 500_000), max_size=3))), None]
    amounts = sorted(draw(price()) for _ in ends)
    rows = tuple(
        Band(amount=amount, up_to=None if end is None else Decimal(end))
        for amount, end in zip(amounts, ends, strict=True)
    )
    return Bands(of=value, bands=rows, **more)


@st.composite
def tariffs(draw):
    charged = tuple(draw(lines(f"line_{number}")) for number in range(draw(st.integers(1, 4))))
    exemptions = tuple(
        Exemption(
            code=f"let_off_{number}",
            title=T,
            when=Is(field=f"case_{number}", value=True),
            share=draw(st.decimals("0.01", 1, places=2)),
            lines=draw(st.sampled_from(((), (charged[0].code,), tuple(line.code for line in charged)))),
        )
        for number in range(draw(st.integers(0, 2)))
    )
    step = draw(st.sampled_from((Decimal("0.01"), Decimal("0.05"), Decimal(1))))
    return Tariff(
        since=NEW_YEAR,
        lines=charged,
        exemptions=exemptions,
        rounding=draw(st.sampled_from(tuple(MODES))),
        step=step,
        **draw(bounds()),
    )


ANSWERS = st.fixed_dictionaries(
    {},
    optional={
        "value": st.integers(0, 2_000_000) | st.floats(0, 2_000_000),
        "area": st.floats(0, 500).map(lambda number: round(number, 2)),
        "days": st.integers(0, 60),
        "case_0": st.booleans(),
        "case_1": st.booleans(),
    },
)


@given(tariffs(), ANSWERS)
def test_a_fee_is_never_below_zero_and_its_items_make_its_total(tariff, answers):
    assert list(tariffs_mistakes((tariff,))) == []
    calculation = calculate(tariff, answers)
    assert calculation.total == sum(item.cents for item in calculation.items)
    assert 0 <= calculation.deposit <= calculation.total
    assert all(item.cents >= 0 for item in calculation.items if item.kind in ("line", "tax", "deposit"))
    assert all(item.cents <= 0 for item in calculation.items if item.kind == "exemption")


@given(tariffs(), ANSWERS, st.sampled_from(("value", "area", "days")), st.integers(0, 100_000))
def test_more_never_costs_less(tariff, answers, what, more):
    larger = answers | {what: answers.get(what, 0) + more}
    assert before_tax(tariff, answers) <= before_tax(tariff, larger)
    if len({line.taxed for line in tariff.lines}) == 1:  # else what reaches a minimum is taxed by its share
        assert calculate(tariff, answers).total <= calculate(tariff, larger).total


def before_tax(tariff, answers):
    return sum(item.cents for item in calculate(tariff, answers).items if item.kind != "tax")


@given(tariffs(), ANSWERS)
def test_the_same_tariff_and_what_it_looked_at_give_the_same_calculation_years_later(tariff, answers):
    calculation = calculate(tariff, answers)
    kept = msgspec.json.decode(msgspec.json.encode(tariff), type=Tariff)
    then = msgspec.json.decode(msgspec.json.encode(calculation), type=Calculation)
    assert calculate(kept, then.looked_at) == then
    assert set(calculation.looked_at) <= set(looks_at(tariff))


@given(st.decimals(0, 10_000, places=4), st.sampled_from(tuple(MODES)), st.sampled_from(("0.01", "0.05", "0.25", "1")))
def test_a_line_is_rounded_as_declared(amount, rounding, step):
    tariff = Tariff(
        since=NEW_YEAR, lines=(Fixed(code="a", title=T, amount=amount),), rounding=rounding, step=Decimal(step)
    )
    (item,) = calculate(tariff, {}).items
    expected = (amount / Decimal(step)).quantize(Decimal(1), rounding=MODES[rounding]) * Decimal(step)
    assert Decimal(item.cents) / 100 == expected


@given(st.lists(st.decimals(0, 5_000, places=2), min_size=1, max_size=5))
def test_each_tax_is_rounded_by_itself_on_the_sum_of_what_is_taxed(amounts):
    charged = tuple(
        Fixed(code=f"a{number}", title=T, amount=amount, taxed=True) for number, amount in enumerate(amounts)
    )
    calculation = calculate(Tariff(since=NEW_YEAR, lines=charged), {})
    base, cents = sum(amounts), {item.code: item.cents for item in calculation.items}
    for tax in (GST, QST):
        expected = (base * tax.rate).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
        assert Decimal(cents.get(tax.code, 0)) / 100 == expected


@given(tariffs(), ANSWERS)
def test_every_item_and_every_line_is_explained_in_both_languages(tariff, answers):
    for item in calculate(tariff, answers).items:
        assert item.title.fr
        assert bool(item.how.fr) == bool(item.how.to("en"))
        assert "{" not in item.how.fr + item.how.to("en")
    for line in told(tariff):
        assert line.words.fr
        assert line.words.en
        assert "{" not in line.words.fr + line.words.en


def one(line, answers, **more):
    return calculate(Tariff(since=NEW_YEAR, lines=(line,), **more), answers)


def test_a_value_is_charged_tier_by_tier():
    line = Tiers(
        code="works",
        title=T,
        of=Asked(field="value", unit=DOLLAR),
        steps=(Step(above=Decimal(0), price=Decimal("9.80")), Step(above=Decimal(500_000), price=Decimal("7.50"))),
    )
    (item,) = one(line, {"value": 600_250}).items
    assert item.cents == 490_000 + 75_188  # 100,250 at 7.50, and half a cent
    assert "500\u00a0000\u00a0$ à 9,80\u00a0$ par 1\u00a0000\u00a0$" in item.how.fr
    whole = msgspec.structs.replace(line, whole=True)
    (item,) = one(whole, {"value": 410_250}).items
    assert item.cents == 411 * 980
    assert "411 begun steps" in item.how.en


def test_days_count_both_ends_and_what_is_drawn_is_measured():
    square = {"type": "Polygon", "coordinates": [ring(-73.58, 45.52, 0.000128, 0.0000899)]}  # 10 m each way
    area = drawn_area(square)
    assert 99 < area < 101
    line = PerUnit(
        code="use", title=T, price=Decimal("0.5"), of=(DrawnArea(whole=True), DaysBetween(first="a", last="b"))
    )
    answers = {"place": {"geometry": square}, "a": "2026-06-01", "b": "2026-06-03"}
    assert one(line, answers).total in (100 * 3 * 50, 101 * 3 * 50)
    assert one(line, answers | {"b": "2026-05-01"}).total == 0
    hole = {"type": "Polygon", "coordinates": [*square["coordinates"], ring(-73.58, 45.52, 0.000064, 0.00004495)]}
    assert drawn_area(hole) < area
    assert drawn_area({"type": "Point", "coordinates": [0, 0]}) == 0


def ring(lon, lat, width, height):
    return [[lon, lat], [lon + width, lat], [lon + width, lat + height], [lon, lat + height], [lon, lat]]


def test_things_are_counted_and_the_first_of_them_are_free():
    line = PerUnit(code="trees", title=T, price=Decimal(25), of=(Counted(field="trees", unit=TREE),), free=Decimal(1))
    assert [one(line, {"trees": list("abc")[:count]}).total for count in range(4)] == [0, 0, 2500, 5000]


def test_money_answered_in_cents_is_read_as_dollars():
    line = PerUnit(code="part", title=T, price=Decimal("0.01"), of=(Asked(field="value", unit=DOLLAR),))
    tariff = Tariff(since=NEW_YEAR, lines=(line,))
    assert calculate(tariff, {"value": 1_000_000}, ("value",)).total == 10_000


def test_who_owes_nothing_owes_no_minimum():
    line = Fixed(code="a", title=T, amount=Decimal(10))
    free = Exemption(code="all", title=T, when=Is(field="poor", value=True))
    assert one(line, {}, least=Decimal(50), exemptions=(free,)).total == 5000
    assert one(line, {"poor": True}, least=Decimal(50), exemptions=(free,)).total == 0
    none = msgspec.structs.replace(line, when=AtLeast(field="value", value=1))
    assert one(none, {}, least=Decimal(50)).total == 0


def test_the_last_tariff_that_has_begun_is_in_force():
    every = tuple(Tariff(since=day, lines=()) for day in (date(2026, 1, 1), date(2024, 1, 1), date(2025, 7, 1)))
    days = (date(2023, 12, 31), date(2024, 1, 1), date(2025, 6, 30), date(2025, 7, 1), date(2027, 1, 1))
    found = [in_force(every, day) for day in days]
    assert [tariff and tariff.since.year for tariff in found] == [None, 2024, 2024, 2025, 2026]


@pytest.mark.parametrize(
    ("wrong", "what"),
    [
        (Fixed(code="a", title=T, amount=Decimal(-1)), "below zero"),
        (Fixed(code="a", title=T, amount=Decimal(1), deposit=True, taxed=True), "deposit is taxed"),
        (Fixed(code="a", title=T, amount=Decimal(1), least=Decimal(3), most=Decimal(2)), "above most"),
        (PerUnit(code="a", title=T, price=Decimal(1), of=()), "counts nothing"),
        (Tiers(code="a", title=T, of=Asked(field="v", unit=DOLLAR), steps=()), "begins at zero"),
        (
            Bands(
                code="a",
                title=T,
                of=Asked(field="v", unit=DOLLAR),
                bands=(Band(amount=Decimal(9), up_to=Decimal(1)), Band(amount=Decimal(5))),
            ),
            "costs less",
        ),
    ],
)
def test_an_author_hears_what_is_wrong_with_a_line(wrong, what):
    fee = Fee(code="permit", title=T, tariffs=(Tariff(since=NEW_YEAR, lines=(wrong,)),))
    assert any(what in str(mistake) for mistake in fee.mistakes())


def test_an_author_hears_of_what_is_not_asked():
    lines = (
        PerUnit(code="a", title=T, price=Decimal(1), of=(Asked(field="name", unit=TREE),)),
        PerUnit(code="b", title=T, price=Decimal(1), of=(Counted(field="gone", unit=TREE),)),
        Fixed(code="c", title=T, amount=Decimal(1), when=Is(field="nowhere", value=True)),
    )
    fields = (ShortText(code="name", label=T), Money(code="value", label=T), YesNo(code="yes", label=T))
    said = [str(mistake) for mistake in asked_mistakes((Tariff(since=NEW_YEAR, lines=lines),), fields)]
    assert len(said) == 3
    right = (
        *fields,
        Number(code="area", label=T),
        Date(code="first", label=T),
        Date(code="last", label=T),
        SeveralOf(code="trees", label=T, options=()),
    )
    good = (
        PerUnit(
            code="a", title=T, price=Decimal(1), of=(Asked(field="area", unit=TREE), Counted(field="trees", unit=TREE))
        ),
        PerUnit(code="b", title=T, price=Decimal(1), of=(DaysBetween(first="first", last="last"), DrawnArea())),
    )
    assert list(asked_mistakes((Tariff(since=NEW_YEAR, lines=good),), right)) == []
