"""What the module answers to the core's hooks: that requests are listed publicly, and reports about their pages."""

from parvis.requests.lists.public_list import PublicList
from parvis.requests.reported_pages import PageReports
from parvis_public_requests.page_reports import PUBLIC_PAGES, reports_of, settle_of

LIST = PublicList(steps=(":list",))
REPORTS = PageReports(of=reports_of, settle=settle_of, counted_at=PUBLIC_PAGES)
