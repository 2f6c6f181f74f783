"""The towns served here: their limits, units, zones, calendars, colours, and what rooms and modules read of them.

Anyone who needs more than a town of its name asks the file that says it: `zones`, `owners`, `assets`, `layers`. What
reads them from files stands in `loading`.
"""

from parvis.jurisdictions.jurisdiction import Jurisdiction, Jurisdictions, LanguageRegime, Link, TownAway
from parvis.jurisdictions.reading import JurisdictionError, JurisdictionMistake

__all__ = [
    "Jurisdiction",
    "JurisdictionError",
    "JurisdictionMistake",
    "Jurisdictions",
    "LanguageRegime",
    "Link",
    "TownAway",
]
