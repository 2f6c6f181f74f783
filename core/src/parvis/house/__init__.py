"""Plugins: found, asked, checked and kept as one frozen register; the only room that touches pluggy."""

from parvis.house.finding import find_plugins
from parvis.house.opening import claimed, open_house
from parvis.house.origins import Found, Origin
from parvis.house.plugin_settings import SettingsWrong, settings_from
from parvis.house.register import House, Plugin, Subscribed
from parvis.troubles import Trouble

__all__ = [
    "Found",
    "House",
    "Origin",
    "Plugin",
    "SettingsWrong",
    "Subscribed",
    "Trouble",
    "claimed",
    "find_plugins",
    "open_house",
    "settings_from",
]
