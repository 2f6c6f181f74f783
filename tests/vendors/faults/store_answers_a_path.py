"""A file store that answers where it put a content, and raises what nobody expects."""

import hashlib

from parvis_sdk.hooks import hookimpl
from parvis_sdk.text import Text


class Cupboard:
    name, title, seconds = "cupboard", Text(fr="Armoire", en="Cupboard"), 5.0

    def keep(self, content):
        return f"/cupboard/{hashlib.sha256(content).hexdigest()}"

    def open(self, digest):
        raise KeyError(digest)

    def set_aside(self, digest):
        return None

    def bring_back(self, digest):
        return None

    def drop(self, digest):
        return None

    def kept_before(self, part, moment):
        return []

    def check(self):
        return None


@hookimpl
def file_stores():
    return [Cupboard()]


# kit: parvis_bad/plugin.py:12 · store 'cupboard' · keep answers
#     '/cupboard/6e4b26fd8961c08df34d6ae325d45ec98e6a45730c8a7f98c1f2b24845881608' · files are neither received nor read
#     · answer what FileStore asks for
# kit: parvis_bad/plugin.py:15 · store 'cupboard' · open raises KeyError:
#     '0000000000000000000000000000000000000000000000000000000000000000' · files are neither received nor read · raise
#     FilesAway when its system does not answer
