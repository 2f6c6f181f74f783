"""What of its tables goes with a request that is erased: the erasure that its person asked for, with the address."""

from parvis.requests.personal import ErasureRule, Personal

ERASURE = ErasureRule(personal=(Personal(table="erasure_proposal"),))
