"""Everything a plugin may plug in: each hook is asked once, synchronously, at start-up, and answers with plain nouns.

A plugin is a module `plugin.py`, named by an entry point in the group `parvis`, that holds hooks and nothing else:

    from parvis_sdk.hooks import hookimpl

    @hookimpl
    def request_types():
        return [POTHOLE]

An implementation takes only the arguments it needs. It answers a list; it does no input or output, and is no coroutine.
"""

from collections.abc import Sequence
from typing import Any

import pluggy
from msgspec import Struct

from parvis_sdk.channels import Channel
from parvis_sdk.chores import Chore
from parvis_sdk.commands import Command
from parvis_sdk.connectors import Connector
from parvis_sdk.document_renderers import DocumentRenderer
from parvis_sdk.endpoints import Endpoint
from parvis_sdk.figures import Figure
from parvis_sdk.file_stores import FileStore
from parvis_sdk.identity_providers import IdentityProvider
from parvis_sdk.locators import Locator
from parvis_sdk.pages import Page
from parvis_sdk.panels import Panel
from parvis_sdk.payments import PaymentProvider
from parvis_sdk.request_types import RequestType
from parvis_sdk.subscriptions import Subscription
from parvis_sdk.virus_scanners import VirusScanner

hookspec = pluggy.HookspecMarker("parvis")
hookimpl = pluggy.HookimplMarker("parvis")


@hookspec
def settings() -> type[Struct]:
    """The struct of this plugin's settings, filled from `[plugins.<name>]` and `PARVIS_<NAME>_...` and given to the
    other hooks as `settings`.

    Example:

        class Settings(msgspec.Struct, frozen=True, kw_only=True):
            base_url: str = "https://erp.example.org"

        @hookimpl
        def settings():
            return Settings
    """
    raise NotImplementedError


@hookspec
def request_types() -> Sequence[RequestType]:
    """The request types that this plugin adds.

    Example:

        @hookimpl
        def request_types():
            return [POTHOLE, STREET_LIGHT]
    """
    raise NotImplementedError


@hookspec
def subscriptions(settings: Any) -> Sequence[Subscription]:
    """The events that this plugin subscribes to, each with its handler.

    Example:

        @on(Submitted, types=("pothole",))
        async def greet(event, request):
            return Outcome(note=Text(fr="Merci !", en="Thank you!"))

        @hookimpl
        def subscriptions():
            return [greet]
    """
    raise NotImplementedError


@hookspec
def channels(settings: Any) -> Sequence[Channel]:
    """The ways of writing to people that this plugin adds.

    Example:

        class Pigeon:
            name = "pigeon"

            async def send(self, message):
                return "released"

        @hookimpl
        def channels():
            return [Pigeon()]
    """
    raise NotImplementedError


@hookspec
def connectors(settings: Any) -> Sequence[Connector]:
    """The connectors of this plugin. Leave out those without settings.

    Example:

        async def deliver(event, request, connection):
            answer = await connection.http.post("https://crew.example.org/jobs", json={"about": request.reference})
            made = answer.json()
            must_fit(request.reference, made["about"], made["number"])  # another request's is never kept as ours
            return Outcome(external_reference=made["number"])

        @hookimpl
        def connectors(settings):
            title = Text(fr="Équipes", en="Crews")
            crew = Connector(
                name="crew", title=title, address="https://crew.example.org", events=(Submitted,), deliver=deliver
            )
            return [crew]
    """
    raise NotImplementedError


@hookspec
def locators(settings: Any) -> Sequence[Locator]:
    """The finders of places that this plugin adds; a jurisdiction chooses one by its name.

    Example:

        @hookimpl
        def locators(settings):
            return [TownFile(settings.folder)]
    """
    raise NotImplementedError


@hookspec
def payments(settings: Any) -> Sequence[PaymentProvider]:
    """The ways of paying online that this plugin adds; a jurisdiction chooses one by its name.

    Example:

        @hookimpl
        def payments(settings):
            return [HostedPage(settings.base_url, settings.secret_key)]
    """
    raise NotImplementedError


@hookspec
def panels(settings: Any) -> Sequence[Panel]:
    """The boxes that this plugin adds to the page of one request, as data that the host draws.

    Example:

        async def order(request, connection):
            number = request.external_references.get("crew")
            return (Facts(rows=(Fact(label=Text(fr="Bon", en="Order"), value=number),)),) if number else ()

        @hookimpl
        def panels(settings):
            return [Panel(code="order", title=Text(fr="Travaux", en="Works"), shown_to=("desk",), show=order)]
    """
    raise NotImplementedError


@hookspec
def chores(settings: Any) -> Sequence[Chore]:
    """What this plugin does again and again, for each town that has it, by the calendar of the town.

    Example:

        async def compare(town, connection):
            answer = await connection.http.get("https://crew.example.org/jobs")
            return Done(count=len(answer.json()))

        @hookimpl
        def chores(settings):
            title = Text(fr="Comparaison des bons", en="Orders compared")
            return [Chore(code="compare", title=title, turns=Daily(at=time(4, 30)), work=compare)]
    """
    raise NotImplementedError


@hookspec
def virus_scanners(settings: Any) -> Sequence[VirusScanner]:
    """The antivirus that this plugin adds; the operator chooses one by its name, in `files.scanner`.

    Example:

        @hookimpl
        def virus_scanners(settings):
            return [ClamAV(settings)] if settings.address else []
    """
    raise NotImplementedError


@hookspec
def identity_providers(settings: Any) -> Sequence[IdentityProvider]:
    """The identity providers that this plugin adds; each town chooses which of them it accepts.

    Example:

        @hookimpl
        def identity_providers(settings):
            title = Text(fr="Annuaire de la Ville", en="Directory of the town")
            return [
                IdentityProvider(
                    name="directory", title=title, issuer="https://login.example.org/valclair", client_id="parvis"
                )
            ]
    """
    raise NotImplementedError


@hookspec
def file_stores(settings: Any) -> Sequence[FileStore]:
    """The places for contents of files that this plugin adds; the operator chooses one by its name, in `files.store`.

    Example:

        @hookimpl
        def file_stores(settings):
            return [Bucket(settings)] if settings.bucket else []
    """
    raise NotImplementedError


@hookspec
def document_renderers(settings: Any) -> Sequence[DocumentRenderer]:
    """The document renderers that this plugin adds; each town chooses in `documents.toml` what they render.

    Example:

        async def render(document, connection):
            answer = await connection.http.post("https://print.example.org/pdf", json={"words": document.pages[0].body})
            return RenderedFile(content=answer.content)

        @hookimpl
        def document_renderers(settings):
            title = Text(fr="Gros caractères", en="Large print")
            return [DocumentRenderer(name="large_print", title=title, render=render)]
    """
    raise NotImplementedError


@hookspec
def pages(settings: Any) -> Sequence[Page]:
    """The pages that this plugin adds, each with a menu line, as data that the host draws.

    Example:

        async def orders(view, connection):
            label = Text(fr="Requête", en="Request")
            rows = tuple(Fact(label=label, value=RequestReference(reference=each.reference)) for each in view.kept)
            return (Facts(rows=rows),) if rows else ()

        @hookimpl
        def pages(settings):
            title = Text(fr="Bons de travail", en="Work orders")
            return [Page(code="orders", title=title, shown_to=("desk",), roles=("agent", "manager"), show=orders)]
    """
    raise NotImplementedError


@hookspec
def endpoints(settings: Any) -> Sequence[Endpoint]:
    """The addresses of this plugin that other systems call, under `/api/v1/plugins/<plugin>/<code>`.

    Example:

        async def jobs(asked):
            return EndpointAnswer(json={"town": asked.town.code, "for": asked.caller})

        @hookimpl
        def endpoints(settings):
            title = Text(fr="Travaux en cours", en="Works under way")
            return [Endpoint(code="jobs", title=title, auth=WithKey(scope="requests:read"), answer=jobs)]
    """
    raise NotImplementedError


@hookspec
def commands(settings: Any) -> Sequence[Command]:
    """What an operator types after `parvis <plugin>`.

    Example:

        async def ping(run):
            answer = await run.connection.http.get("https://crew.example.org/")
            run.write(f"HTTP {answer.status_code}")

        @hookimpl
        def commands(settings):
            return [Command(code="ping", title=Text(fr="Joindre les équipes", en="Reach the crews"), run=ping)]
    """
    raise NotImplementedError


@hookspec
def figures(settings: Any) -> Sequence[Figure]:
    """The figures that this plugin adds to the dashboard of a town, to its sheets and to its API.

    Example:

        async def open_orders(view, connection):
            return sum(1 for each in view.requests if "closed" not in each.remembered)

        @hookimpl
        def figures(settings):
            title = Text(fr="Bons ouverts", en="Open orders")
            which = Text(fr="Les bons qui ne sont pas fermés.", en="The orders that are not closed.")
            return [Figure(code="open-orders", title=title, explanation=which, count=open_orders)]
    """
    raise NotImplementedError
