"""The registry: what is offered, to whom, and in which order, once the plugins are loaded."""

from datetime import UTC, datetime
from types import ModuleType

import pytest
from msgspec import structs

from parvis.plugins import DiscoveredPlugin, Origin, PluginRegistry
from parvis.plugins.loading import claimed, load_plugins
from parvis.plugins.name_conflicts import Owner
from parvis_sdk.connectors import Connector
from parvis_sdk.errors import DeclarationMistake
from parvis_sdk.events import Moved, Submitted
from parvis_sdk.forms import Form
from parvis_sdk.hooks import hookimpl
from parvis_sdk.request_types import RequestType, Retention, Theme
from parvis_sdk.requests import Phase
from parvis_sdk.subscriptions import Subscription, on
from parvis_sdk.text import Text
from parvis_sdk.workflow import State, Transition, Workflow

NAME = Text(fr="Nom", en="Name")
FLOW = Workflow(
    states=(
        State(code="new", title=NAME, phase=Phase.RECEIVED),
        State(code="done", title=NAME, phase=Phase.CLOSED),
    ),
    transitions=(Transition(code="close", title=NAME, sources=("new",), target="done"),),
)


def request_type(code: str) -> RequestType:
    return RequestType(
        code=code,
        title=NAME,
        summary=NAME,
        slug=Text(fr=code),
        theme=Theme(code="streets", title=NAME, slug=Text(fr="rues")),
        form=Form(),
        workflow=FLOW,
        retention=Retention(days=30),
    )


@on(Submitted, types=("lamp",))
async def greet(event, request):
    return None


@on(Submitted, Moved)
async def log(event, request):
    return None


def plugin(
    name: str, *types: str, subscriptions: tuple[Subscription, ...] = (), built_in: bool = False
) -> DiscoveredPlugin:
    module = ModuleType(name)
    module.request_types = hookimpl(lambda: [request_type(code) for code in types])
    module.subscriptions = hookimpl(lambda: list(subscriptions))
    return DiscoveredPlugin(
        origin=Origin(name=name, distribution=f"parvis-{name}", version="1", built_in=built_in), plugin=module
    )


@pytest.fixture
def plugins() -> PluginRegistry:
    return load_plugins(
        [
            plugin("zebra", "crossing"),
            plugin("lights", "lamp", "cable", subscriptions=(greet,)),
            plugin("notify", subscriptions=(log,), built_in=True),
        ]
    )


def submitted() -> Submitted:
    return Submitted(
        id="1", reference="R", at=datetime(2026, 1, 1, tzinfo=UTC), actor="requester", type="lamp", state="new"
    )


def test_plugins_stand_in_name_order_after_those_built_in(plugins):
    assert list(plugins.by_name) == ["notify", "lights", "zebra"]
    assert plugins.troubles == ()


def test_request_types_keep_the_order_in_which_their_plugin_declares_them(plugins):
    assert [each.code for each in plugins.types_of()] == ["lamp", "cable", "crossing"]


def test_a_jurisdiction_is_offered_the_types_of_its_plugins_only(plugins):
    assert [each.code for each in plugins.types_of({"zebra"})] == ["crossing"]
    assert plugins.types_of(()) == ()


def test_every_type_knows_its_plugin(plugins):
    assert plugins.plugin_of("cable") == "lights"
    assert plugins.plugin_of("gone") == ""
    assert plugins.request_type("gone") is None


def test_subscriptions_bear_the_name_of_their_plugin(plugins):
    assert [each.name for each in plugins.subscriptions] == ["notify.log", "lights.greet"]
    assert plugins.subscription("lights.greet").subscription is greet
    assert plugins.subscription("greet") is None


def test_an_event_goes_to_those_who_want_it(plugins):
    assert [each.name for each in plugins.subscribers(submitted(), "lamp")] == ["notify.log", "lights.greet"]
    assert [each.name for each in plugins.subscribers(submitted(), "cable")] == ["notify.log"]


def test_a_plugin_that_a_jurisdiction_left_out_hears_nothing_of_it_and_one_built_in_always_does(plugins):
    assert [each.name for each in plugins.subscribers(submitted(), "lamp", {"zebra"})] == ["notify.log"]


def test_what_is_offered_is_what_a_request_will_carry_with_it():
    """A list where the declaration says tuple comes back from storage as a tuple: both must be the same."""
    module = ModuleType("listed")
    module.request_types = hookimpl(lambda: [structs.replace(request_type("lamp"), keywords=[NAME])])
    plugins = load_plugins([DiscoveredPlugin.of("listed", module)])
    assert plugins.troubles == ()
    assert plugins.request_types["lamp"].keywords == (NAME,)


def test_the_order_of_finding_changes_nothing():
    found = [plugin("b", "two"), plugin("a", "one")]
    assert [each.code for each in load_plugins(found).types_of()] == [
        each.code for each in load_plugins(found[::-1]).types_of()
    ]


def test_an_empty_house_opens():
    plugins = load_plugins([])
    assert plugins.types_of() == ()
    assert plugins.subscribers(submitted(), "lamp") == ()


def test_an_origin_without_distribution_is_just_its_name():
    assert str(Origin(name="mine")) == "mine"


def test_a_mistake_is_placed_in_nothing_when_nothing_declares_it():
    assert str(DeclarationMistake(where="", what="a", now_what="b")) == "a · the plugin is left out · b"


async def deliver(event, request, connection):
    return None


def connecting(plugin: str, connector: str = "", *, distribution: str = "") -> DiscoveredPlugin:
    module = ModuleType(plugin)
    named = (
        [Connector(name=connector, title=NAME, address="https://example.org", events=(Submitted,), deliver=deliver)]
        if connector
        else []
    )
    module.connectors = hookimpl(lambda: named)
    return DiscoveredPlugin.of(plugin, module, distribution=distribution or f"parvis-{plugin}", version="1")


def test_a_connector_with_the_name_of_another_plugin_is_not_offered_and_reads_nothing_that_it_remembers():
    found = load_plugins([connecting("victim", "ours"), connecting("thief", "victim")])
    assert (set(found.by_name), set(found.connectors)) == ({"victim", "thief"}, {"ours"})
    (trouble,) = found.troubles
    assert str(trouble).startswith("thief (parvis-thief 1) · connectors() · the plugin name 'victim' belongs to")


def test_a_plugin_with_the_name_of_a_connector_that_was_there_is_left_out():
    loaded = load_plugins([connecting("victim", "crm"), connecting("crm", "more")])
    known = {("connectors", "crm"): Owner(kind="connectors", name="crm", plugin="victim", distribution="parvis-victim")}
    found = claimed(loaded, known)
    assert (set(found.by_name), set(found.connectors)) == ({"victim"}, {"crm"})
    (trouble,) = found.troubles
    assert str(trouble).startswith("crm (parvis-crm 1) · entry point · the connector 'crm' belongs to parvis-victim")


def test_the_name_of_a_plugin_that_is_gone_becomes_no_connector_of_a_stranger():
    known = {("plugins", "victim"): Owner(kind="plugins", name="victim", plugin="victim", distribution="parvis-victim")}
    loaded = load_plugins([connecting("thief", "victim")])
    assert claimed(loaded, known).connectors == {}
    assert set(claimed(load_plugins([connecting("victim", "victim")]), known).connectors) == {"victim"}
