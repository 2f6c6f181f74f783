"""Answers in place of requests are summed over days, for these types or all."""

from datetime import UTC, datetime, timedelta

from parvis import clock
from parvis.requests.advice import count
from parvis_dashboards.desk.answered import told_between

MONDAY = datetime(2026, 10, 5, 14, tzinfo=UTC)


async def test_answers_are_summed_over_days_the_most_told_first(town):
    parvis = town.host.jurisdictions.jurisdiction("parvis")
    with clock.moved_to(MONDAY) as time:
        for what in ("told", "told", "settled"):
            await count(town.host, parvis, "hole", ["answer:a"], what)
        time.forward(days=1)
        await count(town.host, parvis, "hole", ["answer:a", "answer:b"], "told")
    monday, tuesday = MONDAY.date(), MONDAY.date() + timedelta(days=1)
    both = [(one.answer, one.told, one.settled) for one in await told_between("parvis", monday, tuesday)]
    assert both == [("answer:a", 3, 1), ("answer:b", 1, 0)]
    (first,) = await told_between("parvis", monday, monday, ("hole",))
    assert (first.told, first.settled, first.insisted) == (2, 1, 0)
    assert await told_between("parvis", monday, tuesday, ("quarrel",)) == ()
    assert await told_between("rivemont", monday, tuesday) == ()
