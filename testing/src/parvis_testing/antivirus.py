"""An antivirus whose answer a test sets."""

from parvis_sdk.text import Text


class AnsweringScanner:
    """What it `answer`s stands until a test changes it; an exception is raised. It counts the files it was `asked`."""

    name, title = "answering", Text(fr="ClamAV, /run/clamd", en="ClamAV, /run/clamd")
    most_bytes, seconds = 20_000_000, 20.0

    def __init__(self, answer):
        self.answer, self.asked = answer, 0

    async def scan(self, content):
        self.asked += 1
        await self.ping()
        return self.answer

    async def ping(self):
        if isinstance(self.answer, Exception):
            raise self.answer
