"""A street where several people report one hole, and their reports are joined."""

from parvis_merging.merging import merge, part
from parvis_testing.street import ANA, EVERYWHERE, Street


class MergingStreet(Street):
    """A street on which several residents report one pothole, and what becomes of their reports."""

    async def merge(self, one, other, viewer=EVERYWHERE, **more):
        return await merge(self.host, viewer, one.reference, other.reference, actor=ANA, **more)

    async def part(self, one, viewer=EVERYWHERE):
        return await part(self.host, viewer, one.reference, actor=ANA)
