"""Text messages by any gateway that takes HTTP: its settings say what is sent; its answer becomes a receipt or a no."""

import re
from typing import Any

import msgspec

from parvis import http_calls, sms_segments
from parvis.notify.settings import Settings
from parvis_sdk.channels import OutgoingMessage
from parvis_sdk.contact_methods import TEXT_MESSAGE
from parvis_sdk.errors import Later, Refused
from parvis_sdk.text import Text

NUMBER = re.compile(r"\+[1-9][0-9]{7,14}")
PLACE = re.compile(r"\{(\w+)\}")
OURS_TO_CURE = {401, 402, 403, 404, 405, 407}  # a wrong secret, address or method, an unpaid bill: no message's fault
AWAY = {408, 425, 429}
MOST_TOLD = 200
UNANSWERED = Text(
    fr="la passerelle de textos n’a pas répondu\u00a0: le texto est peut-être arrivé, il n’est pas envoyé de nouveau",
    en="the text-message gateway did not answer: the message may have arrived, it is not sent again",
)


class Gateway:
    """Gives each text message to the town's gateway; the id of the delivery is its key against doubles."""

    name, contact_method = TEXT_MESSAGE.name, TEXT_MESSAGE

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.repeats = settings.sms_once

    async def send(self, message: OutgoingMessage) -> str:
        """Send one message; `Later` and `Refused` say whose turn it is."""
        settings = self.settings
        if not NUMBER.fullmatch(message.to):
            raise Refused(
                Text(
                    fr="aucun texto ne peut être envoyé à ce numéro",
                    en="the number is not one that a text message can go to",
                )
            )
        values = self._values(message)
        headers = {"idempotency-key": message.id, **filled(settings.sms_headers, values)}
        auth = (settings.sms_user, settings.sms_secret) if settings.sms_user else None
        async with http_calls.client(settings.sms_seconds, auth=auth) as client:
            try:
                answer = await http_calls.call(
                    client,
                    settings.sms_method,
                    settings.sms_url,
                    headers=headers,
                    **self._body(filled(settings.sms_body, values)),
                )
            except http_calls.NoAnswer as error:
                if self.repeats:
                    raise
                raise Refused(UNANSWERED) from error
        return self._receipt(answer)

    def _values(self, message: OutgoingMessage) -> dict[str, str]:
        return {
            "to": message.to,
            "text": as_sent(self.settings, message.text),
            "sender": self.settings.sms_sender,
            "id": message.id,
            "reference": message.reference,
            "secret": self.settings.sms_secret,
        }

    def _body(self, filled_in: Any) -> dict[str, Any]:
        match self.settings.sms_encoding:
            case "json":
                return {"json": filled_in}
            case "form":
                return {"data": filled_in}
            case _:
                return {"params": filled_in}

    def _receipt(self, answer: http_calls.Answer) -> str:
        status, said = answer.status, self._told(answer)
        if 200 <= status < 300:
            return _named(answer.body, self.settings.sms_receipt) or f"HTTP {status}"
        if status in AWAY or status >= 500:
            raise Later(
                Text(
                    fr=f"la passerelle de textos demande d’attendre\u00a0: {said}",
                    en=f"the text-message gateway asks to wait: {said}",
                ),
                retry_after=answer.retry_after,
            )
        if status in OURS_TO_CURE or 300 <= status < 400:
            raise Later(
                Text(
                    fr=f"la passerelle de textos ne nous connaît pas, ou son adresse est autre\u00a0: {said}",
                    en=f"the text-message gateway does not know us or its address is another: {said}",
                )
            )
        raise Refused(
            Text(
                fr=f"la passerelle de textos n’accepte pas ce message\u00a0: {said}",
                en=f"the text-message gateway does not take this message: {said}",
            )
        )

    def _told(self, answer: http_calls.Answer) -> str:
        """The answer for the operator, without anything that we keep secret."""
        words = answer.body.decode("utf-8", "replace")[:MOST_TOLD]
        secret = self.settings.sms_secret
        words = words.replace(secret, "•••") if secret else words
        return f"{answer.status} {' '.join(words.split())}".strip()


def as_sent(settings: Settings, text: str) -> str:
    """The letters that the town pays for: all of them, or those of the shorter alphabet."""
    return sms_segments.plain(text) if settings.sms_letters == "plain" else text


def filled(template: Any, values: dict[str, str]) -> Any:
    """The template with every `{name}` in its words filled in; what is filled in is never read as a template."""
    if isinstance(template, str):
        return PLACE.sub(lambda found: values.get(found[1], found[0]), template)
    if isinstance(template, dict):
        return {key: filled(value, values) for key, value in template.items()}
    if isinstance(template, list):
        return [filled(value, values) for value in template]
    return template


def _named(body: bytes, name: str) -> str:
    """What stands under that name in an answer of JSON, as the receipt."""
    if not name:
        return ""
    try:
        told = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return ""
    for part in name.split("."):
        told = told[int(part)] if isinstance(told, list) and part.isdecimal() and int(part) < len(told) else told
        told = told.get(part, "") if isinstance(told, dict) else told
    return str(told)[:MOST_TOLD] if isinstance(told, str | int) else ""
