"""What rooms of the core hear: here somebody sees to what is due, and to erasure on demand."""

from parvis.requests.keeping.retention import DisposalSource
from parvis_disposal.plugin import MODULE

SOURCE = DisposalSource(title=MODULE.title)
