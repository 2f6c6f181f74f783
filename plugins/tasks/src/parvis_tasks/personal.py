"""What of its table goes with a request that is erased: every task about it."""

from parvis.requests.personal import ErasureRule, Personal

ERASURE = ErasureRule(personal=(Personal(table="tasks_task"),))
