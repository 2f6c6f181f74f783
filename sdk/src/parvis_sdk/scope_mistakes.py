"""Checks of scopes before anything is granted: types, answers, needs, steps, and what a subscription corrects."""

from collections.abc import Collection, Iterator, Mapping
from difflib import get_close_matches
from typing import Any, get_args

from parvis_sdk.errors import DeclarationMistake
from parvis_sdk.fields import Sensitivity
from parvis_sdk.finding import Scope, ScopeNeed
from parvis_sdk.request_types import RequestType
from parvis_sdk.subscriptions import Subscription
from parvis_sdk.text import Text

FINDS_NONE = Text(fr="rien n’y est trouvé", en="nothing is found there")
NEVER_TOLD = Text(fr="elle n’est jamais communiquée", en="it is never disclosed")
NEVER_CORRECTED = Text(fr="elle n’est jamais corrigée", en="it is never corrected")
NEVER_PROPOSED = Text(fr="elle n’est jamais proposée", en="it is never proposed")
NO_SCOPE = Text(fr="finds contient {given}, qui n’est pas un Scope", en="finds holds {given}, which is no Scope")
WRITE_SCOPE = Text(fr="écrivez finds=(Scope(types=(...,)),)", en="write finds=(Scope(types=(...,)),)")
NOT_CODES = Text(fr="{name} n’est pas un tuple de codes", en="{name} is no tuple of codes")
A_TUPLE = Text(fr="écrivez ('code',)", en="write ('code',)")
NO_TYPES = Text(fr="une portée ne nomme aucun type", en="a scope names no type")
NAME_ONE = Text(fr="nommez les types qu’elle trouve", en="name the types that it finds")
TWICE = Text(fr="le type {code} est dans deux portées", en="the type {code} is in two scopes")
ONE_SCOPE = Text(fr="faites-en une seule portée", en="make one scope of them")
UNKNOWN_TYPE = Text(
    fr="la portée nomme le type {code}, que personne ne déclare",
    en="its scope names the type {code}, which nobody declares",
)
UNKNOWN_NEED = Text(fr="la portée a le besoin {need}, qui est inconnu", en="its scope needs {need}, which is unknown")
UNKNOWN_ANSWER = Text(
    fr="la portée nomme la réponse {code}, qu’aucun de ses types ne demande",
    en="its scope names the answer {code}, which none of its types asks",
)
IS_PERSONAL = Text(
    fr="la portée nomme la réponse personnelle {code} sans le besoin 'personal'",
    en="its scope names the personal answer {code} without the need 'personal'",
)
ADD_NEED = Text(fr="ajoutez needs=('personal',) ou retirez-la", en="add needs=('personal',) or take it out")
IS_SENSITIVE = Text(fr="la portée nomme la réponse sensible {code}", en="its scope names the sensitive answer {code}")
TAKE_OUT = Text(fr="retirez-la de la portée", en="take it out of the scope")
UNKNOWN_MOVE = Text(
    fr="la portée nomme l’étape {code}, qu’aucun de ses types n’a",
    en="its scope names the step {code}, which none of its types has",
)
PROPOSES_NOTHING = Text(
    fr="la portée nomme des étapes ({moves}), et rien n’est proposé ici",
    en="its scope names steps ({moves}), and nothing is proposed here",
)
NO_MOVES = Text(
    fr="retirez moves, ou proposez dans une souscription", en="take moves out, or propose in a subscription"
)
NOT_ON_A_PAGE = Text(
    fr="la portée a le besoin {needs}, et une page ne montre rien de personnel d’autres requêtes",
    en="its scope needs {needs}, and a page shows nothing personal of other requests",
)
NO_NEEDS = Text(
    fr="retirez needs, et donnez un lien vers la requête", en="take needs out, and give a link to the request"
)
UNKNOWN_CORRECTED = Text(
    fr="corrects nomme {code}, qu’aucun type de la souscription ne demande",
    en="corrects names {code}, which no type of the subscription asks for",
)
CORRECTS_SENSITIVE = Text(
    fr="corrects nomme la réponse sensible {code}", en="corrects names the sensitive answer {code}"
)
CORRECTS_PERSONAL = Text(
    fr="corrects nomme la réponse personnelle {code} sans le besoin 'personal'",
    en="corrects names the personal answer {code} without the need 'personal'",
)
OUT_OF_CORRECTS = Text(fr="retirez-la de corrects", en="take it out of corrects")
DID_YOU_MEAN = Text(fr="{near}, peut-être?", en="did you mean {near}?")
CORRECT_IT = Text(fr="corrigez-le, ou retirez-le", en="correct it, or take it out")


def scope_mistakes(
    subscription: Subscription,
    types: Mapping[str, RequestType],
    *,
    elsewhere: Collection[str] = (),
) -> Iterator[DeclarationMistake]:
    """Every mistake of what a subscription finds and corrects; what concerns types of others is let pass."""
    where = f"subscription {subscription.name!r}"
    misshapen = list(misshapen_scopes(subscription))
    yield from (_told(where, *each) for each in misshapen)
    if not misshapen:
        yield from finds_mistakes(where, subscription.finds, types, elsewhere=elsewhere)
        yield from (_told(where, *each) for each in _of_corrections(subscription, types))


def finds_mistakes(
    where: str, finds: tuple[Scope, ...], types: Mapping[str, RequestType], *, elsewhere: Collection[str] = ()
) -> Iterator[DeclarationMistake]:
    """Every mistake of the scopes of one noun, `where`; what concerns types of others is let pass."""
    named = [code for scope in finds for code in scope.types]
    for code in dict.fromkeys(each for each in named if named.count(each) > 1):
        yield _told(where, TWICE.format(code=repr(code)), FINDS_NONE, ONE_SCOPE)
    for scope in finds:
        yield from (_told(where, *each) for each in _of_scope(scope, types, elsewhere))


def reading_mistakes(finds: Any, *, on_a_page: bool = False) -> Iterator[tuple[Text, Text]]:
    """Why these are no scopes of a noun that only reads, each with what to write: it proposes no step, and what it
    puts on a page is not personal."""
    misshapen = [(what, now_what) for what, _, now_what in _misshapen(finds)]
    yield from misshapen
    if misshapen:
        return
    for scope in finds:
        if scope.moves:
            yield PROPOSES_NOTHING.format(moves=", ".join(scope.moves)), NO_MOVES
        if scope.needs and on_a_page:
            yield NOT_ON_A_PAGE.format(needs=", ".join(scope.needs)), NO_NEEDS


def misshapen_scopes(subscription: Subscription) -> Iterator[tuple[Text, Text, Text]]:
    """What a subscription finds and corrects that is not what it should be."""
    return _misshapen(subscription.finds, subscription.corrects)


def _misshapen(finds: Any, corrects: Any = ()) -> Iterator[tuple[Text, Text, Text]]:
    """What of `finds` and `corrects` is not what it should be, with what comes of it and what to write."""
    for scope in _every(finds):
        if not isinstance(scope, Scope):
            yield NO_SCOPE.format(given=repr(scope)[:80]), FINDS_NONE, WRITE_SCOPE
            continue
        for name in ("types", "answers", "needs", "moves"):
            if not _are_codes(getattr(scope, name)):
                yield NOT_CODES.format(name=name), FINDS_NONE, A_TUPLE
        if not scope.types:
            yield NO_TYPES, FINDS_NONE, NAME_ONE
    if not _are_codes(corrects):
        yield NOT_CODES.format(name="corrects"), NEVER_CORRECTED, A_TUPLE


def _of_scope(
    scope: Scope, types: Mapping[str, RequestType], elsewhere: Collection[str]
) -> Iterator[tuple[Text, Text, Text]]:
    for code in scope.types:
        if code not in types and code not in elsewhere:
            yield UNKNOWN_TYPE.format(code=repr(code)), FINDS_NONE, _near(code, types)
    for need in scope.needs:
        if need not in get_args(ScopeNeed):
            yield UNKNOWN_NEED.format(need=repr(need)), FINDS_NONE, CORRECT_IT
    known = [types[code] for code in scope.types if code in types]
    if len(known) < len(scope.types):
        return  # what the others ask is theirs to say
    fields = {field.code: field for each in known for field in each.form.fields()}
    for code in scope.answers:
        if code not in fields:
            yield UNKNOWN_ANSWER.format(code=repr(code)), NEVER_TOLD, _near(code, fields)
            continue
        guarded = fields[code].privacy.sensitivity
        if guarded is Sensitivity.SENSITIVE:
            yield IS_SENSITIVE.format(code=repr(code)), NEVER_TOLD, TAKE_OUT
        elif guarded is Sensitivity.PERSONAL and "personal" not in scope.needs:
            yield IS_PERSONAL.format(code=repr(code)), NEVER_TOLD, ADD_NEED
    moves = {one.code for each in known for one in each.workflow.transitions}
    for code in scope.moves:
        if code not in moves:
            yield UNKNOWN_MOVE.format(code=repr(code)), NEVER_PROPOSED, _near(code, moves)


def _of_corrections(subscription: Subscription, types: Mapping[str, RequestType]) -> Iterator[tuple[Text, Text, Text]]:
    if any(code not in types for code in subscription.types):
        return
    heard = [types[code] for code in subscription.types or types]
    asked = [field for each in heard for field in each.form.fields()]
    for code in subscription.corrects:
        guarded = {field.privacy.sensitivity for field in asked if field.code == code}
        if not guarded:
            known = {field.code for field in asked}
            yield UNKNOWN_CORRECTED.format(code=repr(code)), NEVER_CORRECTED, _near(code, known)
        elif Sensitivity.SENSITIVE in guarded:
            yield CORRECTS_SENSITIVE.format(code=repr(code)), NEVER_CORRECTED, OUT_OF_CORRECTS
        elif Sensitivity.PERSONAL in guarded and "personal" not in subscription.needs:
            yield CORRECTS_PERSONAL.format(code=repr(code)), NEVER_CORRECTED, ADD_NEED


def _told(where: str, what: Text, so_what: Text, now_what: Text) -> DeclarationMistake:
    return DeclarationMistake(where=where, what=what, so_what=so_what, now_what=now_what)


def _every(given: Any) -> tuple[Any, ...]:
    return given if isinstance(given, tuple) else (given,)


def _are_codes(given: Any) -> bool:
    return isinstance(given, tuple) and all(isinstance(each, str) for each in given)


def _near(named: str, known: Collection[str]) -> Text:
    near = get_close_matches(named, sorted(known), 1, 0.6)
    return DID_YOU_MEAN.format(near=repr(near[0])) if near else CORRECT_IT
