"""One's own account: language, shortcuts, password, one-time and recovery codes, and where one is signed in."""

from functools import partial
from typing import Any

from litestar import Response, get, post

from parvis.i18n import NAMES, gettext
from parvis.people.agents import set_preferences
from parvis.people.one_time import (
    FEW,
    IS_SECRET,
    count_left,
    enrol,
    enrolment_address,
    forget_one_time,
    is_demanded,
    make_anew,
    new_secret,
    qr_code,
)
from parvis.people.passwords import SHORTEST, weakness
from parvis.people.roles import ROLES
from parvis.people.sessions import end_other_sessions, end_session_named, sessions_of
from parvis.people.sign_in import change_password, is_them
from parvis.sign_in_sources import source_name
from parvis.web.desk.context import ACCOUNT, AtDesk, DeskContext, go, unit_name
from parvis.web.desk.one_request.forms import wrong
from parvis.web.pages import AnyRequest
from parvis.web.sign_in.guard import SET_UP, local
from parvis.web.sign_in.keys import token_in
from parvis.web.sign_in.recovery import device_words, shown_once
from parvis.web.typed import typed
from parvis_sdk.problems import Problems


@get(ACCOUNT)
async def show_account(request: AnyRequest) -> Response[Any]:
    return await _page(DeskContext(request))


@post(f"{ACCOUNT}/preferences")
async def keep_preferences(room: AtDesk, request: AnyRequest) -> Response[Any]:
    sent = await typed(request)
    language = sent.text("language")
    await set_preferences(
        room.host.engine,
        room.person.id,
        language=language if language in NAMES else room.person.language,
        shortcuts=bool(sent.text("shortcuts")),
    )
    return go(f"{ACCOUNT}?fait=preferences")


@post(f"{ACCOUNT}/mot-de-passe")
async def keep_password(room: AtDesk, request: AnyRequest) -> Response[Any]:
    """A new password, for a person who knows the old one; other sessions end."""
    sent = await typed(request)
    new = sent.text("new")
    if weak := weakness(new, room.person.email, room.person.name):
        return await _page(room, wrong("new", _said(weak)))
    if not await change_password(room.host.engine, room.person.id, sent.text("current"), new, token_in(request)):
        return await _page(room, wrong("current", gettext("The current password is incorrect.")))
    return go(f"{ACCOUNT}?fait=mot-de-passe")


@get(SET_UP)
async def show_code(request: AnyRequest) -> Response[Any]:
    """A new secret, drawn to be scanned; nothing is kept before a code shows that it was."""
    return _code_page(DeskContext(request), new_secret(), local(request.query_params.get("next", "")))


@post(SET_UP, status_code=200)
async def keep_code(room: AtDesk, request: AnyRequest) -> Response[Any]:
    """Codes are on; the recovery codes are shown once."""
    sent = await typed(request)
    secret, onward, token = sent.text("secret"), local(sent.text("next")), token_in(request)
    if not IS_SECRET.fullmatch(secret):  # nothing of ours, and nothing that could be drawn
        secret = new_secret()
    if not await is_them(room.host.engine, room.person.id, sent.text("current")):
        return _code_page(room, secret, onward, wrong("current", gettext("The current password is incorrect.")))
    key = room.host.secret
    codes = await enrol(room.host.engine, room.person.id, secret, sent.text("code"), key, token)
    if codes is None:
        wrong_code = wrong("code", gettext("This code is incorrect. Enter the one shown now."))
        return _code_page(room, secret, onward, wrong_code)
    return _recovery_page(room, codes, onward)


@post(f"{ACCOUNT}/codes-de-secours", status_code=200)
async def make_recovery_codes(room: AtDesk, request: AnyRequest) -> Response[Any]:
    """Ten new codes, for a person who gives the password; earlier ones stop working."""
    sent = await typed(request)
    if not await is_them(room.host.engine, room.person.id, sent.text("current")):
        return await _page(room, wrong("anew-current", gettext("The current password is incorrect.")))
    codes = await make_anew(room.host.engine, room.person.id, room.host.secret)
    return _recovery_page(room, codes) if codes else go(ACCOUNT)


@post(f"{ACCOUNT}/sans-code")
async def drop_code(room: AtDesk, request: AnyRequest) -> Response[Any]:
    sent = await typed(request)
    if is_demanded(room.person, room.host.jurisdictions):
        return go(f"{ACCOUNT}?fait=code-exige")
    if not await is_them(room.host.engine, room.person.id, sent.text("current")):
        return await _page(room, wrong("drop-current", gettext("The current password is incorrect.")))
    await forget_one_time(room.host.engine, room.person.id)
    return go(f"{ACCOUNT}?fait=sans-code")


@post(f"{ACCOUNT}/sessions")
async def end_sessions(room: AtDesk, request: AnyRequest) -> Response[Any]:
    """One session, or all but this one."""
    sent = await typed(request)
    if handle := sent.text("handle"):
        await end_session_named(room.host.engine, room.person.id, handle)
    else:
        await end_other_sessions(room.host.engine, room.person.id, token_in(request))
    return go(f"{ACCOUNT}?fait=sessions")


async def _page(room: DeskContext, problems: Problems | None = None) -> Response[Any]:
    grants = [
        (
            ROLES[grant.role].title.to(room.language) if grant.role in ROLES else grant.role,
            unit_name(town, grant.unit) if grant.unit else gettext("the whole town"),
            town.name.to(room.language),
            source_name(room.host, grant.source) if grant.source else "",
        )
        for grant in room.person.grants
        if not grant.lent_by and (town := room.host.jurisdictions.get(grant.jurisdiction)) is not None
    ]
    return room.show(
        "desk/account.html",
        status=422 if problems else 200,
        problems=problems,
        done=room.request.query_params.get("fait", ""),
        recovery_left=await count_left(room.person.id) if room.person.one_time else 0,
        few=FEW,
        grants=grants,
        lent=sorted(
            {(each.lent_by, each.lent_until) for each in room.person.grants if each.lent_by and each.lent_until}
        ),
        shortest=SHORTEST,
        demanded=is_demanded(room.person, room.host.jurisdictions),
        languages=list(NAMES.items()),
        device=device_words,
        door_name=partial(source_name, room.host),
        sessions=await sessions_of(room.host.engine, room.person.id, token_in(room.request)),
    )


def _code_page(room: DeskContext, secret: str, onward: str, problems: Problems | None = None) -> Response[Any]:
    address = enrolment_address(secret, room.person.email, room.town.name.to(room.language))
    return room.show(
        "desk/code.html",
        status=422 if problems else 200,
        problems=problems,
        secret=secret,
        drawing=qr_code(address),
        onward=onward,
        due=is_demanded(room.person, room.host.jurisdictions) and not room.person.one_time,
    )


def _recovery_page(room: DeskContext, codes: tuple[str, ...], onward: str = "") -> Response[Any]:
    shown = shown_once(codes, room.person, room.town.name.to(room.language), onward or ACCOUNT)
    return room.show("desk/recovery.html", **shown)


def _said(weak: str) -> str:
    return {
        "too_short": gettext("Use at least %(count)s characters. Three or four words make a good password.")
        % {"count": SHORTEST},
        "too_long": gettext("This password is too long."),
        "too_plain": gettext("This password is too repetitive."),
        "like_the_account": gettext("Do not use your name or your email as a password."),
    }[weak]
