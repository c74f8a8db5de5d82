"""The report in a real browser: what is seen, what the keyboard reaches, what is loaded.

Screenshots go to LEAKBENCH_ARTEFACTS, or else to build/artefacts/report.
"""

import json
import os
from pathlib import Path

import pytest
from browser import CHROMEDRIVER, CHROMIUM, ENTER, TAB, Browser
from compared_runs import with_comparison
from synthetic import make_run

from leakbench_report.html.page import build_page
from leakbench_report.run_folder import read_run

pytestmark = pytest.mark.skipif(
    not (CHROMIUM and CHROMEDRIVER),
    reason="no Chromium here: apt-get install chromium chromium-driver",
)
ROOT = Path(__file__).resolve().parents[2]
ARTEFACTS = Path(os.environ.get("LEAKBENCH_ARTEFACTS", ROOT / "build/artefacts/report"))
SIZES = {"desktop": (1280, 900), "phone": (390, 844)}
SMALLEST_LETTERS = 9  # CSS pixels
# The reference run is what people look at; the made-up one has what needs several rounds.
PAGES = ("reference", "rounds", "runtimes")
PICTURES = 14  # of the page with several rounds, which has a comparison, too
OF_COMPARISON = (  # how the names of its charts begin; they tell of builds of one arm
    "Head against base. with-context: REGRESSION.",
    "Differences within each pair. with-context: 10 pairs,",
    "What this run could see. The least sure of the metrics that gate is response_time_mean_ns,",
)

TEXTS = """
const problems = [];
for (const svg of document.querySelectorAll('figure svg')) {
  if (!svg.getClientRects().length) continue;
  const frame = svg.getBoundingClientRect();
  const texts = [...svg.querySelectorAll('text')].filter(text => text.textContent.trim());
  const boxes = texts.map(text => text.getBoundingClientRect());
  const scale = frame.width / svg.viewBox.baseVal.width;
  const chart = svg.getAttribute('aria-labelledby');
  texts.forEach((text, i) => {
    const box = boxes[i], words = `${chart}: "${text.textContent}"`;
    const size = parseFloat(getComputedStyle(text).fontSize) * scale;
    if (size < SMALLEST) problems.push(`${words} is ${size.toFixed(1)} px`);
    if (box.left < frame.left - 1 || box.right > frame.right + 1 ||
        box.top < frame.top - 1 || box.bottom > frame.bottom + 1) problems.push(`${words} is cut`);
    for (let j = 0; j < i; j++) {
      const width = Math.min(box.right, boxes[j].right) - Math.max(box.left, boxes[j].left);
      const height = Math.min(box.bottom, boxes[j].bottom) - Math.max(box.top, boxes[j].top);
      if (width > 1 && height > 0.25 * Math.min(box.height, boxes[j].height))
        problems.push(`${words} lies on "${texts[j].textContent}"`);
    }
  });
}
return problems;
""".replace("SMALLEST", str(SMALLEST_LETTERS))

FOCUSABLE = """
const found = [...document.querySelectorAll('a[href], summary, [tabindex="0"]')];
return found.filter(element => element.checkVisibility({contentVisibilityAuto: true}))
            .map(element => element.textContent.trim().slice(0, 60));
"""
FOCUSED = """
const element = document.activeElement, box = element.getBoundingClientRect();
return [element.textContent.trim().slice(0, 60), getComputedStyle(element).outlineStyle,
        box.right > 0 && box.bottom > 0 && box.top < innerHeight];
"""


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pages")
    runs = {
        "reference": ROOT / "results/reference",
        "rounds": with_comparison(make_run(folder / "rounds", blocks=2, rounds=5)),
        "runtimes": make_run(folder / "runtimes", blocks=2, runtimes=("", "go-")),
    }
    for name, run in runs.items():
        (folder / f"{name}.html").write_text(build_page(read_run(run)), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    with Browser(tmp_path_factory.mktemp("profile")) as started:
        yield started


@pytest.fixture
def show(browser, pages):
    """Opens a page in a window of a size and returns the browser."""

    def open_page(name, size="desktop", scheme="light", media="screen"):
        browser.set_window(*SIZES[size], scheme, media)
        browser.go(pages / f"{name}.html")
        return browser

    return open_page


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("size", SIZES)
def test_nothing_in_a_chart_is_cut_too_small_or_on_top_of_something_else(show, page, size):
    assert show(page, size).run(TEXTS) == []


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("size", SIZES)
def test_the_page_is_not_wider_than_the_window_even_unfolded(show, page, size):
    browser = show(page, size)
    browser.run("document.querySelectorAll('details').forEach(each => each.open = true)")
    assert browser.run("return document.documentElement.scrollWidth") <= SIZES[size][0]


def test_a_chart_is_shown_once_and_fits_the_window(show):
    shown = "return [...document.querySelectorAll('figure div')].map(e => !!e.offsetHeight)"
    assert show("rounds", "desktop").run(shown) == [True, False] * PICTURES
    assert show("rounds", "phone").run(shown) == [False, True] * PICTURES


def test_only_the_page_itself_is_loaded_and_the_console_stays_empty(show, browser, pages):
    browser.log("performance"), browser.log("browser")
    for page in PAGES:
        show(page)
    messages = [json.loads(entry["message"])["message"] for entry in browser.log("performance")]
    loaded = {
        message["params"]["request"]["url"]
        for message in messages
        if message["method"] == "Network.requestWillBeSent"
    }
    assert loaded == {(pages / f"{page}.html").as_uri() for page in PAGES}
    assert browser.log("browser") == []


def test_the_keyboard_reaches_everything_in_order_and_shows_where_it_is(show):
    browser = show("rounds", "phone")
    wanted = browser.run(FOCUSABLE)
    assert len(wanted) > 20
    reached = []
    for _ in wanted:
        browser.press(TAB)
        text, outline, seen = browser.run(FOCUSED)
        reached.append(text)
        assert (outline != "none", seen) == (True, True), text
    assert reached == wanted


def test_the_keyboard_unfolds_the_data_behind_a_chart(show):
    browser = show("rounds")
    browser.run("document.querySelector('#live_tasks ~ details summary').focus()")
    browser.press(ENTER)
    table = "return document.querySelector('#live_tasks-table').checkVisibility()"
    assert browser.run(table) is True


def test_a_screen_reader_finds_landmarks_and_named_charts(show):
    nodes = show("rounds").devtools("Accessibility.getFullAXTree")["nodes"]
    named = [
        (node.get("role", {}).get("value"), node.get("name", {}).get("value", ""))
        for node in nodes
        if not node["ignored"]
    ]
    roles = [role for role, _ in named]
    for landmark in ("banner", "navigation", "main", "contentinfo"):
        assert roles.count(landmark) == 1
    charts = [name for role, name in named if role in ("image", "img")]
    assert len(charts) == PICTURES
    of_run = [name for name in charts if not name.startswith(OF_COMPARISON)]
    assert len(of_run) == PICTURES - len(OF_COMPARISON)
    assert all(". without-context: " in name or ". From without to " in name for name in of_run)
    for opening in OF_COMPARISON:
        assert sum(name.startswith(opening) for name in charts) == 1
    assert all(name for role, name in named if role in ("table", "region", "link"))


def test_dark_follows_the_settings_of_the_person(show):
    paper = (
        "return getComputedStyle(document.querySelector('figure svg text')).fill + "
        "getComputedStyle(document.querySelector('.card')).backgroundColor"
    )
    light = show("reference", scheme="light").run(paper)
    dark = show("reference", scheme="dark").run(paper)
    assert light == "rgb(26, 28, 32)rgb(255, 255, 255)"
    assert dark == "rgb(233, 235, 238)rgb(24, 27, 32)"


def test_on_paper_everything_is_unfolded_and_light(show):
    browser = show("rounds", scheme="dark", media="print")
    heights = "return [...document.querySelectorAll('details table')].map(e => e.offsetHeight)"
    assert min(browser.run(heights)) > 50
    assert browser.run("return document.querySelector('nav').offsetHeight") == 0
    body = "return getComputedStyle(document.body).backgroundColor"
    assert browser.run(body) == "rgb(255, 255, 255)"


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_a_screenshot_is_kept(show, page, size, scheme):
    path = ARTEFACTS / f"{page}-{size}-{scheme}.png"
    path.unlink(missing_ok=True)
    show(page, size, scheme).screenshot(path)
    assert path.read_bytes().startswith(b"\x89PNG")
    assert path.stat().st_size > 100_000
