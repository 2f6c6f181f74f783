"""Pages of a plugin, with a menu line, for the desk, for operators, or for everybody.

async def orders(view: PageView, connection: Connection) -> tuple[Content, ...]:
    rows = tuple((each.remembered["number"], RequestReference(reference=each.reference)) for each in view.kept)
    return (Table(caption=ORDERS, columns=(NUMBER, REQUEST), rows=rows),)

Page(code="orders", title=ORDERS, shown_to=("desk",), roles=("agent",), show=orders)
"""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from datetime import date
from typing import Any, Literal, get_args

from msgspec import Struct

from parvis_sdk.connectors import Connection
from parvis_sdk.contents import Content, text_mistakes
from parvis_sdk.errors import DeclarationMistake, Words
from parvis_sdk.fields import AnyField, Date, Number, OneOf, ShortText, YesNo
from parvis_sdk.forms import Form, Section
from parvis_sdk.panels import CODE, GIVE_TITLE, ONE_OF, SMALL_LETTERS, TO_NOBODY, called, show_mistakes
from parvis_sdk.text import Text

PageViewers = Literal["desk", "operators", "public"]
RoleCode = Literal["agent", "clerk", "observer", "manager", "auditor", "contractor", "privacy", "operator"]
Menu = Literal["work", "management"]
SECONDS = 2.0  # that a page has
MOST_PAGES = 5  # of one plugin: menus are read by people
MOST_FILTERS = 6
MOST_KEPT = 2_000  # requests of which a page is given what is remembered
FILTERS = (ShortText, OneOf, YesNo, Date, Number)


class Kept(Struct, frozen=True, kw_only=True):
    """What a plugin, or its connector, remembers of one request: `Outcome.remember`, as it was last kept."""

    reference: str
    remembered: Mapping[str, Any]


class PageView(Struct, frozen=True, kw_only=True):
    """One view of a page: where it is shown, in which town, the day there, and the values of its filters.

    `filters` are read by the fields of the page, and contain only chosen values. `kept` is what the plugin remembers
    about requests of that town that the reader may see, the latest first; `more` is the number of others. Both are
    empty for operators and for everybody.
    """

    shown_to: PageViewers
    town: str
    today: date
    filters: Mapping[str, Any] = {}
    kept: tuple[Kept, ...] = ()
    more: int = 0


ShowPage = Callable[[PageView, Connection], Awaitable[tuple[Content, ...]]]


class Page(Struct, frozen=True, kw_only=True):
    """A page of a plugin. `code` is unique in the plugin, is part of its address and never changes.

    `show` is called each time the page is opened, for at most `SECONDS`; answer from remembered values, and leave calls
    to other systems to connectors. If it is late, raises or returns anything else, the page says so (HTTP 503), and no
    other page is affected.

    At the desk a page is a line of the `menu` for `roles`, which have a right of its name, `<plugin>.<code>`; operators
    see there who has it. A page for "operators" is among their sections. A page for "public" is listed on the home page
    of each town that has the plugin, for everybody, and has no roles.

    `filters` are optional questions above the contents (`ShortText`, `OneOf`, `YesNo`, `Date`, `Number`); their values
    are in the address. `summary` is a sentence below the title. `connector` is the name of a connector of this
    plugin by whose memory `view.kept` and `connection.remembered` are filled; "" is the plugin's own.
    """

    code: str
    title: Text
    shown_to: tuple[PageViewers, ...]
    show: ShowPage
    roles: tuple[RoleCode, ...] = ()
    menu: Menu = "work"
    summary: Text | None = None
    filters: tuple[AnyField, ...] = ()
    connector: str = ""

    @property
    def name(self) -> str:
        """What it is called among the nouns of its plugin."""
        return self.code

    @property
    def form(self) -> Form:
        """Its filters as a form, by which they are read."""
        return Form(sections=(Section(code="filters", title=self.title, fields=self.filters),) if self.filters else ())


BAD_CODE = Text(fr="elle n’a pas de code utilisable", en="it has no usable code")
UNKNOWN_ROLE = Text(fr="le rôle {role} est inconnu", en="the role {role} is unknown")
NO_ROLES = Text(fr="personne ne peut l’ouvrir au bureau", en="nobody may open it at the desk")
NAME_ROLES = Text(fr="nommez en roles parmi {offered}", en="name in roles some of {offered}")
ROLES_OF_NONE = Text(
    fr="des rôles sont nommés, et la page n’est pas au bureau", en="it names roles, and is not at the desk"
)
ADD_DESK = Text(fr="ajoutez 'desk' à shown_to, ou retirez-les", en="add 'desk' to shown_to, or take them out")
UNKNOWN_MENU = Text(fr="le menu {menu} est inconnu", en="the menu {menu} is unknown")
TOO_MANY = Text(fr="leur nombre est {count}, et le plus est {most}", en="there are {count}; the most is {most}")
FEWER = Text(fr="montrez-en moins", en="show fewer")
NO_FILTER = Text(fr="un filtre ne peut pas être de la sorte {kind}", en="a filter cannot be of the kind {kind}")
REQUIRED = Text(fr="un filtre ne peut pas être obligatoire", en="a filter cannot be required")
NOT_REQUIRED = Text(fr="écrivez required=False", en="write required=False")
PLAIN = Text(fr="retirez-en show_when et required_when", en="take show_when and required_when out of it")
DEPENDS = Text(fr="un filtre ne dépend d’aucun autre", en="a filter depends on no other one")
NOT_TWO = Text(fr="sa fonction show ne prend pas (view, connection)", en="its show does not take (view, connection)")
WRITE_IT = Text(fr="écrivez `async def {name}(view, connection)`", en="write `async def {name}(view, connection)`")
TWO_LANGUAGES = Text(fr="donnez-le dans les deux langues", en="give it in both languages")


def page_mistakes(page: Page) -> Iterator[DeclarationMistake]:
    """Every mistake of the declaration of one page."""

    def mistake(what: Words, now_what: Text) -> DeclarationMistake:
        return DeclarationMistake(where=f"page {page.code!r}", what=what, now_what=now_what)

    if not CODE.fullmatch(str(page.code)):
        yield mistake(BAD_CODE, SMALL_LETTERS)
    yield from (mistake(each.what, GIVE_TITLE) for each in text_mistakes("title", page.title))
    if page.summary is not None:
        yield from (mistake(each.what, TWO_LANGUAGES) for each in text_mistakes("summary", page.summary))
    places, menus = get_args(PageViewers), get_args(Menu)
    if not page.shown_to or {*page.shown_to} - {*places}:
        yield mistake(TO_NOBODY, ONE_OF.format(offered=", ".join(places)))
    if page.menu not in menus:
        yield mistake(UNKNOWN_MENU.format(menu=repr(page.menu)), ONE_OF.format(offered=", ".join(menus)))
    yield from (mistake(what, now_what) for what, now_what in _role_mistakes(page))
    yield from (each.within(f"page {page.code!r}") for each in _filter_mistakes(page))
    yield from (mistake(what, WRITE_IT.format(name=called(page.show))) for what in show_mistakes(page.show, NOT_TWO))


def _role_mistakes(page: Page) -> Iterator[tuple[Text, Text]]:
    known = get_args(RoleCode)
    offered = ", ".join(known)
    for role in page.roles:
        if role not in known:
            yield UNKNOWN_ROLE.format(role=repr(role)), ONE_OF.format(offered=offered)
    if "desk" in page.shown_to and not page.roles:
        yield NO_ROLES, NAME_ROLES.format(offered=offered)
    if page.roles and "desk" not in page.shown_to:
        yield ROLES_OF_NONE, ADD_DESK


def _filter_mistakes(page: Page) -> Iterator[DeclarationMistake]:
    if len(page.filters) > MOST_FILTERS:
        what = TOO_MANY.format(count=len(page.filters), most=MOST_FILTERS)
        yield DeclarationMistake(where="filters", what=what, now_what=FEWER)
    for field in page.filters:
        where = f"filter {getattr(field, 'code', field)!r}"
        if type(field) not in FILTERS:
            kinds = ", ".join(each.__name__ for each in FILTERS)
            what = NO_FILTER.format(kind=type(field).__name__)
            yield DeclarationMistake(where=where, what=what, now_what=ONE_OF.format(offered=kinds))
            return
        if field.required:
            yield DeclarationMistake(where=where, what=REQUIRED, now_what=NOT_REQUIRED)
        if field.show_when is not None or field.required_when is not None:
            yield DeclarationMistake(where=where, what=DEPENDS, now_what=PLAIN)
    yield from page.form.mistakes()
