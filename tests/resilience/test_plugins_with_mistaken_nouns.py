"""Bad plugins, third row: declarations that cannot work, with file and line, and names that two plugins claim."""

from parvis.plugins import PluginRegistry
from parvis.plugins.discovery import find_plugins
from parvis.plugins.loading import load_plugins

PLUGIN = """
from parvis_sdk.hooks import hookimpl
from parvis_bad.lamp import LAMP

@hookimpl
def request_types():
    return [LAMP]
"""


def opened() -> PluginRegistry:
    found, troubles = find_plugins()
    return load_plugins(found, troubles=troubles)


def messages(plugins: PluginRegistry, name: str = "bad") -> list[str]:
    return [str(trouble) for trouble in plugins.troubles if trouble.plugin == name]


def line_of(source: str, words: str) -> int:
    return source[: source.index(words)].count("\n") + 1


def test_a_state_nobody_can_reach_is_named_with_its_line(install, good):
    approved = 'State(code="approved", title=Text(fr="Accordée"), phase=Phase.DECIDED),'
    source = good.replace('            State(code="done"', f'            {approved}\n            State(code="done"')
    install("bad", {"plugin.py": PLUGIN, "lamp.py": source})
    line = line_of(source, 'State(code="approved"')
    plugins = opened()
    assert messages(plugins) == [
        f"bad (parvis-bad 1.2.3) · request_types() · parvis_bad/lamp.py:{line}"
        " · request type 'lamp' · state 'approved' can never be reached"
        " · the plugin is left out · add a transition to it or remove it"
    ]
    assert plugins.request_types == {}


def test_every_mistake_of_a_declaration_is_told_at_once_each_with_its_line(install, good):
    source = good.replace('YesNo(code="danger"', 'YesNo(code="Danger!"').replace('target="done"', 'target="gone"')
    install("bad", {"plugin.py": PLUGIN, "lamp.py": source})
    head = "bad (parvis-bad 1.2.3) · request_types() · parvis_bad/lamp.py"
    danger = line_of(source, 'YesNo(code="Danger!"')
    done = line_of(source, 'State(code="done"')
    close = line_of(source, 'Transition(code="close"')
    assert messages(opened()) == [
        f"{head}:{danger} · request type 'lamp' · field 'Danger!' · 'Danger!' cannot be a code"
        " · the plugin is left out · use lowercase letters, digits and _, starting with a letter, 60 at most",
        f"{head}:{close} · request type 'lamp' · transition 'close' · there is no state 'gone'"
        " · the plugin is left out · declare it or correct its code",
        f"{head}:{done} · request type 'lamp' · state 'done' can never be reached"
        " · the plugin is left out · add a transition to it or remove it",
    ]


def test_a_part_declared_in_another_file_is_found_there(install, good):
    before, _, rest = good.partition("    workflow=Workflow(")
    flow, _, after = rest.partition("    retention=")
    names = (
        "from parvis_sdk.requests import Phase\nfrom parvis_sdk.text import Text\nfrom parvis_sdk.workflow import *\n"
    )
    workflow = f"{names}\nFLOW = Workflow({flow.rstrip().rstrip(',')}\n".replace(
        "phase=Phase.CLOSED", "phase=Phase.DECIDED"
    )
    workflow = workflow.replace('sources=("new",)', 'sources=("old",)')
    lamp = f"from parvis_bad.workflow import FLOW\n{before}    workflow=FLOW,\n    retention={after}"
    install("bad", {"plugin.py": PLUGIN, "lamp.py": lamp, "workflow.py": workflow})
    told = messages(opened())
    assert told[0].startswith(
        f"bad (parvis-bad 1.2.3) · request_types() · parvis_bad/workflow.py:{line_of(workflow, 'Transition(code=')}"
        " · request type 'lamp' · transition 'close' · there is no state 'old' · "
    )
    assert told[-1] == (
        f"bad (parvis-bad 1.2.3) · request_types() · parvis_bad/lamp.py:{line_of(lamp, 'workflow=FLOW')}"
        " · request type 'lamp' · workflow · no state is of phase 'closed'"
        " · the plugin is left out · declare how a request of this kind ends"
    )


def test_a_type_made_on_the_fly_is_named_with_the_line_of_the_hook(install, good):
    source = good.replace(
        "    return [LAMP]",
        "    from msgspec import structs\n    return [structs.replace(LAMP, version=2, retention=Retention(days=0))]",
    )
    install("bad", source)
    assert messages(opened()) == [
        f"bad (parvis-bad 1.2.3) · request_types() · parvis_bad/plugin.py:{line_of(source, '@hookimpl')}"
        " · request type 'lamp' · retention · 0 days is no time · the plugin is left out · give a day or more"
    ]


def test_words_where_a_text_belongs_are_told_with_their_place(install, good):
    source = good.replace('title=Text(fr="Lampadaire", en="Street light")', 'title="Lampadaire"')
    install("bad", source)
    line = line_of(source, 'title="Lampadaire"')
    assert messages(opened()) == [
        f"bad (parvis-bad 1.2.3) · request_types() · parvis_bad/plugin.py:{line}"
        " · request type 'lamp' · title · it is 'Lampadaire' instead of Text"
        " · the plugin is left out · write Text(fr=…, en=…)"
    ]


def test_two_plugins_with_one_code_are_both_named_and_neither_wins(install, good):
    install("acme", good)
    install("lights", good.replace('code="lamp"', 'code="lamp"'), version="2.0")
    install("other", good.replace('code="lamp"', 'code="bench"'))
    plugins = opened()
    assert [str(trouble) for trouble in plugins.troubles] == [
        "acme (parvis-acme 1.2.3) and lights (parvis-lights 2.0) · request_types() · both claim the request type 'lamp'"
        " · neither is offered · uninstall one of them, or rename it in one"
    ]
    assert set(plugins.request_types) == {"bench"}
    assert [request_type.code for request_type in plugins.types_of()] == ["bench"]
    assert set(plugins.by_name) == {"acme", "lights", "other"}


def test_two_request_types_of_one_plugin_with_one_code_leave_it_out(install, good):
    install("bad", good.replace("return [LAMP]", "return [LAMP, LAMP]"))
    (message,) = messages(opened())
    assert " · two request types have the name 'lamp' · the plugin is left out · give each its own" in message


CHANNEL = """
from parvis_sdk.hooks import hookimpl

class Pigeon:
    name = "pigeon"

    async def send(self, message):
        return ""

@hookimpl
def channels():
    return [Pigeon()]
"""


def test_two_channels_with_one_name_are_both_named_and_neither_wins(install):
    install("one", CHANNEL)
    install("two", CHANNEL)
    plugins = opened()
    assert [str(trouble) for trouble in plugins.troubles] == [
        "one (parvis-one 1.2.3) and two (parvis-two 1.2.3) · channels() · both claim the channel 'pigeon'"
        " · neither is offered · uninstall one of them, or rename it in one"
    ]
    assert plugins.channels == {}


def test_a_channel_whose_send_is_not_async_is_refused(install):
    install("bad", CHANNEL.replace("async def send", "def send"))
    assert messages(opened()) == [
        "bad (parvis-bad 1.2.3) · channels() · parvis_bad/plugin.py:10"
        " · channel 'pigeon' has a send() that is not async · the plugin is left out · write it with `async def`"
    ]


SUBSCRIPTION = """
from parvis_sdk.events import Submitted
from parvis_sdk.hooks import hookimpl
from parvis_sdk.subscriptions import on

@on(Submitted)
async def greet(event, request):
    return None

@hookimpl
def subscriptions():
    return [greet]
"""


def test_a_handler_that_is_not_async_is_refused(install):
    install("bad", SUBSCRIPTION.replace("async def", "def"))
    assert messages(opened()) == [
        "bad (parvis-bad 1.2.3) · subscriptions() · parvis_bad/plugin.py:10"
        " · subscription 'greet' has a handler that is not async · the plugin is left out · write it with `async def`"
    ]


def test_a_need_that_is_unknown_is_refused(install):
    install("bad", SUBSCRIPTION.replace("@on(Submitted)", "@on(Submitted, needs=('secrets',))"))
    assert messages(opened()) == [
        "bad (parvis-bad 1.2.3) · subscriptions() · parvis_bad/plugin.py:10"
        " · subscription 'greet' needs 'secrets', which is unknown · the plugin is left out"
        " · use one of contact, personal, followers, attachments, fees"
    ]


def test_a_subscription_to_nothing_is_refused(install):
    install("bad", SUBSCRIPTION.replace("@on(Submitted)", "@on()"))
    assert messages(opened()) == [
        "bad (parvis-bad 1.2.3) · subscriptions() · parvis_bad/plugin.py:10 · subscription 'greet' names no event"
        " · the plugin is left out · give @on at least one class of parvis_sdk.events"
    ]


def test_a_noun_that_breaks_when_looked_at_is_contained(install, good):
    install("bad", CHANNEL.replace('name = "pigeon"', "name = property(lambda self: 1 / 0)"))
    install("lights", good)
    plugins = opened()
    assert messages(plugins) == [
        "bad (parvis-bad 1.2.3) · channels() · parvis_bad/plugin.py:5 · it raised ZeroDivisionError: division by zero"
        " · the plugin is left out · correct the hook: it must only declare, and depend on no other system"
    ]
    assert "lights" in plugins.by_name


def test_a_house_full_of_bad_plugins_opens_with_the_good_one(install, good):
    install("lights", good)
    install("a", "import a_module_nobody_has")
    install("b", "raise SystemExit")
    install("c", "")
    install("d", good.replace("return [LAMP]", "raise ValueError"))
    install("e", good.replace("return [LAMP]", "return 5"))
    install("f", good, requires="parvis-sdk>=99")
    plugins = opened()
    assert set(plugins.by_name) == {"lights"}
    assert {trouble.plugin for trouble in plugins.troubles} == set("abcdef")
