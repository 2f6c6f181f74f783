"""What the host remembers for plugins."""

from parvis.db import transaction
from parvis.outbox import memory


async def test_a_value_is_kept_by_plugin_and_by_request_and_replaced(database):
    async with transaction(database):
        await memory.remember("erp", "cursor", {"since": "2026-11-25"})
        await memory.remember("erp", "cursor", {"since": "2026-11-26"})
        await memory.remember("erp", "order", 12, reference="7K3M-9QXT-4")
        await memory.remember("crm", "cursor", "é")
    assert await memory.recall("erp", "cursor") == {"since": "2026-11-26"}
    assert await memory.recall("erp", "order", reference="7K3M-9QXT-4") == 12
    assert await memory.recall("erp", "order") is None
    assert await memory.recall_all("crm") == {"cursor": "é"}


async def test_what_is_kept_about_an_erased_request_goes_with_it(database):
    async with transaction(database):
        await memory.remember("erp", "cursor", 1)
        await memory.remember("erp", "order", 12, reference="7K3M-9QXT-4")
        await memory.forget_request("7K3M-9QXT-4")
        await memory.forget_request("")
    assert await memory.recall_all("erp", reference="7K3M-9QXT-4") == {}
    assert await memory.recall_all("erp") == {"cursor": 1}


async def test_one_value_can_be_dropped(database):
    async with transaction(database):
        await memory.remember("erp", "a", 1)
        await memory.remember("erp", "b", 2)
        await memory.forget("erp", "a")
    assert await memory.recall_all("erp") == {"b": 2}


async def test_a_key_is_new_once(database):
    async with transaction(database):
        first = [await memory.once("erp", "7K3M-9QXT-4", "update:1") for _ in range(3)]
        assert first == [True, False, False]
        assert await memory.once("crm", "7K3M-9QXT-4", "update:1")
