"""Turns a template and values into a page of one town, in one language, for one person."""

from collections.abc import Callable, Mapping, MutableMapping, Sequence
from functools import partial
from pathlib import Path
from types import BuiltinFunctionType, FunctionType, MethodType
from typing import Any, Literal, cast
from urllib.parse import urlencode

import markupsafe
import msgspec
from jinja2 import (
    BaseLoader,
    ChoiceLoader,
    Environment,
    FileSystemBytecodeCache,
    FileSystemLoader,
    PrefixLoader,
    StrictUndefined,
    nodes,
)
from jinja2.compiler import CodeGenerator, Frame, optimizeconst
from jinja2.runtime import Context, Macro
from jinja2.utils import missing
from litestar import Request, Response
from litestar.datastructures import Cookie
from litestar.enums import MediaType
from markupsafe import Markup

from parvis import i18n
from parvis.i18n import Catalogues
from parvis.jurisdictions import Jurisdiction, Jurisdictions
from parvis.jurisdictions.brand import Brand
from parvis.requests.host import Host
from parvis.requests.links import town_url
from parvis.web import formats
from parvis.web.addresses import Step, address, is_for_everybody, is_found
from parvis.web.assets import STATIC, read_manifest
from parvis.web.colours import sheet_name
from parvis.web.panels import box, page_part
from parvis.web.places import ITS_NAME, SlotItem, nouns_in
from parvis.web.security import VISITOR_COOKIE, allow_tiles, csrf_token, sent_visitor, visitor_of
from parvis.web.town import find_town, mark_of, town_of
from parvis_sdk import fields as kinds
from parvis_sdk.accepted_languages import wanted

TEMPLATES = Path(__file__).parent / "templates"
HOW = "shorter"  # the folder of what is kept compiled: code that was made otherwise is not taken for it
CONSTANTS = {"gettext": 1, "pgettext": 2}  # that a template gives them where it gives nothing else
PLAIN = (FunctionType, MethodType, BuiltinFunctionType, partial)
QUESTION = ("question", "page", "field", "values", "problems", "prefix", "kept", "rows")  # of `macros/fields.html`
_MOST = 400  # some kilobytes each
_BARE = {kinds.ShortText, kinds.LongText, kinds.Email, kinds.Phone, kinds.Number, kinds.Date, kinds.Time, kinds.YesNo}
_BARE |= {kinds.OneOf, kinds.SeveralOf, kinds.Photo, kinds.File, kinds.Consent}  # neither page nor day is asked
AnyRequest = Request[Any, Any, Any]


class MenuItem(msgspec.Struct, frozen=True, kw_only=True):
    """An entry of the bar at the top, or what holds several of them; `icon` is a name of `macros/icons.html`."""

    text: str
    href: str = ""
    icon: str = ""
    current: Literal["", "page", "true"] = ""  # this very page, or one that it stands within
    waiting: str = ""  # how many things wait there
    inside: tuple["MenuItem", ...] = ()


class Alternate(msgspec.Struct, frozen=True, kw_only=True):
    """The same page in another language of the town."""

    language: str
    name: str
    href: str


class FooterLink(SlotItem, frozen=True, kw_only=True):
    """A line at the end of every page of a town, where `when` says that it has any use for it.

    `steps` are the parts of its path, as `address` takes them.
    """

    IF_BROKEN = {"text": ITS_NAME, "when": False}
    steps: tuple[Step, ...]
    text: Callable[[], str]
    when: Callable[[Host, Jurisdiction], bool]
    slot: str = "footer"


ABOUT = "footer.about"
"""The slot of lines about the page on which they stand, which their page is told as `page`."""


class Page(msgspec.Struct, kw_only=True):
    """What every template may know of the page around it, as `page`."""

    town: Jurisdiction
    language: str
    path: str
    home: str
    alternates: tuple[Alternate, ...]
    menu: tuple[MenuItem, ...]
    person: Any
    request_id: str
    visitor: str
    secret: bytes
    links: tuple[MenuItem, ...] = ()  # that modules have at its end
    about: tuple[MenuItem, ...] = ()  # the same about the page itself, where everybody may read it
    host: Host | None = None  # whom functions ask that a template asks
    token: str = ""
    tiles_from: tuple[str, ...] = ()  # origins of the tiles under its map

    @property
    def is_found(self) -> bool:
        """Whether its address may be known to search engines, and shared."""
        return is_found(self.path)

    @property
    def root(self) -> str:
        """Where the pages of its town are, as others write it."""
        return town_url(self.host, self.town) if self.host else ""

    @property
    def canonical(self) -> str:
        """Its one address, without what a query says of the viewer."""
        path = self.path.rstrip("/")
        return self.root + (self.home if path == self.home.rstrip("/") else path)

    def translations(self, canonical: str) -> list[tuple[str, str]]:
        """The whole addresses of the page in each language, and in that of people who speak none of them."""
        queried = "?" in canonical
        found = {self.language: canonical}
        for other in self.alternates:
            found[other.language] = self.root + (other.href if queried else other.href.partition("?")[0])
        first = next((language for language in self.town.languages if language in found), self.language)
        return [*((f"{language}-CA", href) for language, href in found.items()), ("x-default", found[first])]

    @property
    def csrf(self) -> str:
        """One token for all forms of this page; asking for it makes the page one of its visitor's own."""
        self.token = self.token or csrf_token(self.secret, self.visitor)
        return self.token


class Pages:
    """The templates of the host, of its plugins and of the town, compiled once and rendered for each request.

    `asked` is what they may ask for beside, by the names that they call it.
    """

    def __init__(
        self,
        *,
        jurisdictions: Jurisdictions,
        secret: bytes,
        catalogues: Catalogues | None = None,
        plugin_templates: Mapping[str, BaseLoader] | None = None,
        asked: Mapping[str, Any] | None = None,
        town_templates: Path | None = None,
        compiled: Path | None = None,
        secure_cookies: bool = False,
        reload: bool = False,
    ) -> None:
        self.jurisdictions = jurisdictions
        self.secret = secret
        self.secure_cookies = secure_cookies
        self.catalogues = catalogues or i18n.core_catalogues()
        self.manifest = read_manifest()
        self.environment = environment(plugin_templates or {}, town_templates, compiled, reload)
        self.environment.globals.update(static=self.static, brand_sheet=brand_sheet_address, mark_of=mark_of)
        self.environment.globals.update(judge_address=judge_address, **(asked or {}))

    def static(self, name: str) -> str:
        """The address of a built file under its hashed name."""
        return f"{STATIC}/built/{self.manifest[name]}"

    def render(
        self,
        request: AnyRequest,
        template: str,
        *,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        cookies: Sequence[Cookie] = (),
        menu: Sequence[MenuItem] | None = None,
        person: Any = None,
        language: str | None = None,
        alternates: Mapping[str, str] | None = None,
        keep: bool = True,
        **values: Any,
    ) -> Response[str]:
        """The page. `keep=False` forbids any copy of it; `alternates` are paths by language, `{}` for none."""
        page = self.page(request, menu=menu, person=person, language=language, alternates=alternates)
        with self.catalogues.speaking(page.language, page.town.time_zone):
            html = self.environment.get_template(template).render(page=page, **values)
        if page.tiles_from:
            allow_tiles(request.scope, page.tiles_from)
        kept = "private, no-cache" if keep and person is None and not page.token else "private, no-store"
        sent = {"content-language": page.language, "cache-control": kept, "vary": "Cookie", **(headers or {})}
        all_cookies = [*cookies, *self._visitor_cookie(request, page)]
        return Response(html, status_code=status, media_type=MediaType.HTML, headers=sent, cookies=all_cookies)

    def page(
        self,
        request: AnyRequest,
        *,
        menu: Sequence[MenuItem] | None = None,
        person: Any = None,
        language: str | None = None,
        alternates: Mapping[str, str] | None = None,
    ) -> Page:
        town = town_of(request.scope) or find_town(self.jurisdictions, request.scope)
        language = language or language_of(request, town)
        home, path = f"/{language}/", request.url.path
        deployment = request.app.state.get("deployment")
        return Page(
            town=town,
            language=language,
            path=path,
            home=home,
            alternates=() if alternates == {} else other_languages(request, town, language, alternates or {}),
            menu=tuple(menu if menu is not None else portal_menu(self.catalogues, language, request.url.path)),
            person=person,
            request_id=request.scope["state"].get("request_id", ""),
            visitor=visitor_of(request),
            secret=self.secret,
            links=self._links(request, town, language, "footer"),
            host=deployment.host if deployment is not None else None,
            about=self._links(request, town, language, ABOUT, page=path) if is_for_everybody(path) else (),
        )

    def _links(
        self, request: AnyRequest, town: Jurisdiction, language: str, slot: str, **query: str
    ) -> tuple[MenuItem, ...]:
        deployment = request.app.state.get("deployment")
        if deployment is None:
            return ()
        there = nouns_in(request, deployment.host, town, FooterLink, slot)
        with self.catalogues.speaking(language):
            return tuple(
                MenuItem(text=each.text(), href=address(language, *each.steps, **query))
                for each in there
                if each.when(deployment.host, town)
            )

    def _visitor_cookie(self, request: AnyRequest, page: Page) -> list[Cookie]:
        if not page.token or sent_visitor(request):
            return []
        secure = self.secure_cookies
        return [Cookie(key=VISITOR_COOKIE, value=page.visitor, path="/", httponly=True, secure=secure, samesite="lax")]


def judge_address(language: str, type_code: str) -> str:
    """Where a map asks whose a point is for a type of request."""
    return address(language, ":place", type=type_code)


def brand_sheet_address(brand: Brand) -> str:
    return f"{STATIC}/brand/{sheet_name(brand)}.css"


def render(request: AnyRequest, template: str, **values: Any) -> Response[str]:
    """`Pages.render` of the running application: what a handler returns."""
    pages: Pages = request.app.state.pages
    return pages.render(request, template, **values)


class ShortCode(CodeGenerator):
    """Jinja's generator; it writes out what its functions do in the usual case, and calls them in all others."""

    def write_commons(self) -> None:
        super().write_commons()
        self.writeline("quoted, voice = environment.quoted, environment.voice")

    @optimizeconst
    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:
        name = repr(node.attr)
        self.write("(found if (found := getattr((owner := ")
        self.visit(node.node, frame)
        self.write(f"), {name}, missing)) is not missing else environment.getattr(owner, {name}) ")
        self.write(f"if type(owner) is not dict else owner[{name}] if {name} in owner ")
        self.write(f"else environment.undefined(obj=owner, name={name}))")

    @optimizeconst
    def visit_Call(self, node: nodes.Call, frame: Frame, forward_caller: bool = False) -> None:
        words = tuple(each.value for each in node.args if isinstance(each, nodes.Const))
        asked = CONSTANTS.get(node.node.name) if isinstance(node.node, nodes.Name) else None
        alone = len(words) == len(node.args) == asked and not (node.dyn_args or node.dyn_kwargs) and _is_usual(frame)
        if alone and not node.kwargs:
            return self.write(f"voice().words[{(words if asked == 2 else words[0])!r}]")
        if alone and asked == 1:
            self.write(f"(Markup(voice().translations.gettext({words[0]!r})) % {{")
            for each in node.kwargs:
                self.write(f"{each.key!r}: ")
                self.visit(each.value, frame)
                self.write(", ")
            return self.write("})")
        super().visit_Call(node, frame, forward_caller=forward_caller)

    def visit_Output(self, node: nodes.Output, frame: Frame) -> None:
        for each in node.nodes:
            if isinstance(each, nodes.CondExpr) and each.expr2 is None:
                each.expr2 = nodes.Const("")  # in place of an object that says nothing
        super().visit_Output(node, frame)

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if not _is_usual(frame):
            return super()._output_child_pre(node, frame, finalize)
        self.write("(quoted(shown) if (kind := type(shown := ")

    def _output_child_post(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if not _is_usual(frame):
            return super()._output_child_post(node, frame, finalize)
        self.write(")) is str else shown if kind is Markup else escape(shown))")


def _is_usual(frame: Frame) -> bool:
    """Whether all is escaped here: no template says otherwise."""
    return frame.eval_ctx.autoescape and not frame.eval_ctx.volatile


class ShortContext(Context):
    """Jinja's context, which goes straight to a function, and to a macro that takes nothing but what it names."""

    def call(__self, __obj: Any, *args: Any, **kwargs: Any) -> Any:
        plain = type(__obj) in PLAIN and not hasattr(__obj, "jinja_pass_arg")
        macro = type(__obj) is Macro and not (__obj.caller or __obj.catch_kwargs or __obj.catch_varargs)
        if not (plain or macro) or not __self.eval_ctx.autoescape:
            return super().call(__obj, *args, **kwargs)
        kwargs.pop("_block_vars", None)
        kwargs.pop("_loop_vars", None)
        if plain:
            return __obj(*args, **kwargs)
        given = [*args, *[kwargs.pop(name, missing) for name in __obj.arguments[len(args) :]]]
        if kwargs or len(given) > len(__obj.arguments):
            return __obj(__self.eval_ctx, *args, **kwargs)  # which says what is wrong
        if __obj.name == QUESTION[0] and __obj.arguments == QUESTION[1:] and (drawn := _kept_question(__obj, given)):
            return drawn
        return str.__new__(Markup, __obj._func(*given))


def _kept_question(macro: Macro, given: list[Any]) -> Markup | None:
    """A question without an answer as it was first drawn in this language, of what is the same in each form; None for
    others. Its field is kept with it, so that its id stays its own."""
    _, field, values, problems, prefix, kept, rows = given
    if type(field) not in _BARE or values or kept or rows or field.checks or problems is not None:
        return None
    questions, key = i18n.current().words.questions, (macro, id(field), prefix)
    if key not in questions:
        if len(questions) >= _MOST:
            questions.clear()
        questions[key] = str.__new__(Markup, macro._func(*given)), field
    return questions[key][0]


class ShortEnvironment(Environment):
    """Jinja's environment with short code; all templates find what they share in one dictionary, not behind another."""

    code_generator_class = ShortCode
    context_class = ShortContext
    quoted = staticmethod(getattr(markupsafe, "_escape_inner", markupsafe.escape))  # of a plain text
    voice = staticmethod(i18n.current)

    def get_template(self, name: Any, parent: str | None = None, globals: Any = None) -> Any:
        """Without asking whether its file is another one by now, where that is not to be seen."""
        cache: Any = self.cache
        if globals or self.auto_reload or name not in cache:
            cache[name] = super().get_template(name, parent, globals)
        return cache[name]

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return super().make_globals(d) if d else self.globals


def environment(
    plugins: Mapping[str, BaseLoader], town: Path | None, compiled: Path | None, reload: bool
) -> Environment:
    """The town's folder may replace any template, a plugin's stand under its name (`permits/receipt.html`): none of
    ours, whatever it is called."""
    loaders: list[BaseLoader] = [FileSystemLoader(town)] if town else []
    loaders += [FileSystemLoader(TEMPLATES), PrefixLoader(plugins)]
    cache = None
    if compiled:
        kept = compiled / HOW
        kept.mkdir(parents=True, exist_ok=True)
        cache = FileSystemBytecodeCache(str(kept))
    made = ShortEnvironment(
        loader=ChoiceLoader(loaders),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=reload,
        bytecode_cache=cache,
        cache_size=-1,  # all of them, in a dictionary
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
    )
    made.policies["ext.i18n.trimmed"] = True
    cast("Any", made).install_gettext_callables(
        i18n.gettext, i18n.ngettext, newstyle=True, pgettext=i18n.pgettext, npgettext=i18n.npgettext
    )
    formats.install(made)
    made.globals.update(box=box, page_part=page_part)
    return made


def language_of(request: AnyRequest, town: Jurisdiction) -> str:
    return language_in(request.url.path, request.headers.get("accept-language", ""), town)


def language_in(path: str, accepted: str, town: Jurisdiction) -> str:
    """The language of the address (/fr/...), else the best one the browser asks for, else the town's first."""
    first = path[1:].partition("/")[0]
    if first in town.languages:
        return first
    return wanted(accepted, town.languages)


def other_languages(
    request: AnyRequest, town: Jurisdiction, language: str, paths: Mapping[str, str]
) -> tuple[Alternate, ...]:
    """The other versions of this page: the paths given, or the same path under the other language's prefix."""
    first, rest = [*request.url.path.lstrip("/").split("/", 1), ""][:2]
    query = urlencode(list(request.query_params.multi_items()))
    others = []
    for other in town.languages:
        if other == language:
            continue
        path = paths.get(other) or (f"/{other}/{rest}" if first == language else f"/{other}/")
        href = f"{path}?{query}" if query and other not in paths else path
        others.append(Alternate(language=other, name=i18n.NAMES.get(other, other), href=href))
    return tuple(others)


def portal_menu(catalogues: Catalogues, language: str, path: str) -> list[MenuItem]:
    with catalogues.speaking(language):
        services, follow = i18n.gettext("Services"), i18n.gettext("Follow a request")
    entries = ((services, f"/{language}/", "home"), (follow, address(language, ":track"), "search"))
    here = path.rstrip("/")
    return [
        MenuItem(text=text, href=href, icon=icon, current="page" if here == href.rstrip("/") else "")
        for text, href, icon in entries
    ]
