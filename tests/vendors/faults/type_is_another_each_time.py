"""A declaration that is not the same when it is asked for again."""

from itertools import count

from parvis_bad.sound import lamp
from parvis_sdk.hooks import hookimpl

VERSIONS = count(1)


@hookimpl
def request_types():
    return [lamp(version=next(VERSIONS))]


# kit: request type 'lamp' · it is declared otherwise when it is asked for again · requests of one day are unlike
#     those of the next · declare it once, without the time, chance or a count
