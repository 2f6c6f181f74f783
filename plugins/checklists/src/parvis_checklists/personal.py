"""What of checklists goes with a request: every line, as its words may name people."""

from parvis.requests.personal import ErasureRule, Personal

ERASURE = ErasureRule(personal=(Personal(table="checklist_item"),))
