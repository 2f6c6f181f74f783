"""What rooms of the core hear: that requests are listed for everybody, and what was reported of a page."""

from parvis.requests.lists.public_list import PublicList
from parvis.requests.reported_pages import PageReports
from parvis_public_requests.page_reports import PUBLIC_PAGES, reports_of, settle_of

LIST = PublicList(steps=(":list",))
REPORTS = PageReports(of=reports_of, settle=settle_of, counted_at=PUBLIC_PAGES)
