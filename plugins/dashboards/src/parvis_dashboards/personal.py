"""What of dashboards goes with a request: an erased one leaves every quality sample."""

from parvis.requests.personal import ErasureRule, Personal

ERASURE = ErasureRule(personal=(Personal(table="dashboards_sample_item"),))
