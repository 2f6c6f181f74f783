"""After an action the page confirms it in the module's own words; a module that is switched off says nothing."""

from parvis.switches import TownModules
from parvis.web.done_messages import DoneMessage
from parvis.web.places import Nouns
from parvis_testing.desk import address


async def test_a_module_says_what_was_done_where_it_is_on(desk, monkeypatch):
    words = DoneMessage(slot="desk.request.done", name="dogs", owner="dogs", text=lambda: "Le chien est attaché.")
    monkeypatch.setitem(desk.app.state, "nouns", Nouns([words]))
    record, clerk = await desk.request(), await desk.signed_in()
    page = f"{address(record)}?fait=dogs"
    assert "Le chien est attaché." not in (await clerk.get(page)).text
    monkeypatch.setattr(desk.host.modules, "of", lambda town: TownModules(on=frozenset({"dogs"})))
    assert "Le chien est attaché." in (await clerk.get(page)).text
