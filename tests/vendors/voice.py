"""Calls that a machine speaks, by a vendor who knows the sdk alone: a channel that residents choose on the form."""

import re
from datetime import time

import httpx
from msgspec import Struct

from parvis_sdk.channels import OutgoingMessage
from parvis_sdk.contact_methods import ContactMethod
from parvis_sdk.errors import Later, Refused
from parvis_sdk.hooks import hookimpl
from parvis_sdk.text import Text

LINK = re.compile(r"https?://\S+")
REFERENCE = re.compile(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]\b")
VOICE = ContactMethod(
    name="voice",
    by=Text(fr="par appel automatisé", en="by automated call"),
    hint=Text(
        fr="Une voix vous lit les nouvelles, entre 8 h et 21 h.", en="A voice reads you the news, from 8 am to 9 pm."
    ),
    needs="phone",
    accepts=r"\+1[2-9]\d{9}",
    wrong=Text(
        fr="L’appel automatisé ne joint que les numéros du Canada et des États-Unis.",
        en="Automated calls reach numbers of Canada and the United States only.",
    ),
    form="spoken",
    quiet=(time(21), time(8)),
    next="phone",
    each_step=Text(
        fr="Un appel automatisé vous informe de chaque étape.", en="An automated call tells you of each step."
    ),
    at_first=Text(
        fr="Un appel automatisé au {to} vous informe de chaque étape.",
        en="An automated call to {to} tells you of each step.",
    ),
    lost=Text(fr="Un appel automatisé n’a pas abouti", en="An automated call did not go through"),
    instead=Text(fr="un appel automatisé le remplace", en="an automated call replaces it"),
)


class Settings(Struct, frozen=True, kw_only=True):
    """Where the machine that calls is found."""

    url: str = "http://127.0.0.1:9"


def speakable(text: str) -> str:
    """The words as a voice says them: no addresses of pages, references sign by sign, each paragraph a sentence.

    >>> speakable("Requête 7K3M-9QXT-4 : réglée\\n\\nSuivre : https://ville.example/t/x")
    'Requête 7 K 3 M, 9 Q X T, 4 : réglée. Suivre.'
    """
    spelled = REFERENCE.sub(lambda found: ", ".join(" ".join(part) for part in found[0].split("-")), LINK.sub("", text))
    lines = (line.strip(" \u00a0:") for line in spelled.splitlines())
    return " ".join(line if line[-1] in ".!?" else f"{line}." for line in lines if line)


class Voice:
    """Gives each call to the machine, which knows it by the id of its delivery."""

    name, contact_method = VOICE.name, VOICE

    def __init__(self, settings: Settings) -> None:
        self.url = settings.url

    async def send(self, message: OutgoingMessage) -> str:
        call = {"id": message.id, "to": message.to, "language": message.language, "say": speakable(message.text)}
        async with httpx.AsyncClient(timeout=5) as client:
            try:
                answer = await client.post(f"{self.url}/calls", json=call)
            except httpx.TransportError as error:
                raise Later(Text(fr="la machine ne répond pas", en="the machine does not answer")) from error
        if answer.status_code == 422:
            raise Refused(Text(fr="personne n’a décroché", en="nobody answered"))
        if answer.is_error:
            raise Later(Text(fr="la machine demande d’attendre", en="the machine asks to wait"))
        return str(answer.json()["call"])


@hookimpl
def settings() -> type[Settings]:
    return Settings


@hookimpl
def channels(settings: Settings) -> list[Voice]:
    return [Voice(settings)]
