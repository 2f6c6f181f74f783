"""An endpoint that believes whatever it is sent."""

import json

from parvis_sdk.endpoints import Endpoint, EndpointAnswer, Public
from parvis_sdk.hooks import hookimpl
from parvis_sdk.text import Text


async def street(asked):
    said = json.loads(asked.body)
    return EndpointAnswer(json={"street": said["street"]})


@hookimpl
def endpoints():
    return [Endpoint(code="street", title=Text(fr="Rue", en="Street"), auth=Public(), answer=street)]


# kit: parvis_bad/plugin.py:10 · endpoint 'street' · it raises JSONDecodeError: Expecting value: line 1 column 1 (char
#     0) when it is sent nothing · the call fails · raise Refused for what you do not understand, or read it by
#     asked.json()
