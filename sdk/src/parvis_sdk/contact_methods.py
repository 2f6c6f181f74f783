"""Contact methods: the ways in which a town reaches people, each described as data, the built-in ones like any other.

Example:

    VOICE = ContactMethod(
        name="voice",
        by=Text(fr="par appel automatisé", en="by automated call"),
        needs="phone",
        form="spoken",
        each_step=Text(fr="Un appel automatisé à chaque étape.", en="An automated call at each step."),
        next="phone",
    )
"""

import re
from collections.abc import Collection, Iterable, Iterator
from datetime import time
from typing import Literal

from msgspec import Struct

from parvis_sdk.text import Text

Address = Literal["email", "phone", "postal_address", ""]
Form = Literal["full", "brief", "spoken"]
NAME = re.compile(r"[a-z][a-z0-9_]{0,9}")
NO_TEXT = Text(fr="")


class ContactMethod(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A way to contact people; `name` is the `preferred_channel` of a requester and the name of the channel.

    `by` names it within a sentence ("par texto"); `hint` is shown below it on forms. It needs an address of the person,
    which must match the regular expression `accepts`, if any; otherwise `wrong` is shown. With `offered_to` "agents" it
    is offered only at the desk. `form` is what is sent: the "full" message with its facts in text and HTML, a "brief"
    one of at most `longest` characters besides its subject and links, or words to be "spoken", without links. `links`
    allows private links and receipts. `by_hand` is done by a person of the town, without a channel.

    During the hours `quiet`, from one time of the town's day to another, only emergencies are sent. An undelivered
    message goes by the method named `next`; if the town lacks it or no address is known, by the following one.

    Requesters read `each_step` on their request, and `at_first` (with `{to}`) on the receipt. Agents read `lost` if a
    message was not delivered, and `instead` if this method replaces another.
    """

    name: str
    by: Text
    needs: Address
    hint: Text = NO_TEXT
    accepts: str = ""
    wrong: Text = NO_TEXT
    offered_to: Literal["everyone", "agents"] = "everyone"
    form: Form = "full"
    longest: int = 0
    links: bool = False
    by_hand: bool = False
    quiet: tuple[time, time] | None = None
    next: str = "phone"
    each_step: Text
    at_first: Text = NO_TEXT
    lost: Text = Text(fr="Un message n’a pas été remis", en="A message was not delivered")
    instead: Text = NO_TEXT

    @property
    def title(self) -> Text:
        """Its name as a choice of a form."""
        return self.by.each(lambda said, _language: said[:1].upper() + said[1:])

    def address_in(self, person: object) -> str:
        """The address of a person (a `Requester`) that it needs; empty where they left none."""
        return str(getattr(person, self.needs)) if self.needs else ""

    def reaches(self, person: object) -> bool:
        """Whether the person left what it needs, in a form that it can use."""
        address = self.address_in(person)
        return not self.needs or (bool(address) and self.takes(address))

    def takes(self, address: str) -> bool:
        """Whether a well-formed address is one that it can use."""
        return not self.accepts or re.fullmatch(self.accepts, address) is not None

    def is_quiet(self, at: time) -> bool:
        """Whether nothing is sent at this time of the town's day.

        >>> from msgspec.structs import replace
        >>> replace(EMAIL, quiet=(time(21), time(8))).is_quiet(time(23, 30))
        True
        """
        if self.quiet is None:
            return False
        since, until = self.quiet
        return since <= at < until if since <= until else at >= since or at < until


EMAIL = ContactMethod(
    name="email",
    by=Text(fr="par courriel", en="by email"),
    needs="email",
    links=True,
    next="sms",
    each_step=Text(fr="Nous vous écrivons à chaque étape.", en="We write to you at each step."),
    at_first=Text(
        fr="Nous écrivons à {to} à chaque étape. Le premier message est en route.",
        en="We write to {to} at each step. The first message is on its way.",
    ),
    lost=Text(fr="Un courriel n’a pas été remis", en="An email was not delivered"),
    instead=Text(fr="il part à l’autre adresse", en="it goes to the other address"),
)
TEXT_MESSAGE = ContactMethod(
    name="sms",
    by=Text(fr="par texto", en="by text message"),
    hint=Text(
        fr="Un texto à chaque étape, sur cette requête seulement. Chacun dit comment les arrêter.",
        en="A text message at each step, about this request only. Each one says how to stop them.",
    ),
    needs="phone",
    form="brief",
    longest=110,
    links=True,
    next="phone",
    each_step=Text(fr="Nous envoyons un texto à chaque étape.", en="We send a text message at each step."),
    at_first=Text(
        fr="Nous envoyons un texto au {to} à chaque étape. Le premier est en route.",
        en="We send a text message to {to} at each step. The first one is on its way.",
    ),
    lost=Text(fr="Un texto n’a pas été remis", en="A text message was not delivered"),
    instead=Text(fr="un texto part à sa place", en="a text message goes in its place"),
)
CALL = ContactMethod(
    name="phone",
    by=Text(fr="par téléphone", en="by phone"),
    needs="phone",
    form="spoken",
    by_hand=True,
    next="letter",
    each_step=Text(fr="Nous vous appelons quand il y a du nouveau.", en="We call you when there is news."),
    at_first=Text(
        fr="Nous vous appelons au {to} quand il y a du nouveau.", en="We call you at {to} when there is news."
    ),
    instead=Text(fr="un appel est à faire", en="a call is to be made"),
)
LETTER = ContactMethod(
    name="letter",
    by=Text(fr="par lettre", en="by letter"),
    needs="postal_address",
    offered_to="agents",
    by_hand=True,
    next="",
    each_step=Text(
        fr="Nous vous écrivons par la poste quand il y a du nouveau.", en="We write to you by mail when there is news."
    ),
    instead=Text(fr="une lettre est à envoyer", en="a letter is to be sent"),
)
BUILT_IN = (EMAIL, TEXT_MESSAGE, CALL, LETTER)


def methods_here(channels: Collection[str], declared: Iterable[ContactMethod] = ()) -> tuple[ContactMethod, ...]:
    """The contact methods of a town that has these channels, in the order of forms; `declared` is what plugins say of
    theirs. Email, a call and a letter are there always: what no machine carries waits, or a person does it.
    """
    said = {each.name: each for each in declared}
    by_channel = [said.pop(each.name, each) for each in (EMAIL, TEXT_MESSAGE) if each is EMAIL or each.name in channels]
    more = [each for name, each in said.items() if name in channels and name not in (CALL.name, LETTER.name)]
    return (*by_channel, *more, CALL, LETTER)


def method_of(name: str, methods: Iterable[ContactMethod]) -> ContactMethod | None:
    """The method of that name among these."""
    return next((each for each in methods if each.name == name), None)


def next_method(person: object, methods: Collection[ContactMethod], after: str) -> ContactMethod:
    """The method to use after one has failed: the first of those that follow it one after the other that the town has
    and that they left an address for.

    In the end a letter, also where no postal address is known: somebody of the town has to find one.
    """
    known = {each.name: each for each in (*BUILT_IN, *methods)}
    name, passed = known[after].next if after in known else EMAIL.name, {after}
    while name in known and name not in passed:
        if known[name] in methods and known[name].reaches(person):
            return known[name]
        passed.add(name)
        name = known[name].next
    return LETTER


def mistakes_in(method: object, channel: str) -> Iterator[Text]:
    """What is wrong with the contact method that a channel of this name declares."""
    if not isinstance(method, ContactMethod):
        yield Text(fr="`contact_method` n’est pas un ContactMethod", en="`contact_method` is not a ContactMethod")
        return
    if method.name != channel:
        yield Text(
            fr="le moyen de contact «\u00a0{name}\u00a0» ne porte pas le nom de son canal",
            en="the contact method “{name}” does not have the name of its channel",
        ).format(name=method.name)
    if not NAME.fullmatch(method.name):
        yield Text(
            fr="le moyen de contact «\u00a0{name}\u00a0» demande un nom d’au plus dix lettres minuscules",
            en="the contact method “{name}” needs a name of at most ten small letters",
        ).format(name=method.name)
    if method.by_hand:
        yield Text(
            fr="un canal n’est pas ce qu’une personne de la Ville fait (`by_hand`)",
            en="a channel is not what a person of the town does (`by_hand`)",
        )
    if method.next == method.name:
        yield Text(fr="un moyen de contact ne peut se suivre lui-même", en="a contact method cannot follow itself")
    if method.accepts and not (_compiles(method.accepts) and method.wrong.fr):
        yield Text(
            fr="`accepts` doit être une expression régulière, et `wrong` dire ce qui ne va pas",
            en="`accepts` must be a regular expression, and `wrong` say what is wrong",
        )


def _compiles(pattern: str) -> bool:
    try:
        re.compile(pattern)
    except re.error:
        return False
    return True
