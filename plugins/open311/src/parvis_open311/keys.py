"""Who may write: the holder of a key of the API, whose name is the channel that a report came by."""

from parvis.jurisdictions import Jurisdiction
from parvis.people.tokens import MachineToken, token_of
from parvis.requests.host import Host
from parvis_open311.refusals import refused

SCOPE = "requests:write"


async def key_holder(host: Host, town: Jurisdiction, given: set[str]) -> MachineToken:
    """The token of an `api_key`, before anything of the content is told; `given` are all the values it came with."""
    if not given:
        raise refused(403, "api_key manque.", "api_key was missing.")
    token = await token_of(host.engine, given.pop()) if len(given) == 1 else None
    if token is None or not token.allows(SCOPE) or token.jurisdiction != town.code:
        raise refused(403, "api_key n’est pas valide ici.", "api_key was invalid.")
    return token
