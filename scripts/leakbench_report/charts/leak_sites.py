"""Where the tasks were started that outlived their requests."""

from dataclasses import dataclass

from matplotlib.ticker import FuncFormatter, MaxNLocator

from leakbench_report import humanize
from leakbench_report.charts import Chart, NothingToDraw, Table, frame, style
from leakbench_report.places import place_of

MOST = 10
ROW_INCHES, BAR_INCHES, BOTTOM_INCHES = 0.5, 0.17, 0.55
SIDE_INCHES = 0.2
TEXT_SIZE = 9  # points
NARROW_ROW_INCHES = 0.72
TEXT_CHARACTERS, NARROW_TEXT_CHARACTERS = 105, 48
HOW_TO_READ = "Tasks alive at the last response of the last repetition, by what started them."


@dataclass
class Site:
    arm: str
    report: dict  # as in the JSON

    def place(self):
        return place_of(self.report)

    def waits(self):
        """Returns "timer 19,999, runnable 1", most first. Those that were there before the first
        round are among them, but not among the tasks that are counted."""
        waits = sorted(self.report["waits"].items(), key=lambda item: (-item[1], item[0]))
        text = ", ".join(f"{what} {humanize.count(number)}" for what, number in waits)
        counted = self.report.get("settled") or self.report["live"]
        before = sum(self.report["waits"].values()) - counted
        return f"{text} ({humanize.count(before)} from before the load)" if before > 0 else text


def sites_of(run):
    """Returns all places of all arms, most tasks first."""
    found = []
    for arm in run.arms():
        last = run.repetitions_of(arm)[-1].report
        found += [Site(arm, report) for report in last["leak_sites"]]
    return sorted(found, key=lambda site: -site.report["live"])


def draw_leak_sites(run, medium):
    sites = sites_of(run)
    if not sites:
        raise nothing_there(run)
    how_to_read = how(sites)
    figure, axes = new_axes(medium, len(sites[:MOST]), how_to_read)
    looks = style.looks_of(run.arms())
    for index, site in enumerate(sites[:MOST]):
        draw_site(medium, axes, index, site, looks[site.arm])
    axes.set_xlim(0, sites[0].report["live"] * 1.02)
    axes.set_ylim(len(sites[:MOST]) - 0.42, -0.5)
    axes.set_xlabel("live tasks")
    return Chart(
        figure,
        "Where the tasks were started",
        how_to_read,
        describe(sites),
        table_of(sites),
    )


def nothing_there(run):
    if not run.repetitions:
        return NothingToDraw("there is no complete repetition")
    if any(rep.report["metrics"]["live_tasks_after"] for rep in run.repetitions):
        return NothingToDraw("the server did not say where its tasks were started")
    return NothingToDraw("no task was counted alive at the last response")


def how(sites):
    more = f"\nThe first {MOST} of {len(sites)}." if len(sites) > MOST else ""
    return f"{HOW_TO_READ}{more}"


def new_axes(medium, rows, how_to_read):
    top = frame.heading_height(medium, how_to_read)
    body = rows * (NARROW_ROW_INCHES if medium.narrow else ROW_INCHES)
    figure = style.new_figure(medium, top + body + BOTTOM_INCHES)
    axes = frame.add_axes(figure, SIDE_INCHES, top, medium.width - 2 * SIDE_INCHES, body)
    axes.spines["left"].set_visible(False)
    axes.set_yticks([])
    axes.xaxis.set_major_locator(MaxNLocator(4 if medium.narrow else 8, integer=True))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: humanize.count(value)))
    return figure, axes


def draw_site(medium, axes, index, site, look):
    """Draws the bar of a place in the lower part of its row, and what it is above."""
    row_inches = NARROW_ROW_INCHES if medium.narrow else ROW_INCHES
    height = BAR_INCHES / row_inches
    axes.barh(index + 0.45 - height / 2, site.report["live"], height=height, color=look.color)
    axes.annotate(
        name_of(medium, site), (0, index + 0.38 - height), xycoords=("axes fraction", "data"),
        size=TEXT_SIZE, color=look.color, va="bottom", annotation_clip=False, linespacing=1.3,
    )


def name_of(medium, site):
    live = humanize.count(site.report["live"])
    file = site.place().rsplit("/", 1)[-1]
    parts = [f"{live} {site.report['name']} at {file}", style.short(site.arm)]
    most = NARROW_TEXT_CHARACTERS if medium.narrow else TEXT_CHARACTERS
    text = ("\n" if medium.narrow else ", ").join(parts)
    return "\n".join(cut(line, most) for line in text.split("\n"))


def cut(text, most):
    return text if len(text) <= most else text[: most - 1] + "…"


def describe(sites):
    first = sites[0]
    live = humanize.count(first.report["live"])
    others = f"; {len(sites) - 1} more in the table" if len(sites) > 1 else ""
    where = f"{first.place()} ({first.report['name']})"
    return f"{first.arm}: {live} tasks alive at the last response were started at {where}{others}"


def table_of(sites):
    """What only some servers or runs tell has a column where a site has it."""
    columns = [
        ("live tasks", humanize.count), ("started at", str), ("task", str), ("waiting for", str),
        ("arm", str), ("function", str),
    ]
    more = [column for column in MORE if any(column[2](site.report) is not None for site in sites)]
    rows = [
        [
            site.report["live"], site.place(), site.report["name"], site.waits(), site.arm,
            site.report["function"], *(value_of(site.report) for _, _, value_of in more),
        ]
        for site in sites
    ]
    return Table([*columns, *((title, write) for title, write, _ in more)], rows)


def waits_at(report):
    place = report.get("waits_at")
    return place_of(place) if place else None


def example(report):
    return " < ".join(report.get("example") or []) or None


# Title, how a value is written, and how it is found.
MORE = (
    ("waiting at", str, waits_at),
    ("longest wait", humanize.duration, lambda report: report.get("longest_wait_ns")),
    ("after settling", humanize.count, lambda report: report.get("settled")),
    ("growth a round", lambda n: f"{n:+.3g}" if n else "0", lambda r: r.get("growth_per_round")),
    ("proven", lambda _: "nothing can wake them", lambda report: report.get("proven") or None),
    ("process", str, lambda report: report.get("process") or None),
    ("calls, innermost first", str, example),
    ("accepted", str, lambda report: report.get("allowed_because")),
)
