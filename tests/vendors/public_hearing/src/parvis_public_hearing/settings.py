"""What a town says of its hearings, in `modules/public_hearing.toml`."""

from msgspec import Struct

from parvis.jurisdictions import Jurisdiction
from parvis.module_settings import settings_of


class HearingSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where people are usually heard, and how many days before it a hearing is called at the latest."""

    usual_place: str = ""
    notice_days: int = 0


SETTINGS = HearingSettings()


def settings_in(town: Jurisdiction) -> HearingSettings:
    """Those of a town."""
    return settings_of(town, "public_hearing", SETTINGS)
