"""What the module answers to the core's hooks: notices in the files of towns, schedules, and reading both again."""

from parvis.requests.advice import NoticeSource
from parvis.rereading import Reread
from parvis_advisories.by_schedule import ADVICE
from parvis_advisories.notice_board import mistakes, posted, reread
from parvis_advisories.switch_warning import WARNING

__all__ = ["ADVICE", "BOARD", "NOTICES", "WARNING"]
BOARD = Reread(look=reread, mistakes=mistakes)
NOTICES = NoticeSource(posted=posted, in_files=True)
