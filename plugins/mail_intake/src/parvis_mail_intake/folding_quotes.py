"""What a person has written in a mail, apart from what they quoted and from what their program adds below."""

import re

from msgspec import Struct

ATTRIBUTION = re.compile(
    r"^\W{0,3}(?:le|on|am|el)\b.{5,300}?(?:a écrit|wrote|schrieb|escribió)\s*(?:\([^)]*\))?\s*:?\s*$",
    re.IGNORECASE | re.DOTALL,
)
BEGINS_ATTRIBUTION = re.compile(r"^\W{0,3}(?:le|on|am|el)\s.*\d", re.IGNORECASE)
DIVIDER = re.compile(
    r"^\W*-{3,}\s*(?:original message|message d['’]origine|message original|original-nachricht)\s*-{3,}",
    re.IGNORECASE,
)
RULE = re.compile(r"^\s*_{10,}\s*$")
HEAD = re.compile(
    r"^\W{0,4}(from|de|sent|envoy[ée]|date|to|[àa]|cc|subject|objet|sujet)\s?\*?\s?:\s?\*?\s?\S", re.IGNORECASE
)
SENT_FROM = re.compile(
    r"^\W{0,2}(?:envoy[ée] (?:de(?:puis)?|à partir d)|sent (?:from|with|via)\b"
    r"|(?:get|obtenir|télécharge[rz]) outlook)",
    re.IGNORECASE,
)
DISCLAIMER = re.compile(
    r"^\W{0,4}(?:avis de confidentialité|confidentiality (?:notice|note)|mise en garde|ce (?:courriel|message)"
    r" (?:\(.{0,60}\) )?(?:est|peut (?:être|contenir)|contient).{0,60}confidenti"
    r"|this (?:e-?mail|message).{0,80}confidenti)",
    re.IGNORECASE,
)
FORWARDED = re.compile(
    r"^\W*(?:-{5,}\s*)?(?:forwarded message|message transféré|begin forwarded message|début du message réexpédié)",
    re.IGNORECASE,
)


class FoldedText(Struct, frozen=True, kw_only=True):
    """The words to be read, and what is kept folded away below them; together all that was sent."""

    words: str
    quoted: str = ""
    signature: str = ""


def fold_quotes(text: str) -> FoldedText:
    """The words apart from the rest. Where little sense would remain, everything is words."""
    lines = [line.rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    below = _where_quoting_begins(lines)
    above, quoted = lines[:below], lines[below:]
    above, answered = _without_quotes(above)
    above, told = _but_attributions(above) if answered else (above, [])
    above, signature = _without_signature(above)
    words = _joined(above)
    if not words:  # nothing but quotes: forwarded, or written among or below them
        among, answered = _without_quotes(lines)
        among, told = _but_attributions(among)
        words, signature, quoted = _joined(among), [], []
        if not words:
            return FoldedText(words=_joined(lines))
    return FoldedText(words=words, quoted=_joined([*told, *answered, *quoted]), signature=_joined(signature))


def _where_quoting_begins(lines: list[str]) -> int:
    """The line from which on everything is an older mail; past the end when there is none."""
    for at, line in enumerate(lines):
        if FORWARDED.match(line):  # passed on, so that we read it
            break
        if DIVIDER.match(line) or (RULE.match(line) and _is_head(lines, at + 1)) or _is_head(lines, at):
            return at
        if _attributed(lines, at) and not _words_after_quotes(lines, at):
            return at
    return len(lines)


def _is_head(lines: list[str], at: int) -> bool:
    """Whether the headers of an older mail stand here as Outlook writes them: at least three, one below another."""
    names = [found[1].lower() for line in lines[at : at + 8] if line.strip() and (found := HEAD.match(line))]
    first = HEAD.match(lines[at]) if at < len(lines) else None
    return first is not None and first[1].lower() in ("from", "de") and len(names) >= 3


def _attributed(lines: list[str], at: int) -> int:
    """How many lines from here say who wrote what is quoted below; none, as a rule."""
    if not BEGINS_ATTRIBUTION.match(lines[at]):
        return 0
    for count in (1, 2, 3):
        if ATTRIBUTION.match("\n".join(lines[at : at + count])):
            return count
    return 0


def _words_after_quotes(lines: list[str], at: int) -> bool:
    """Whether somebody wrote below or among what they quoted with `>`."""
    rest = lines[at + _attributed(lines, at) :]
    quoted = [number for number, line in enumerate(rest) if line.startswith(">")]
    if not quoted or any(line.strip() for line in rest[: quoted[0]]):
        return False
    unquoted, _ = _without_signature([line for line in rest if not line.startswith(">")])
    return any(line.strip() for line in unquoted)


def _without_quotes(lines: list[str]) -> tuple[list[str], list[str]]:
    """The lines without quotes; with them, where words answer one quote after another and mean nothing without."""
    quotes = [number for number, line in enumerate(lines) if line.startswith(">")]
    if not quotes or _answers_between(lines):
        return lines, []
    return [line for line in lines if not line.startswith(">")], [lines[number] for number in quotes]


def _answers_between(lines: list[str]) -> bool:
    answered, has_quote, has_words = 0, False, False
    for line in lines:
        if line.startswith(">"):
            answered += has_quote and has_words
            has_quote, has_words = True, False
        elif line.strip():
            has_words = True
    return answered > 0


def _but_attributions(lines: list[str]) -> tuple[list[str], list[str]]:
    kept, told, at = [], list[str](), 0
    while at < len(lines):
        if count := _attributed(lines, at):
            told += lines[at : at + count]
            at += count
        else:
            kept.append(lines[at])
            at += 1
    return kept, told


def _without_signature(lines: list[str]) -> tuple[list[str], list[str]]:
    for at, line in enumerate(lines):
        is_below = any(each.strip() for each in lines[:at])
        if not is_below:
            continue
        is_short = len([each for each in lines[at:] if each.strip()]) <= 12
        if (line in ("--", "-- ") or SENT_FROM.match(line)) and is_short:
            return lines[:at], lines[at:]
        if DISCLAIMER.match(line):
            return lines[:at], lines[at:]
    return lines, []


def _joined(lines: list[str]) -> str:
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
