"""The words of an HTML mail as plain text: what was quoted keeps a `>` before it, what is hidden is left out."""

import re
from html.parser import HTMLParser

BLOCKS = {"p", "div", "tr", "table", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "section", "article"}
UNSEEN = {"head", "style", "script", "title", "template", "noscript", "object", "svg"}
ALONE = {"br", "hr", "img", "input", "meta", "link", "area", "base", "col", "embed", "source", "wbr"}
HIDDEN = re.compile(r"display\s*:\s*none|font-size\s*:\s*0(?:px|pt|em|;|$)|visibility\s*:\s*hidden", re.IGNORECASE)
MOST_DEEP = 200


def as_text(source: str) -> str:
    """`'<p>Bonjour,</p><blockquote>Merci</blockquote>'` becomes `'Bonjour,\\n> Merci'`, about."""
    reader = _Reader()
    reader.feed(source)
    reader.close()
    return reader.text()


class _Reader(HTMLParser):
    """Takes the words one after another, with the depth of quoting at which each stands."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[tuple[int, list[str]]] = [(0, [])]
        self.open: list[tuple[str, bool, bool]] = []  # tag, whether it quotes, whether it hides

    def parse_marked_section(self, i: int, report: bool = True) -> int:
        """What stands in `<![ ]>`; where the standard library knows no such section, browsers read a comment."""
        try:
            return super().parse_marked_section(i, report)
        except AssertionError:
            return self.parse_bogus_comment(i)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in ("br", "hr") or tag in BLOCKS or tag in ("li", "blockquote"):
            self._new_line(whole=tag in ("br", "hr"))
        if tag == "li":
            self._say("- ")
        if tag in ALONE:
            return
        if len(self.open) < MOST_DEEP:
            hides = tag in UNSEEN or "hidden" in given or bool(HIDDEN.search(given.get("style", "")))
            self.open.append((tag, tag == "blockquote", hides))
        if tag in BLOCKS or tag == "blockquote":
            self._new_line()

    def handle_endtag(self, tag: str) -> None:
        for at in range(len(self.open) - 1, -1, -1):
            if self.open[at][0] == tag:
                del self.open[at:]
                break
        if tag in BLOCKS or tag in ("blockquote", "li"):
            self._new_line()
        if tag == "p":
            self._new_line(whole=True)

    def handle_data(self, data: str) -> None:
        if any(hides for _, _, hides in self.open):
            return
        if any(tag == "pre" for tag, _, _ in self.open):
            first, *others = data.split("\n")
            self._say(first)
            for line in others:
                self._new_line(whole=True)
                self._say(line)
        else:
            self._say(re.sub(r"[ \t\r\n\f]+", " ", data))

    def _depth(self) -> int:
        return min(sum(quotes for _, quotes, _ in self.open), 5)

    def _say(self, words: str) -> None:
        depth, said = self.lines[-1]
        if depth != self._depth() and not "".join(said).strip():
            self.lines[-1] = (self._depth(), said)
        said.append(words)

    def _new_line(self, *, whole: bool = False) -> None:
        if whole or "".join(self.lines[-1][1]).strip():
            self.lines.append((self._depth(), []))

    def text(self) -> str:
        lines = []
        for depth, said in self.lines:
            line = "".join(said).replace("\u200b", "").strip(" ")
            lines.append(f"{'>' * depth} {line}".rstrip() if depth else line)
        return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")
