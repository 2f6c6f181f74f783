"""What the scanner says of one content: asked on the thread of its plugin, within its limit, whatever it does."""

from functools import partial
from typing import BinaryIO

import structlog

from parvis.plugins.threads import PluginThreads
from parvis.plugins.trying import Failure, attempt
from parvis.requests.host import Host
from parvis.troubles import Trouble, Words
from parvis_sdk.text import Text
from parvis_sdk.virus_scanners import Verdict, VirusScanner, bounded, verdict_mistakes

HELD = Text(fr="les fichiers reçus attendent", en="files that are received wait")
MEND = Text(
    fr="corrigez l’extension, ou choisissez un autre antivirus (files.scanner)",
    en="correct the plugin, or choose another scanner (files.scanner)",
)
log = structlog.get_logger("parvis.virus_scanning")


async def looked_at(host: Host, scanner: VirusScanner, content: BinaryIO) -> Verdict | Failure:
    """What the scanner says of a content, or how it failed at that: an answer that is no verdict is a failure."""
    done = await attempt(
        partial(scanner.scan, content), scanner.seconds, function=scanner.scan, threads=host.given(PluginThreads)
    )
    if isinstance(done, Failure):
        return done
    if wrong := next(verdict_mistakes(done.value), None):
        return Failure(kind="broken", what=wrong.what, where=wrong.where)
    return bounded(done.value)


def named_trouble(host: Host, scanner: VirusScanner, failure: Failure) -> Words:
    """Why a file goes on waiting; where the scanner is broken, with the plugin and the line of it."""
    if failure.kind in ("later", "refused"):
        return failure.what
    found = (each for each in host.plugins.by_name.values() if scanner.name in each.virus_scanners)
    plugin = next(found, None)
    trouble = Trouble(
        who=str(plugin.origin) if plugin else scanner.name,
        where=" · ".join(each for each in ("virus_scanners()", failure.where) if each),
        what=failure.what,
        so_what=HELD,
        now_what=MEND,
        plugin=plugin.name if plugin else "",
    )
    log.error("the antivirus is broken", scanner=scanner.name, trouble=str(trouble))
    return str(trouble)
