"""From the bytes of a mail to an `ParsedMail`: whatever was sent, something is read, and what was not is named."""

import hashlib
import re
from email import message_from_bytes
from email.errors import MessageError
from email.header import decode_header
from email.message import Message
from email.policy import Compat32, compat32
from email.utils import collapse_rfc2231_value, getaddresses
from uuid import UUID

from parvis_mail_intake.hypertext import as_text
from parvis_mail_intake.incoming import DeliveryFailure, Enclosure, ParsedMail
from parvis_mail_intake.tnef import TNEF, opened

MOST_NESTED = 60  # parts that hold parts; people do not nest so deep, and the parser's time grows with it
MOST_FILES = 40
MOST_HEADER = 1_000
MOST_TEXT = 2_000_000  # characters of one text part; beyond, it is a file
HOLDS_PARTS = re.compile(rb"^content-type:[ \t\r\n]*(?:multipart/|message/rfc822)", re.IGNORECASE | re.MULTILINE)
STATUS = re.compile(r"(?<![\d.])[245]\.\d{1,3}\.\d{1,3}(?![\d.])")  # RFC 3463
NO_TEXT = {"idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined", "mbcs", "oem"}
RECEIVERS = ("delivered-to", "x-original-to", "envelope-to", "to", "cc", "resent-to")
OURS = re.compile(rb"^message-id:\s*<([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})@", re.IGNORECASE | re.MULTILINE)
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")  # and halves of characters
PLAIN = ("text/plain", "text/", "text/markdown")
Part = Message  # of the standard library


class ForgivingPolicy(Compat32):
    """The oldest policy of the standard library, which takes anything; headers with bare bytes stay as they came."""

    def header_fetch_parse(self, name: str, value: str) -> str:
        return value


FORGIVING = ForgivingPolicy()


def read(raw: bytes) -> ParsedMail:
    """The mail in these bytes. Never raises: of what is no mail at all, the bytes are the one file."""
    nested = len(HOLDS_PARTS.findall(raw))
    if nested > MOST_NESTED:
        return _unread(raw, f"{nested} parts within parts")
    try:
        return _read(message_from_bytes(raw, policy=FORGIVING), raw)
    except (MessageError, ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        return _unread(raw, f"{type(error).__name__}: {error}")


def _unread(raw: bytes, why: str) -> ParsedMail:
    """Only the headers that stand on lines of their own; the whole mail is the file."""
    head = raw[:65_536].replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    mail = message_from_bytes(
        re.sub(rb"(?im)^content-.*\n?(?:[ \t].*\n?)*", b"", head + b"\n") + b"\n", policy=FORGIVING
    )
    whole = Enclosure(name="message.eml", kind="message/rfc822", content=raw)
    return _incoming(mail, raw, text="", files=(whole,), troubles=(f"the mail could not be taken apart: {why}",))


def _read(mail: Part, raw: bytes) -> ParsedMail:
    found = _MailContents()
    _walk(mail, found, within=())
    return _incoming(
        mail,
        raw,
        text="\n\n".join(text for text in found.texts if text.strip()),
        files=tuple(found.files),
        troubles=tuple(found.troubles),
        calendar=found.calendar,
        undelivered=tuple(found.undelivered),
    )


def _incoming(  # what was found in the parts of one mail
    mail: Part,
    raw: bytes,
    *,
    text: str,
    files: tuple[Enclosure, ...],
    troubles: tuple[str, ...],
    calendar: str = "",
    undelivered: tuple[DeliveryFailure, ...] = (),
) -> ParsedMail:
    signs: dict[str, tuple[str, ...]] = {}
    for name, value in mail.items():
        signs[name.lower()] = (*signs.get(name.lower(), ()), header(value))
    name, sender = _first_address(signs, "from", "sender", "return-path")
    return ParsedMail(
        message_id=_message_id(signs, raw),
        sender=sender,
        sender_name=name,
        to=tuple(dict.fromkeys(address for each in RECEIVERS for _, address in _addresses(signs.get(each, ())))),
        subject=signs.get("subject", ("",))[0][:300],
        text=CONTROLS.sub("", text),
        files=files,
        signs=signs,
        kind=mail.get_content_type(),
        calendar=calendar,
        report=_parameter(mail, "report-type") if mail.get_content_type() == "multipart/report" else "",
        undelivered=undelivered or _failed(signs),
        about=tuple(dict.fromkeys(UUID(each.decode()) for each in OURS.findall(raw))),
        troubles=troubles,
    )


class _MailContents:
    """What the parts of one mail have brought so far."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.files: list[Enclosure] = []
        self.troubles: list[str] = []
        self.undelivered: list[DeliveryFailure] = []
        self.calendar = ""

    def enclose(self, name: str, kind: str, content: bytes) -> None:
        name = CONTROLS.sub("", name)[:200]
        if len(self.files) < MOST_FILES:
            self.files.append(Enclosure(name=name, kind=kind, content=content))
        else:
            self.troubles.append(f"left out, too many files: {name}")


def _walk(part: Part, found: _MailContents, within: tuple[str, ...]) -> None:
    kind = part.get_content_type()
    if kind == "message/delivery-status":
        found.undelivered.extend(_statuses(part))
    elif kind == "message/rfc822":
        _enclosed_mail(part, found, within)
    elif kind == "multipart/alternative" and part.is_multipart():
        _walk_best(part, found, (*within, kind))
    elif part.is_multipart():
        for each in _inside(part):
            _walk(each, found, (*within, kind))
    else:
        _leaf(part, kind, found)


def _walk_best(part: Part, found: _MailContents, within: tuple[str, ...]) -> None:
    """Of several forms of the same words, the first that says something; what is no form of words stays a file."""
    best: _MailContents | None = None
    for each in _inside(part):
        tried = _MailContents()
        _walk(each, tried, within)
        found.calendar = found.calendar or tried.calendar
        found.troubles.extend(tried.troubles)
        if best is None and any(text.strip() for text in tried.texts):
            best = tried
            found.texts.extend(tried.texts)
        for file in tried.files:
            found.enclose(file.name, file.kind, file.content)


def _enclosed_mail(part: Part, found: _MailContents, within: tuple[str, ...]) -> None:
    """A forwarded mail is a file; where nothing else was written, its words are the words."""
    for each in _inside(part):
        subject = header(each.get("subject", "")) or "message"
        found.enclose(f"{subject[:100]}.eml", "message/rfc822", _bytes_of(each))
        is_forwarded = "multipart/report" not in within and not any(text.strip() for text in found.texts)
        if is_forwarded:
            inner = _MailContents()
            _walk(each, inner, (*within, "message/rfc822"))
            found.texts.extend(inner.texts)
            for file in inner.files:
                found.enclose(file.name, file.kind, file.content)


def _leaf(part: Part, kind: str, found: _MailContents) -> None:
    name = _file_name(part)
    content = _content(part, found)
    if kind.startswith("multipart/"):  # whose parts never came: what stands there is text
        kind = "text/plain"
    if kind == "text/calendar" and (method := _parameter(part, "method") or _method_in(content)):
        found.calendar = found.calendar or method.upper()
        return
    if kind in TNEF or name.lower() == "winmail.dat":
        _open_winmail(name, content, found)
        return
    is_text = kind in (*PLAIN, "text/html") and not _is_file(part, name) and len(content) <= MOST_TEXT
    if is_text:
        text = decoded(content, _parameter(part, "charset"))
        found.texts.append(as_text(text) if kind == "text/html" else _unflowed(part, text))
    elif content or name:
        found.enclose(name or _unnamed(kind, len(found.files)), kind, content)


def _open_winmail(name: str, content: bytes, found: _MailContents) -> None:
    """What Outlook packed into one file of its own is taken out of it; else that file is the file."""
    packed = opened(content)
    if packed is None:
        found.troubles.append(f"could not be opened: {name or 'winmail.dat'}")
        found.enclose(name or "winmail.dat", "application/ms-tnef", content)
        return
    if packed.text.strip() and not any(text.strip() for text in found.texts):
        found.texts.append(packed.text)
    for each, inside in packed.files:
        found.enclose(each or "file", "application/octet-stream", inside)


def decoded(content: bytes, charset: str) -> str:
    """The text in these bytes: as its charset says, else as UTF-8, else as Windows writes French."""
    name = charset.strip().strip("\"'").lower().replace("_", "-")
    name = {"iso-8859-1": "cp1252", "latin1": "cp1252", "us-ascii": "utf-8", "iso-8859-8-i": "iso-8859-8"}.get(
        name, name
    )
    for each in (name, "utf-8", "cp1252"):
        if not each or each in NO_TEXT:
            continue
        try:
            return content.decode(each).lstrip("\ufeff")
        except (LookupError, UnicodeError, ValueError):
            continue
    return content.decode("cp1252", "replace")


def header(value: str) -> str:
    """A header for people: decoded, on one line, without what steers a terminal or a page."""
    bare = _bytes_kept(value)
    try:
        said = "".join(_piece(piece, charset) for piece, charset in decode_header(bare))
    except (MessageError, ValueError, LookupError):
        said = bare
    return CONTROLS.sub("", " ".join(said.split()))[:MOST_HEADER]


def _piece(piece: bytes | str, charset: str | None) -> str:
    if isinstance(piece, str):
        return piece
    return decoded(piece, charset) if charset else piece.decode("raw-unicode-escape", "replace")


def _bytes_kept(said: str) -> str:
    """Bytes that stood bare in a header, against the rules, as the text that they most likely are."""
    if not re.search(r"[\udc80-\udcff]", said):
        return said
    return decoded(said.encode("utf-8", "surrogateescape"), "")


def _addresses(values: tuple[str, ...]) -> list[tuple[str, str]]:
    found = getaddresses([value for value in values if value])
    return [(name, address.strip()) for name, address in found if "@" in address]


def _first_address(signs: dict[str, tuple[str, ...]], *names: str) -> tuple[str, str]:
    for each in names:
        if found := _addresses(signs.get(each, ())):
            return found[0][0][:120], found[0][1][:254]
    return "", ""


def _message_id(signs: dict[str, tuple[str, ...]], raw: bytes) -> str:
    """What names the mail: its own id, or the digest of its content where it has none."""
    said = signs.get("message-id", ("",))[0].strip()
    return said if re.fullmatch(r"<\S{3,900}>", said) else f"<{hashlib.sha256(raw).hexdigest()}@no-id>"


def _content(part: Part, found: _MailContents) -> bytes:
    try:
        content = part.get_payload(decode=True)
    except (ValueError, LookupError, MessageError) as error:
        found.troubles.append(f"a part could not be decoded: {error}")
        content = None
    if isinstance(content, bytes):
        return content
    said = part.get_payload()
    return said.encode("utf-8", "surrogateescape") if isinstance(said, str) else b""


def _file_name(part: Part) -> str:
    said = part.get_filename()  # decodes what RFC 2231 says; many write RFC 2047 there instead
    return header(said) if said else ""


def _is_file(part: Part, name: str) -> bool:
    return part.get_content_disposition() == "attachment" or bool(name)


def _parameter(part: Part, name: str) -> str:
    said = part.get_param(name, "")
    return collapse_rfc2231_value(said).strip().lower() if said else ""


def _method_in(content: bytes) -> str:
    found = re.search(rb"^METHOD:([A-Za-z-]{1,20})", content[:20_000], re.MULTILINE)
    return found[1].decode() if found else ""


def _unflowed(part: Part, text: str) -> str:
    """Lines that were only broken for sending are joined again (RFC 3676)."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if _parameter(part, "format") != "flowed":
        return text
    tight = _parameter(part, "delsp") == "yes"
    lines: list[str] = []
    is_open = False
    for line in text.split("\n"):
        quoted = line.startswith(">")
        said = line if quoted else line.removeprefix(" ")
        if is_open and not quoted and said != "-- ":
            lines[-1] = (lines[-1][:-1] if tight else lines[-1]) + said
        else:
            lines.append(said)
        is_open = not quoted and said.endswith(" ") and said != "-- "
    return "\n".join(lines)


def _unnamed(kind: str, number: int) -> str:
    endings = {
        "image/jpeg": "jpg",
        "image/png": "png",
        "image/gif": "gif",
        "application/pdf": "pdf",
        "text/plain": "txt",
    }
    return f"file-{number + 1}.{endings.get(kind, kind.rpartition('/')[2][:10] or 'bin')}"


def _inside(part: Part) -> list[Part]:
    inside = part.get_payload()
    return [each for each in inside if isinstance(each, Message)] if isinstance(inside, list) else []


def _bytes_of(mail: Part) -> bytes:
    try:
        return mail.as_bytes(policy=compat32)
    except (MessageError, ValueError, LookupError, TypeError, AttributeError):
        return str(mail).encode("utf-8", "surrogateescape")


def _statuses(part: Part) -> list[DeliveryFailure]:
    """Each receiver of whom a mail server reports; of "relayed" and "delivered" there is nothing to say."""
    found = []
    for each in _inside(part):
        action = header(each.get("action", "")).lower()
        said = header(each.get("final-recipient", "") or each.get("original-recipient", ""))
        address = said.partition(";")[2].strip().strip("<>")
        if address and action in ("failed", "delayed"):
            told, status = header(each.get("diagnostic-code", "")), header(each.get("status", ""))
            code = STATUS.search(status) or STATUS.search(told)
            found.append(
                DeliveryFailure(
                    address=address[:254],
                    permanent=action == "failed",
                    said=(told or status)[:300],
                    status=code[0] if code else "",
                )
            )
    return found


def _failed(signs: dict[str, tuple[str, ...]]) -> tuple[DeliveryFailure, ...]:
    said = _addresses(signs.get("x-failed-recipients", ()))
    return tuple(DeliveryFailure(address=address, permanent=True) for _, address in said)
