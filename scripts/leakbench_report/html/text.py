"""Text that came from a run, made fit for a page."""

import re

from markupsafe import Markup, escape

# Control characters, which neither HTML nor XML can hold, and those that turn the direction of the
# text around them; a name in a hand-made file may have them all the same.
CONTROL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff]"
)
UNIT = re.compile(r"(?<=\d) (?=(?:[num]?s|[KMG]?i?B)\b|%)")
AFTER_FOLDER = re.compile(r"(?<=/)(?=[^/ ])|(?<=::)(?=\w)")
LONGEST_WHOLE = 24  # characters; a longer name would make a phone's page wider than the phone


def printable(value):
    """Replaces in a text what cannot be shown by the sign for that; leaves other values alone."""
    if isinstance(value, Markup) or not isinstance(value, str):
        return value
    return CONTROL.sub("\N{REPLACEMENT CHARACTER}", value)


def keep_whole(text, arms):
    """Returns `text` escaped, so that no line ends inside the names of `arms` or before a unit, and
    so that a path may end one behind each of its folders."""
    text = UNIT.sub("\N{NO-BREAK SPACE}", printable(text))
    short = [arm for arm in arms if len(arm) <= LONGEST_WHOLE]
    names = "|".join(re.escape(arm) for arm in sorted(short, key=len, reverse=True)) or "(?!)"
    parts = re.split(rf"(?<![\w-])({names})(?![\w-])", text)
    marked = [
        Markup('<span class="name">{}</span>').format(part) if number % 2 else with_breaks(part)
        for number, part in enumerate(parts)
    ]
    return Markup("").join(marked)


def with_breaks(text):
    return Markup("<wbr>").join(map(escape, AFTER_FOLDER.split(text)))
