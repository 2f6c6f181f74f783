"""What is personal of reports about pages: as data, so that it outlives this code."""

from parvis.requests.personal import ErasureRule, Personal

ERASURE = ErasureRule(personal=(Personal(table="page_report"),))
