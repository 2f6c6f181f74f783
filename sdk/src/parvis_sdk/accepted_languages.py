"""Which of the languages on offer the header Accept-Language asks for, by its weights (RFC 9110, 12.5.4)."""

from collections.abc import Sequence

_ANY = "*"


def wanted(accepted: str, offered: Sequence[str]) -> str:
    """The offered language with the greatest weight, the first named of equals; the first on offer where none is asked
    for. A language with weight 0 is taken only where no other is on offer; a weight that cannot be read counts as 1.

    >>> wanted("fr;q=0.4, en-CA;q=0.8", ("fr", "en"))
    'en'
    >>> [wanted(each, ("fr", "en")) for each in ("fr;q=0, *", "fr;q=0.5, *;q=0.8", "*, en;q=0.5")]
    ['en', 'en', 'fr']
    """
    if not accepted:
        return offered[0]
    weights: dict[str, float] = {}
    for each in accepted.split(","):
        named, _, rest = each.partition(";")
        code = named.strip().partition("-")[0].lower()
        weights[code] = max(weights.get(code, 0.0), _weight(rest))
    others = [code for code in offered if code not in weights]
    if _ANY in weights:
        weights |= dict.fromkeys(others, weights[_ANY])
    asked = [code for code in weights if code in offered and weights[code] > 0]
    return max(asked, key=weights.__getitem__) if asked else next(iter(others), offered[0])


def _weight(rest: str) -> float:
    name, _, value = rest.partition("=")
    if name.strip().lower() != "q":
        return 1.0
    try:
        return min(max(float(value), 0.0), 1.0)
    except ValueError:
        return 1.0
