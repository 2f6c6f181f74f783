"""The contract as tests to inherit: if they pass, the host accepts the plugin.

from parvis_sdk.testing import PluginContract
from parvis_example import plugin

class TestContract(PluginContract):
    plugin = plugin
"""

import asyncio
import inspect
from collections.abc import Collection, Iterable
from pathlib import Path
from random import Random
from types import ModuleType
from typing import Any, ClassVar

import httpx
import msgspec

from parvis_sdk.chores import Chore
from parvis_sdk.connectors import Connector
from parvis_sdk.contact_methods import mistakes_in
from parvis_sdk.figures import Figure
from parvis_sdk.finding import Scope
from parvis_sdk.identity_providers import provider_mistakes
from parvis_sdk.lines import where_declared, where_function_is
from parvis_sdk.made_of import strange_words
from parvis_sdk.pages import Kept, Page
from parvis_sdk.panels import stray_mistakes
from parvis_sdk.plugin_mistakes import mistakes_among
from parvis_sdk.request_types import RequestType, dump_type, load_type, nouns_of
from parvis_sdk.scope_mistakes import finds_mistakes
from parvis_sdk.subscription_mistakes import subscription_mistakes
from parvis_sdk.subscriptions import Subscription
from parvis_sdk.testing.agreement import schema_mistakes, unlike_readings
from parvis_sdk.testing.blocking_calls import blocking_calls
from parvis_sdk.testing.chores import mistakes_of_chore
from parvis_sdk.testing.commands import mistakes_of_command
from parvis_sdk.testing.connected import (
    mistakes_of_somebody_else,
    mistakes_of_twice,
    mistakes_of_weather,
    served,
    told_of,
)
from parvis_sdk.testing.declared_codes import codes_of
from parvis_sdk.testing.endpoints import mistakes_among_endpoints, mistakes_of_endpoint
from parvis_sdk.testing.figures import figure_counted_mistakes
from parvis_sdk.testing.handlers import function_of, handler_mistakes
from parvis_sdk.testing.hostile import hostile_answers_for, hostile_value
from parvis_sdk.testing.imports import forbidden_imports
from parvis_sdk.testing.moves import move_mistakes
from parvis_sdk.testing.pages import page_shown_mistakes
from parvis_sdk.testing.panels import shown_mistakes
from parvis_sdk.testing.plugins import NOUNS, answer_of, hook_mistakes, written_at
from parvis_sdk.testing.renderers import rendering_mistakes
from parvis_sdk.testing.scanners import scanning_mistakes
from parvis_sdk.testing.stores import keeping_mistakes
from parvis_sdk.testing.texts import misprints, missing_words, place_in, unlike_placeholders
from parvis_sdk.testing.town import MORNING

OTHERWISE = (
    "it is declared otherwise when it is asked for again · requests of one day are unlike those of the next"
    " · declare it once, without the time, chance or a count"
)


class PluginContract:
    """Inherit these tests under a name that begins with `Test`, and set `plugin` to the module with the hooks.

    `settings` is what the hooks get; `languages` are those in which every text must be there; `tries` is how many
    sets of answers are made by chance for each request type. `samples` and `other_system` say what connectors are
    told of and who answers them. `of_others` are the codes of types of other plugins whose events this one receives;
    `seconds` is how long a handler may take for one event.
    """

    plugin: ClassVar[ModuleType]
    settings: ClassVar[Any] = None
    languages: ClassVar[tuple[str, ...]] = ("fr", "en")
    tries: ClassVar[int] = 15
    of_others: ClassVar[tuple[str, ...]] = ()
    seconds: ClassVar[float] = 5.0

    def types(self) -> tuple[RequestType, ...]:
        """The request types of the plugin."""
        return tuple(answer_of(self.plugin, "request_types", self.settings))

    def sound_types(self) -> tuple[RequestType, ...]:
        """The types without a mistake; a separate test reports the others once."""
        return tuple(each for each in self.types() if is_sound(each))

    def subscriptions(self) -> tuple[Subscription, ...]:
        """The subscriptions of the plugin."""
        return tuple(answer_of(self.plugin, "subscriptions", self.settings))

    def connectors(self) -> tuple[Connector, ...]:
        """The connectors of the plugin."""
        return tuple(answer_of(self.plugin, "connectors", self.settings))

    def samples(self, connector: Connector) -> tuple[RequestType, ...]:
        """The request types used to test connectors; override it with those that the mapping names."""
        return served(connector, self.types())

    def other_system(self, connector: Connector) -> httpx.AsyncBaseTransport:
        """The system that answers when an event is sent twice; override it with an `Exchange` or your own stand-in."""
        return httpx.MockTransport(lambda asked: httpx.Response(200, json={}))

    def system_of_chore(self, chore: Chore) -> httpx.AsyncBaseTransport:
        """The system that answers a chore that runs twice: that of its connector, or one that returns {}."""
        connector = next((each for each in self.connectors() if each.name == chore.connector), None)
        if connector is not None:
            return self.other_system(connector)
        return httpx.MockTransport(lambda asked: httpx.Response(200, json={}))

    def remembered_of_requests(self, page: Page | Figure) -> tuple[Kept, ...]:
        """What the plugin may remember of requests when that page is opened, or that figure counted; override it to
        say some."""
        return ()

    def test_every_hook_is_known_and_marked_and_answers_at_once(self) -> None:
        nothing_in(hook_mistakes(self.plugin))

    def test_every_hook_answers_a_list_of_the_right_nouns(self) -> None:
        for hook, noun in NOUNS.items():
            answer = answer_of(self.plugin, hook, self.settings)
            nothing_in(
                f"{hook}() answered {each!r}, which is no {noun.__name__}"
                for each in answer
                if not isinstance(each, noun)
            )
            nothing_in(f"{hook}() · {mistake}" for each in answer for mistake in strange_words(each))

    def test_each_channel_says_rightly_how_people_are_reached(self) -> None:
        channels = answer_of(self.plugin, "channels", self.settings)
        methods = ((each.name, getattr(each, "contact_method", None)) for each in channels)
        nothing_in(mistake.fr for name, method in methods if method for mistake in mistakes_in(method, name))

    def test_no_request_type_has_a_mistake(self) -> None:
        nothing_in(
            at_line(where_declared(request_type, mistake, self.plugin), mistake)
            for request_type in self.types()
            for mistake in request_type.mistakes()
        )

    def test_no_two_request_types_are_in_each_others_way(self) -> None:
        nothing_in(
            at_line(where_declared(request_type, mistake, self.plugin), mistake)
            for request_type, mistake in mistakes_among(self.types())
        )

    def test_every_text_is_there_in_each_language(self) -> None:
        for request_type in self.sound_types():
            nothing_in(self.texts_of(request_type, missing_words(request_type, self.languages)))

    def test_a_text_has_the_same_placeholders_in_each_language(self) -> None:
        for request_type in self.sound_types():
            nothing_in(self.texts_of(request_type, unlike_placeholders(request_type)))

    def test_french_is_set_as_in_print(self) -> None:
        for request_type in self.sound_types():
            nothing_in(self.texts_of(request_type, misprints(request_type)))

    def texts_of(self, request_type: RequestType, mistakes: Iterable[str]) -> Iterable[str]:
        """Mistakes in the texts of a type, each with its line and its type."""
        for mistake in mistakes:
            line = where_declared(request_type, place_in(mistake.partition(": ")[0]), self.plugin)
            yield at_line(line, f"request type {request_type.code!r} · {mistake}")

    def test_a_code_names_one_thing_and_stays(self) -> None:
        codes = [request_type.code for request_type in self.types()]
        nothing_in(f"two request types have the code {code!r}" for code in set(codes) if codes.count(code) > 1)
        kept = Path(inspect.getfile(type(self))).parent / "codes.txt"
        if kept.exists():
            known = set(kept.read_text(encoding="utf-8").split())
            gone = sorted(known - set(codes_of(self.types())))
            nothing_in(f"the code {code!r} is in codes.txt and is not declared any more" for code in gone)

    def test_a_declaration_is_the_same_however_often_it_is_asked_for(self) -> None:
        again = {request_type.code: request_type for request_type in self.types()}
        nothing_in(
            at_line(where_declared(request_type, place_in(""), self.plugin), f"request type {code!r} · {OTHERWISE}")
            for request_type in self.sound_types()
            if (code := request_type.code) not in again or dump_type(again[code]) != dump_type(request_type)
        )

    def test_a_declaration_comes_back_from_storage_as_it_was(self) -> None:
        for request_type in self.sound_types():
            assert load_type(dump_type(request_type), nouns_of(request_type)) == request_type, (
                f"{request_type.code} comes back changed: use tuples where tuples belong"
            )

    def test_the_json_schema_is_right_and_agrees_with_the_form(self) -> None:
        nothing_in(
            mistake
            for request_type in self.sound_types()
            for mistake in schema_mistakes(request_type, range(self.tries))
        )

    def test_a_page_and_a_machine_are_read_the_same(self) -> None:
        nothing_in(
            mistake
            for request_type in self.sound_types()
            for mistake in unlike_readings(request_type, range(self.tries))
        )

    def test_what_nobody_should_send_is_answered_and_never_raises(self) -> None:
        for request_type in self.sound_types():
            for seed in range(self.tries):
                random = Random(seed)
                raw = {"answers": hostile_answers_for(request_type.form, random), "place": hostile_value(random)}
                raw |= {"requester": hostile_value(random), "language": hostile_value(random)}
                msgspec.json.encode(request_type.read(raw, channel="api", today=MORNING.date()))

    def test_every_transition_can_be_made_from_each_of_its_states(self) -> None:
        nothing_in(
            mistake for request_type in self.sound_types() for mistake in move_mistakes(request_type, range(self.tries))
        )

    def test_every_workflow_is_drawn_whole(self) -> None:
        for request_type in self.sound_types():
            for language in self.languages:
                drawn = request_type.workflow.diagram(language)
                left_out = [state.code for state in request_type.workflow.states if f"    {state.code} : " not in drawn]
                nothing_in(f"{request_type.code}: the state {code!r} is not drawn" for code in left_out)

    def test_every_subscription_is_to_what_exists(self) -> None:
        names = [each.name for each in self.subscriptions()]
        nothing_in(
            f"{written_at(function_of(each))} · two subscriptions have the name {each.name!r}"
            " · the deliveries of both would be those of one · give each its own"
            for number, each in enumerate(self.subscriptions())
            if each.name in names[:number]
        )
        types = {each.code: each for each in self.types()}
        nothing_in(
            f"{written_at(function_of(each))} · {mistake}"
            for each in self.subscriptions()
            for mistake in subscription_mistakes(each, types, elsewhere=self.of_others, whole=False)
        )

    def test_everything_that_can_happen_is_heard_twice_in_every_state(self) -> None:
        for each in self.subscriptions():
            nothing_in(str(mistake) for mistake in handler_mistakes(each, self.sound_types(), self.seconds))

    def test_a_connector_that_is_told_twice_answers_and_names_one_thing(self) -> None:
        for each in self.connectors():
            nothing_in(asyncio.run(mistakes_of_twice(each, told_of(each, self.samples(each)), self.other_system)))

    def test_a_connector_keeps_nothing_of_a_system_that_answers_about_somebody_else(self) -> None:
        for each in self.connectors():
            told = told_of(each, self.samples(each))
            nothing_in(asyncio.run(mistakes_of_somebody_else(each, told, self.other_system)))

    def test_a_connector_bears_every_weather(self) -> None:
        for each in self.connectors():
            nothing_in(asyncio.run(mistakes_of_weather(each, told_of(each, self.samples(each)))))

    def test_every_panel_shows_what_can_be_drawn_of_requests_in_every_state(self) -> None:
        panels = answer_of(self.plugin, "panels", self.settings)
        codes = [each.code for each in panels]
        nothing_in(f"two panels have the code {code!r}" for code in set(codes) if codes.count(code) > 1)
        known = (*(each.code for each in self.types()), *self.of_others)
        for each in panels:
            nothing_in(self.strays(each, f"panel {each.code!r}", each.types, known))
            nothing_in(self.stray_scopes(each.finds, f"panel {each.code!r}", each.show))
            nothing_in(str(mistake) for mistake in shown_mistakes(each, self.types(), self.languages))

    def test_every_chore_ends_well_twice_and_without_its_other_system(self) -> None:
        chores = answer_of(self.plugin, "chores", self.settings)
        codes, known = [each.code for each in chores], {each.name: each for each in self.connectors()}
        nothing_in(f"two chores have the code {code!r}" for code in set(codes) if codes.count(code) > 1)
        strange = (each for each in chores if each.connector and each.connector not in known)
        nothing_in(f"chore {each.code!r} names no connector of its plugin: {each.connector!r}" for each in strange)
        for each in chores:
            system = self.system_of_chore(each)
            nothing_in(self.stray_scopes(each.finds, f"chore {each.code!r}", each.work))
            nothing_in(str(mistake) for mistake in mistakes_of_chore(each, system, self.languages, self.types()))

    def test_every_virus_scanner_judges_or_says_that_it_cannot(self) -> None:
        for each in answer_of(self.plugin, "virus_scanners", self.settings):
            nothing_in(str(mistake) for mistake in scanning_mistakes(each))

    def test_every_identity_provider_is_declared_as_the_host_reads_it(self) -> None:
        providers = answer_of(self.plugin, "identity_providers", self.settings)
        names = [each.name for each in providers]
        line = where_function_is(getattr(self.plugin, "identity_providers", None), self.plugin)
        nothing_in(f"two identity providers have the name {name!r}" for name in set(names) if names.count(name) > 1)
        nothing_in(at_line(line, mistake) for each in providers for mistake in provider_mistakes(each))
        nothing_in(
            f"identity provider {each.name!r} · title · {mistake}"
            for each in providers
            for mistake in missing_words(each.title, self.languages)
        )

    def test_every_file_store_keeps_or_says_that_it_cannot(self) -> None:
        for each in answer_of(self.plugin, "file_stores", self.settings):
            nothing_in(str(mistake) for mistake in keeping_mistakes(each))

    def test_every_document_renderer_makes_whole_files_that_can_be_verified(self) -> None:
        renderers = answer_of(self.plugin, "document_renderers", self.settings)
        names = [each.name for each in renderers]
        nothing_in(f"two document renderers have the name {name!r}" for name in set(names) if names.count(name) > 1)
        for each in renderers:
            nothing_in(str(mistake) for mistake in rendering_mistakes(each, self.languages))

    def test_every_page_shows_what_can_be_drawn(self) -> None:
        pages = answer_of(self.plugin, "pages", self.settings)
        codes = [each.code for each in pages]
        nothing_in(f"two pages have the code {code!r}" for code in set(codes) if codes.count(code) > 1)
        for each in pages:
            nothing_in(self.strays(each, f"page {each.code!r}"))
            kept = self.remembered_of_requests(each)
            nothing_in(str(mistake) for mistake in page_shown_mistakes(each, kept, self.languages))

    def test_every_figure_counts_what_can_be_shown(self) -> None:
        figures = answer_of(self.plugin, "figures", self.settings)
        codes = [each.code for each in figures]
        nothing_in(f"two figures have the code {code!r}" for code in set(codes) if codes.count(code) > 1)
        for each in figures:
            nothing_in(self.strays(each, f"figure {each.code!r}"))
            nothing_in(self.stray_scopes(each.finds, f"figure {each.code!r}", each.count))
            kept = self.remembered_of_requests(each)
            nothing_in(str(mistake) for mistake in figure_counted_mistakes(each, kept, self.languages))

    def strays(self, shown: Any, noun: str, types: Iterable[str] = (), known: Collection[str] = ()) -> Iterable[str]:
        """Unknown names used by something that is shown, each with its line."""
        own = [each.name for each in self.connectors()]
        for mistake in stray_mistakes(noun, types, shown.connector, known, own):
            yield at_line(written_at(shown.count if isinstance(shown, Figure) else shown.show), mistake)

    def stray_scopes(self, finds: tuple[Scope, ...], noun: str, function: Any) -> Iterable[str]:
        """Unknown names used by the scopes of a noun, each with its line."""
        known = {each.code: each for each in self.types()}
        for mistake in finds_mistakes(noun, finds, known, elsewhere=self.of_others):
            yield at_line(written_at(function), mistake)

    def test_every_endpoint_answers_what_anybody_may_send(self) -> None:
        endpoints, known = answer_of(self.plugin, "endpoints", self.settings), [each.name for each in self.connectors()]
        codes = [each.code for each in endpoints]
        nothing_in(f"two endpoints have the code {code!r}" for code in set(codes) if codes.count(code) > 1)
        strange = (each for each in endpoints if each.connector and each.connector not in known)
        nothing_in(f"endpoint {each.code!r} names no connector of its plugin: {each.connector!r}" for each in strange)
        for each in endpoints:
            nothing_in(str(mistake) for mistake in mistakes_of_endpoint(each, self.languages))
        nothing_in(str(mistake) for mistake in mistakes_among_endpoints(endpoints))

    def test_every_command_ends_well_without_its_other_system(self) -> None:
        commands = answer_of(self.plugin, "commands", self.settings)
        codes = [each.code for each in commands]
        nothing_in(f"two commands have the code {code!r}" for code in set(codes) if codes.count(code) > 1)
        for each in commands:
            nothing_in(str(mistake) for mistake in mistakes_of_command(each, self.languages))

    def test_nothing_that_is_async_blocks(self) -> None:
        nothing_in(str(mistake) for mistake in blocking_calls(self.plugin))

    def test_it_imports_the_sdk_and_nothing_of_the_host(self) -> None:
        nothing_in(forbidden_imports(self.plugin))


_JUDGED: dict[int, tuple[RequestType, bool]] = {}  # by id, beside what keeps the id from being given away


def is_sound(request_type: RequestType) -> bool:
    """Whether a declaration has no mistake; computed once per run."""
    judged = _JUDGED.get(id(request_type))
    if judged is None:
        judged = _JUDGED[id(request_type)] = (request_type, not request_type.mistakes())
    return judged[1]


def at_line(line: str, said: object) -> str:
    """The message, preceded by its file and line if known."""
    return f"{line} · {said}" if line else str(said)


def nothing_in(mistakes: Iterable[str]) -> None:
    """Fails with every mistake on a line of its own."""
    found = list(mistakes)
    if found:
        raise AssertionError("\n".join(found))
