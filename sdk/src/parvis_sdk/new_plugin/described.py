"""What somebody says of a plugin that is to be made, and every name that follows from it."""

import keyword
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, get_args

from msgspec import Struct

from parvis_sdk.calling import is_address
from parvis_sdk.mistakes import CODE
from parvis_sdk.text import Text

Kind = Literal["type", "handler", "connector", "channel"]
KINDS: tuple[Kind, ...] = get_args(Kind)
NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
OURS = {"sdk", "testing"}
LONGEST = 80
NO_SYSTEM = "https://system.example"
OTHER_SERVICES = Text(fr="Autres services", en="Other services")
SETTINGS_PAGE = """
```toml
[plugins.{0}]
base_url = "{1}"
```

The secret `key` comes by `PARVIS_{2}_KEY`, or lies in a file named by `PARVIS_{2}_KEY_FILE`.
"""

BAD_NAME = Text(
    fr="le nom {name} ne convient pas\u00a0: prenez des minuscules, des chiffres et _, en commençant par une lettre",
    en="the name {name} will not do: use lowercase letters, digits and _, starting with a letter",
)
BAD_TITLE = Text(
    fr="il faut un titre dans chaque langue, sur une ligne, de 1 à {longest} caractères, avec une lettre",
    en="a title is needed in each language, on one line, of 1 to {longest} characters, with a letter",
)
BAD_ADDRESS = Text(
    fr="l’adresse {address} ne convient pas\u00a0: par exemple {example}",
    en="the address {address} will not do: for instance {example}",
)
TAKEN = Text(
    fr="le dossier {folder} n’est pas vide\u00a0: nommez-en un autre avec --folder",
    en="the folder {folder} is not empty: name another with --folder",
)


class NewPlugin(Struct, frozen=True, kw_only=True):
    """A plugin to be made in `folder`: what it is, what it is called, and its theme or the other system's address."""

    name: str
    kind: Kind
    title: Text
    theme: Text = OTHER_SERVICES
    address: str = NO_SYSTEM
    folder: Path

    def mistakes(self) -> Iterator[Text]:
        """Everything that keeps it from being made."""
        if not NAME.fullmatch(self.name) or self.name in OURS or keyword.iskeyword(self.name):
            yield BAD_NAME.format(name=repr(self.name))
        titles = (self.title, self.theme) if has_service(self.kind) else (self.title,)
        words = [said for text in titles for said in (text.fr, text.en)]
        if not all(0 < len(each) <= LONGEST and slug_of(each) and each.isprintable() for each in words):
            yield BAD_TITLE.format(longest=LONGEST)
        if self.kind != "type" and not is_address(self.address):
            yield BAD_ADDRESS.format(address=repr(self.address), example=NO_SYSTEM)
        if self.folder.exists() and (not self.folder.is_dir() or any(self.folder.iterdir())):
            yield TAKEN.format(folder=self.folder)

    def words(self) -> dict[str, str]:
        """What stands in the files in the place of each marker."""
        title, theme = french_set(self.title), french_set(self.theme)
        return {
            "name": self.name,
            "NAME": self.name.upper(),
            "package": f"parvis_{self.name}",
            "distribution": f"parvis-{self.name.replace('_', '-')}",
            "dependencies": ", ".join(f'"{each}"' for each in needed(self.kind)),
            "description": f"{title.en}, for Parvis.",
            "address": self.address.rstrip("/"),
            "settings_page": ""
            if self.kind == "type"
            else SETTINGS_PAGE.format(self.name, self.address, self.name.upper()),
            "code": code_of(title.en, self.name),
            "title_fr": title.fr,
            "title_en": title.en,
            "slug_fr": slug_of(title.fr),
            "slug_en": slug_of(title.en),
            "theme_code": code_of(theme.en, "theme"),
            "theme_fr": theme.fr,
            "theme_en": theme.en,
            "theme_slug_fr": slug_of(theme.fr),
            "theme_slug_en": slug_of(theme.en),
            "method": self.name[:10],  # a contact method has a short name
            "by_fr": f"par {title.fr[:1].lower()}{title.fr[1:]}",
            "by_en": f"by {title.en[:1].lower()}{title.en[1:]}",
        }


def settings_page(name: str, address: str) -> str:
    """What its page says of its settings."""
    return SETTINGS_PAGE.format(name, address, name.upper())


def has_service(kind: Kind) -> bool:
    """Whether a plugin of that kind has a request type of its own."""
    return kind in ("type", "handler")


def needed(kind: Kind) -> tuple[str, ...]:
    """What the distribution of such a plugin names beside its own files."""
    sdk = "parvis-sdk>=0.1,<0.2"
    return (sdk,) if kind == "type" else (sdk, "httpx>=0.27,<1", "msgspec>=0.19")


def french_set(text: Text) -> Text:
    """A title as French is printed: ’, and a no-break space before a colon."""
    return Text(fr=re.sub(r" +:", "\u00a0:", text.fr.strip().replace("'", "’")), en=text.en.strip())


def slug_of(title: str) -> str:
    """The words of a title as an address has them.

    >>> slug_of("Support à vélos")
    'support-a-velos'
    """
    plain = unicodedata.normalize("NFKD", title.replace("œ", "oe")).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall(r"[a-z0-9]+", plain))


def code_of(title: str, otherwise: str) -> str:
    """A code made of a title, once and for ever.

    >>> code_of("Bike rack", "bikes")
    'bike_rack'
    """
    code = slug_of(title).replace("-", "_")[:60].rstrip("_")
    return code if CODE.fullmatch(code) else otherwise
