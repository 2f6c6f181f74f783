"""Following every link of a running application, one page of each kind."""

import re
from html import unescape

LINK = re.compile(r'href="(/[^"#]*)')
NO_PAGES = re.compile(r"^/(statique|static|tuiles|couleurs|sw\.js|api|manifest)")
NAMES = re.compile(r"^/(fr|en)/(\w+)/[^/]+|/(?=[^/]*\d)[^/]+")  # of a service, a request: one page of each kind will do
MOST = 150


async def opened_from(clerk, *starts, read=lambda path, page: None):
    """What the pages answered that are reached from these, one of each kind, by their addresses; `read` has each."""
    answers, waiting, seen = {}, list(starts), set()
    while waiting and len(answers) < MOST:
        path = waiting.pop(0)
        kind = NAMES.sub(r"/\1/\2/*", path.partition("?")[0])
        if kind in seen or NO_PAGES.match(path):
            continue
        seen.add(kind)
        answer = await clerk.http.get(path, follow_redirects=False)
        answers[path] = answer.status_code
        if answer.headers.get("content-type", "").startswith("text/html"):
            read(path, answer.text)
            waiting += [unescape(each) for each in LINK.findall(answer.text)]
    return answers


def gone(answers):
    """What is linked and not there, and of whose pages; a link may lead to a page that is refused."""
    found = ((who, path, status) for who, of in answers.items() for path, status in of.items())
    return {each for each in found if each[2] == 404 or each[2] >= 500}
