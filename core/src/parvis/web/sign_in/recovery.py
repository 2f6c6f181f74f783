"""Recovery codes as people have them; mails that warn the owner of an account, with what its browser says of itself."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from parvis import clock, i18n
from parvis.i18n import format_date, format_datetime, gettext, say
from parvis.people.agents import Person
from parvis.requests.links import town_url
from parvis.web.pages import AnyRequest
from parvis.web.town import find_town, town_of
from parvis_sdk.channels import OutgoingMessage

BROWSERS = (("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
SYSTEMS = (
    ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)  # fmt: skip


def device_words(agent: str) -> str:
    """What a browser says of itself, as its owner would: "Firefox, Windows"."""
    browser = next((name for mark, name in BROWSERS if mark in agent), "")
    system = next((name for mark, name in SYSTEMS if mark in agent), "")
    return ", ".join(part for part in (browser, system) if part) or agent[:60] or gettext("Unknown device")


def device_in_letter(agent: str) -> str:
    """The same in a letter of the town, which does not carry what a stranger's browser says of itself."""
    known = device_words(agent)
    return gettext("Unknown device") if known == agent[:60] else known


ACCOUNT = "/bureau/compte"
Facts = dict[str, str]


def shown_once(codes: tuple[str, ...], person: Person, town: str, onward: str) -> dict[str, Any]:
    """What the page of the codes needs. The text to download is in the page itself: nothing else holds the codes."""
    lines = [
        gettext("Recovery codes, %(town)s") % {"town": town},
        person.email,
        gettext("Created on %(day)s. Each works once, instead of the code from the phone.")
        % {"day": format_date(clock.now())},
    ]
    text = "\r\n".join([*lines, "", *codes, ""])
    return {
        "email": person.email,
        "codes": codes,
        "onward": onward,
        "download": f"data:text/plain;charset=utf-8,{quote(text, safe='')}",
        "file_name": gettext("recovery-codes.txt"),
    }


def notice_of(request: AnyRequest, person: Person) -> OutgoingMessage:
    """The mail to somebody whose account was opened by a recovery code, in case it was somebody else."""

    def said(facts: Facts) -> tuple[str, ...]:
        return (
            gettext("A recovery code was used to sign in to your account"),
            gettext("Somebody signed in to your account with one of its recovery codes: %(moment)s, %(device)s.")
            % facts,
            gettext(
                "If it was you, there is nothing to do. Your account page shows how many codes are left: %(account)s"
            )
            % facts,
            gettext("If it was not you, change your password at once and notify the operator of this site."),
        )

    return _warning(request, person, said)


def alarm_of(request: AnyRequest, person: Person) -> OutgoingMessage:
    """The mail to somebody whose password was right and whose code was not: that person knows the password."""
    address = request.client.host if request.client else ""

    def said(facts: Facts) -> tuple[str, ...]:
        return (
            gettext("Somebody knows the password of your account"),
            gettext(
                "Somebody entered the right password of your account, then a wrong code: %(moment)s, %(device)s, "
                "from the address %(address)s. The account was not opened."
            )
            % {**facts, "address": address},
            gettext("If it was you, there is nothing to do."),
            gettext("If it was not you, somebody knows your password: change it now on your account page, %(account)s")
            % facts,
        )

    return _warning(request, person, said)


def enrolment_notice_of(request: AnyRequest, person: Person) -> OutgoingMessage:
    """The mail to somebody whose account got its first codes while signing in, where a password had been enough."""

    def said(facts: Facts) -> tuple[str, ...]:
        return (
            gettext("Two-step verification was turned on for your account"),
            gettext(
                "Somebody signed in with the password of your account and turned on one-time codes: %(moment)s, "
                "%(device)s."
            )
            % facts,
            gettext("If it was you, there is nothing to do."),
            gettext(
                "If it was not you, somebody knows your password and has the codes: tell the people who run the "
                "installation at once."
            ),
        )

    return _warning(request, person, said)


def _warning(request: AnyRequest, person: Person, said: Callable[[Facts], tuple[str, ...]]) -> OutgoingMessage:
    """A mail about one's account in the language of its owner; `said` gives its subject, then its paragraphs."""
    deployment = request.app.state.deployment
    town = town_of(request.scope) or find_town(deployment.jurisdictions, request.scope)
    with i18n.speaking(person.language, town.time_zone):
        facts = {
            "moment": format_datetime(clock.now()),
            "device": device_in_letter(request.headers.get("user-agent", "")),
            "account": f"{town_url(deployment.host, town)}{ACCOUNT}",
        }
        subject, *parts = said(facts)
        return OutgoingMessage(
            to=person.email,
            subject=subject,
            text="\n\n".join([*parts, f"-- \n{say(town.name)}"]) + "\n",
            language=person.language,
            reply_to=town.email,
            sender=say(town.name),
        )
