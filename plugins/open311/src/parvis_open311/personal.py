"""What of Open311 goes with a request that is erased: addresses of pictures, and which updates came of it."""

from parvis.requests.personal import ErasureRule, Personal

ERASURE = ErasureRule(personal=(Personal(table="open311_media"), Personal(table="open311_update")), holds="open311:")
