"""The page of one run: everything it says, and the template that says it."""

from pathlib import Path

import jinja2
from markupsafe import Markup

from leakbench_report.charts import NothingToDraw, style
from leakbench_report.charts.gallery import CHARTS, not_drawn
from leakbench_report.charts.leak_sites import sites_of
from leakbench_report.html import commands, facts, words
from leakbench_report.html.pictures import VARIABLES, inline
from leakbench_report.html.source_lines import PROJECT, SourceLines, lines_of_sites
from leakbench_report.html.text import keep_whole, printable

TEMPLATES = Path(__file__).parent / "templates"
ELSEWHERE = ("leak_sites", "table")  # have sections of their own


class Picture:
    """One chart as the page shows it: for a wide and for a narrow window."""

    def __init__(self, name, draw, run):
        chart = draw(run, style.PAGE)
        self.name = name
        self.title = chart.title
        self.how_to_read = chart.how_to_read
        self.sentence = f"{chart.sentence}."
        self.table = chart.table
        alternative = f"{chart.title}. {self.sentence}"
        self.wide = Markup(inline(chart.figure, f"{name}-wide", alternative))
        narrow = draw(run, style.PHONE).figure
        self.narrow = Markup(inline(narrow, f"{name}-narrow", alternative))


def build_page(run, source=PROJECT):
    """Returns the HTML of the report of `run`; lines of source text come from below `source`."""
    style.apply()
    pictures, missing = draw_pictures(run)
    lines = SourceLines(source, run.plan["environment"]["git_commit"])
    verdicts = words.verdicts_of(run)
    return environment([each.arm for each in verdicts]).get_template("report.html.j2").render(
        run=run,
        plan=run.plan,
        summary=run.summary,
        title=words.title(run, verdicts),
        progress=words.progress(run),
        verdicts=verdicts,
        origins=words.origins_of(run, verdicts),
        colors=colors_of(run, verdicts),
        pictures=pictures,
        charts=[picture for name, picture in pictures.items() if name not in ELSEWHERE],
        missing=missing,
        source_lines=lines_of_sites(sites_of(run), lines),
        warnings=warnings_of(run),
        facts=facts,
        commands=commands.commands_of(run),
        doubt=commands.doubt_of(run),
    )


def environment(arms):
    found = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=printable,
    )
    found.filters["names"] = lambda text: keep_whole(text, arms)
    found.globals["stylesheet"] = Markup((TEMPLATES / "report.css").read_text(encoding="utf-8"))
    return found


def draw_pictures(run):
    """Returns the charts by name, and a line for each that there is nothing to show in."""
    pictures, reasons = {}, {}
    for name, draw in CHARTS.items():
        try:
            pictures[name] = Picture(name, draw, run)
        except NothingToDraw as reason:
            reasons[name] = str(reason)
    return pictures, [f"{line[0].upper()}{line[1:]}." for line in not_drawn(reasons)]


def colors_of(run, verdicts):
    """Returns the CSS variable with the colour of each arm, the same as in the charts."""
    looks = style.looks_of(run.arms())
    known = {arm: VARIABLES[look.color.lower()] for arm, look in looks.items()}
    return {each.arm: known.get(each.arm, "muted") for each in verdicts}


def warnings_of(run):
    """Returns what the run warned of, and what is missing."""
    return [f"{warning['id']}: {warning['message']}" for warning in run.plan["warnings"]] + run.notes
