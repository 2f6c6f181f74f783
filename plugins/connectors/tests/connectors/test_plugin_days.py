"""What plugins use is summed by day over all processes, stands beside their budget, and is named where it is more."""

from datetime import UTC, datetime, timedelta

import pytest
from msgspec import structs

from parvis import clock
from parvis.db import transaction
from parvis.outbox import memory
from parvis.plugins.threads import OutOfTime, PluginThreads
from parvis.requests.host import Host
from parvis_connectors import alerting, plugin_days
from parvis_connectors.plugin_days import AddedUp, PluginUsage, Used, add_up, budget_of, sweep, usages
from parvis_connectors.settings import Budget

MORNING = datetime(2026, 6, 15, 13, 0, tzinfo=UTC)
PACKAGE = "test_erp_plugin"  # in which the plugin `erp` of these towns is


@pytest.fixture
async def process(make_town, connector):
    """Makes one more process of a town with the plugin `erp`, in which it was called so often for so many seconds."""
    town = make_town(connector())

    def make(calls=0, seconds=0.0) -> Host:
        threads = PluginThreads()
        threads.used[PACKAGE] = calls, seconds
        return town.host.having(threads, AddedUp())

    return make


@pytest.fixture(autouse=True)
def added_at_once(monkeypatch):
    monkeypatch.setattr(plugin_days, "EVERY", 0.0)


def with_budgets(host, **by_town):
    """The host whose towns say these budgets in their files, and have the plugin."""
    towns = host.jurisdictions
    said = {
        code: structs.replace(
            towns.jurisdiction(code), plugins=("erp",), module_settings={"connectors": {"budgets": {"erp": budget}}}
        )
        for code, budget in by_town.items()
    }
    object.__setattr__(host, "jurisdictions", structs.replace(towns, by_code=towns.by_code | said))
    return host


async def test_what_processes_used_is_summed_by_day_and_nothing_twice(process):
    with clock.moved_to(MORNING) as moved:
        one, other = process(calls=3, seconds=1.5), process(calls=4, seconds=2.25)
        for host in (one, other, one):
            await add_up(host)
        [today] = await usages(one)
        assert today == PluginUsage(plugin="erp", used=Used(calls=7, seconds=3), budget=Budget())
        one.given(PluginThreads).used[PACKAGE] = 5, 3.0
        await add_up(one)
        assert (await usages(other))[0].used == Used(calls=9, seconds=5)
        moved.forward(days=1)
        assert await usages(one) == ()
        assert await sweep(one.engine) == 0
        moved.forward(days=90)
        assert await sweep(one.engine) == 1


async def test_a_call_is_counted_with_its_seconds_also_where_it_is_late():
    threads = PluginThreads()

    async def answers():
        return 1

    async def waits():
        raise OutOfTime("acme_erp/plugin.py:17")

    assert await threads.run(PACKAGE, answers, 5.0) == 1
    with pytest.raises(OutOfTime):
        await threads.run(PACKAGE, waits, 5.0)
    calls, seconds = threads.used[PACKAGE]
    await threads.close()
    assert calls == 2
    assert seconds > 0


async def test_what_is_beyond_a_budget_is_named_and_goes_on(process):
    host = with_budgets(process(calls=11, seconds=5.0), parvis={"calls": 10, "seconds": 60, "characters": 3})
    await add_up(host)
    async with transaction(host.engine):
        await memory.remember("erp", "at", "a whole page")
    [usage] = await usages(host)
    assert usage.used == Used(calls=11, seconds=5, characters=len('"a whole page"'))
    assert usage.beyond == ("calls", "characters")
    [matter] = [each for each in await alerting.matters(host) if each.key.startswith("budget:")]
    assert matter.said.to("en") == "erp: this plugin is over budget"


async def test_the_lowest_budget_of_the_towns_that_have_the_plugin_holds(process):
    host = with_budgets(process(), parvis={"calls": 10, "seconds": 60}, rivemont={"calls": 20, "seconds": 30})
    plugin = host.plugins.by_name["erp"]
    assert budget_of(host, plugin) == Budget(calls=10, seconds=30)
    without = structs.replace(host.jurisdictions.jurisdiction("rivemont"), plugins=())
    by_code = host.jurisdictions.by_code | {"rivemont": without}
    object.__setattr__(host, "jurisdictions", structs.replace(host.jurisdictions, by_code=by_code))
    assert budget_of(host, plugin) == Budget(calls=10, seconds=60)
    assert (await usages(host))[0].beyond == ()


async def test_a_process_adds_once_a_minute(process, monkeypatch):
    monkeypatch.setattr(plugin_days, "EVERY", timedelta(minutes=1).total_seconds())
    host = process(calls=1, seconds=1.0)
    await add_up(host)
    host.given(PluginThreads).used[PACKAGE] = 2, 2.0
    await add_up(host)
    assert (await usages(host))[0].used.calls == 1
