"""How a name sounds in French: names written by ear, `Papino`, `Chabo`, `Monroyal`, sound like the right ones."""

import re

# Each rule works on what the rules before it left; capitals are sounds already settled.
RULES = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"(?:eaux?|aul[dtx]|au[dtx]?|aux|oo|ot|oh)$", "O"),
        (r"(?:eau|au|aw)", "O"),
        (r"sch|sh|ch(?![rl])", "S"),
        (r"ch", "k"),
        (r"ph", "f"),
        (r"th", "t"),
        (r"h", ""),
        (r"qu|q|ck|k", "k"),
        (r"c(?=[eiy])", "s"),
        (r"c", "k"),
        (r"gu(?=[eiy])", "g"),
        (r"g(?=[eiy])", "j"),
        (r"gn", "n"),
        (r"(?:er|ez|et|ay|ais?|ait|ey)$", "E"),
        (r"y", "i"),
        (r"w", "v"),
        (r"z", "s"),
        (r"x", "s"),
        (r"oeu|oe|eu", "e"),
        (r"oi", "ua"),
        (r"ou", "u"),
        (r"(?:ain|ein|in|im|un|um|aim|en(?=s?$))(?![aeioumnO])", "I"),
        (r"(?:an|am|en|em)(?![aeioumnO])", "A"),
        (r"(?:on|om)(?![aeioumnO])", "N"),
        (r"ai|ei", "e"),
        (r"e?[sdtp]*$", ""),
        (r"(.)\1+", r"\1"),
        (r"O", "o"),
        (r"E", "e"),
    )
)


ENDINGS = (("er", "e"), ("ez", "e"), ("et", "e"), ("es", "e"), ("e", "e"), ("en", "an"), ("ent", "an"))
"""Ends that are heard in two ways, `Hubert` and `Laurier`: the other one, for words written without accents."""


def sounds_of(word: str) -> tuple[str, ...]:
    """Keys of which one is the same for words that sound alike; none for what is too short to be heard apart."""
    if len(word) < 3 or not word.isalpha():
        return ()
    heard = [sound_of(word)]
    for end, other in ENDINGS:
        if word.endswith(end):
            heard += [sound_of(f"{word.removesuffix(end)}{other}r" if other == "e" else word[: -len(end)] + other)]
            heard += [sound_of(f"{word}q").removesuffix("k")] if end == "er" else []
    return tuple(dict.fromkeys(sound for sound in heard if len(sound) > 1))


def sound_of(word: str) -> str:
    sound = word
    for pattern, meant in RULES:
        sound = pattern.sub(meant, sound)
    return sound
