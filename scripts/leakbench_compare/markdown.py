"""The comparison as Markdown, for a job summary or a comment on a pull request."""

import html
import re

from leakbench_compare import views
from leakbench_compare.words import plain

COLUMNS = ("metric", "base", "head", "change", "interval", "limit", "verdict")
SIGNS = {
    "REGRESSION": "❌",
    "NOT COMPARABLE": "❌",
    "INCOMPLETE": "❌",
    "NOT AS EXPECTED": "❌",
    "NOT TRUSTED": "⚠️",
    "INCONCLUSIVE": "⚠️",
    "SMALL CHANGE": "ℹ️",
    "IMPROVED": "✅",
    "NO CHANGE": "✅",
}
# Longest Markdown that GitHub takes for a comment, less some room for what a workflow adds.
LONGEST = 60_000


def render(document):
    """Returns the text. Its first line is invisible and names the scenario: by it the comment of an
    earlier commit is found, to be replaced."""
    verdict = document["verdict"]
    lines = [
        marker(document),
        f"### {SIGNS[verdict]} leakbench: {verdict}",
        "",
        f"{safe(views.headline(document))}: {views.VERDICTS[verdict]}.",
        "",
        *(f"- {safe(reason)}" for reason in document["reasons"]),
        "",
    ]
    for comparison in document["comparisons"]:
        lines += section(document, comparison)
    if trust := views.trust_sentence(document):
        lines += [trust, ""]
    if document["notes"]:
        lines += details("Notes", [f"- {safe(note)}" for note in document["notes"]])
    told = [text for text in (views.columns_told(document), views.method(document)) if text]
    lines += [f"<sub>{'. '.join(safe(text) for text in told)}.</sub>", ""]
    text = "\n".join(lines)
    if len(text) > LONGEST:
        text = text[:LONGEST].rpartition("\n")[0] + "\n\n(cut: too long for a comment)\n"
    return text


def marker(document):
    return f"<!-- leakbench comparison: {document['scenario']['name']} -->"


def section(document, comparison):
    gate, info = (views.all_metrics(comparison, kind) for kind in (True, False))
    lines = [f"**{safe(views.title_of(comparison))}**", ""]
    if gate:
        lines += [*table(document, gate), ""]
    lines += [f"- {safe(text)}" for text in views.remarks(document, comparison)] + [""]
    if info:
        lines += details("Other metrics, which do not gate", table(document, info))
    return lines


def table(document, metrics):
    titles = {name: name for name in COLUMNS}
    titles["interval"] = f"{views.confidence(document)} interval"
    return [
        row(titles.values()),
        row(":--" if name in ("metric", "verdict") else "--:" for name in COLUMNS),
        *(row(safe(views.cells(metric)[name]) for name in COLUMNS) for metric in metrics),
    ]


def row(texts):
    return f"| {' | '.join(texts)} |"


def details(title, lines):
    return ["<details>", f"<summary>{title}</summary>", "", *lines, "", "</details>", ""]


def safe(text):
    """Text that Markdown and HTML leave as it is: names and messages from a run folder may hold
    anything, and must neither make markup nor call people."""
    escaped = html.escape(plain(text), quote=False)
    escaped = re.sub(r"([\\`*\[\]|~])", r"\\\1", escaped)
    # At the edges of words an underscore makes italics; within a metric's name it does not.
    escaped = re.sub(r"(?<!\w)_|_(?!\w)", r"\\_", escaped)
    # A zero-width space keeps @name from being a mention and #1 from being a link.
    return re.sub(r"([@#])(?=\w)", "\\1\u200b", escaped)
