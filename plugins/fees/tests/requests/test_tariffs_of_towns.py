"""Tariffs of a town: read exactly, with every mistake named, and checked against what forms ask."""

import re
import tomllib
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from parvis.jurisdictions.reading import Findings, Table
from parvis.jurisdictions.town_files import Surroundings
from parvis_fees.town_tariffs import read_payment, read_tariffs, tariff_mistakes
from parvis_sdk.charging import calculate

from ..permit import PERMIT

GUIDE = (Path(__file__).parents[4] / "docs/towns.md").read_text(encoding="utf-8")
FOLDER = Path("/town")
AROUND = Surroundings(units=frozenset(), zones=None)
GOOD = """
[sign.permit]
[[sign.permit.tariffs]]
since = 2026-01-01
step = "0.05"
[[sign.permit.tariffs.lines]]
kind = "fixed"
code = "a"
title = { fr = "Forfait" }
amount = 12.1
"""


def read(words):
    findings = Findings(FOLDER)
    fees = read_tariffs(Table(findings, FOLDER / "tariffs.toml", "", tomllib.loads(words)), AROUND)
    return fees, [mistake.line() for mistake in findings.mistakes]


def test_an_amount_is_what_was_written_and_nothing_near_it():
    fees, mistakes = read(GOOD)
    assert mistakes == []
    (tariff,) = fees["sign", "permit"].tariffs
    assert (tariff.since, tariff.lines[0].amount, tariff.step) == (date(2026, 1, 1), Decimal("12.1"), Decimal("0.05"))
    assert calculate(tariff, {}).total == 1210


def test_the_example_of_the_guide_is_read_and_charges():
    (example,) = re.findall(r"## tariffs.toml.*?```toml\n(.*?)```", GUIDE, re.DOTALL)
    fees, mistakes = read(example)
    assert mistakes == []
    (tariff,) = fees["construction", "permit"].tariffs
    assert calculate(tariff, {"work_value": 410_250}).total == 7500 + 411 * 980
    assert calculate(tariff, {"work_value": 410_250, "work_kind": "accessory"}).total == 0


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("amount = 12.1", "amount = -1"),
        ('kind = "fixed"', 'kind = "flat"'),
        ("since = 2026-01-01", "since = 2026"),
        ("amount = 12.1", "amuont = 12.1"),
        ('step = "0.05"', 'step = "0.001"'),
        ('step = "0.05"', 'stepp = "0.05"'),
        ("amount = 12.1", "amount = 12.1\nleest = 5"),
        ("amount = 12.1", 'amount = 12.1\nwhen = { type = "is", field = "colour", value = "red", not = 1 }'),
        ("[sign.permit]", "[sign.permit]\nrounding = 1"),
    ],
)
def test_every_mistake_is_named_with_its_place(wrong, said):
    _, mistakes = read(GOOD.replace(wrong, said))
    assert mistakes
    assert all("tariffs.toml" in mistake and "sign.permit" in mistake for mistake in mistakes)


def test_a_tariff_for_no_fee_or_for_questions_that_are_not_asked_is_a_loose_end():
    fees, _ = read(GOOD)
    assert [*tariff_mistakes("parvis", fees, {PERMIT.code: PERMIT})] == []
    assert "no fee" in next(tariff_mistakes("parvis", fees, {})).line()
    asking = GOOD.replace("amount = 12.1", 'amount = 12.1\nwhen = { type = "is", field = "colour", value = "red" }')
    assert "colour" in next(tariff_mistakes("parvis", read(asking)[0], {PERMIT.code: PERMIT})).line()


def test_how_a_town_is_paid_is_read():
    words = 'provider = "hosted_payments"\ngst_number = "123"\ncounter = { fr = "Au comptoir", en = "At the counter" }'
    findings = Findings(FOLDER)
    payment = read_payment(Table(findings, FOLDER / "jurisdiction.toml", "payment", tomllib.loads(words)), AROUND)
    assert findings.mistakes == []
    assert (payment.provider, payment.gst_number, payment.qst_number) == ("hosted_payments", "123", "")
