"""The former name of `parvis_sdk.testing.submissions`; removed in 0.3."""

from parvis_sdk.renamed import now_at

__getattr__ = now_at(__name__, "parvis_sdk.testing.submissions", Demands="Submissions", demand_for="submission_for")
