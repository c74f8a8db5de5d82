"""What a test reads from the page of a report."""

from html.parser import HTMLParser

INLINE = ("wbr", "span", "code", "a", "strong")


class Outline(HTMLParser):
    """The elements of a page; an element that is not closed where it should be fails the test."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.elements = []  # (tag, attributes)
        self.open = []
        self.texts = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))
        self.separate(tag)
        if tag not in ("meta", "wbr"):
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))

    def handle_endtag(self, tag):
        assert self.open and self.open[-1] == tag, (self.open[-3:], tag)
        self.open.pop()
        self.separate(tag)

    def separate(self, tag):
        """Words of two elements are two words, unless both stand in one line."""
        if tag not in INLINE:
            self.texts.append(" ")

    def handle_data(self, data):
        self.texts.append(data)

    def all(self, tag):
        return [attributes for name, attributes in self.elements if name == tag]

    def text(self):
        """Returns the words of the page with one blank between them, whatever it is there."""
        return " ".join("".join(self.texts).split())


def text_of(path):
    return Outline(path.read_text(encoding="utf-8")).text()
