"""scripts/report.py writes one page that is whole, and the same whenever it is written."""

import re
from pathlib import Path

import pytest
from report_outline import Outline
from synthetic import make_run

from leakbench_report.charts import style
from leakbench_report.charts.gallery import CHARTS
from leakbench_report.html.page import TEMPLATES
from leakbench_report.html.pictures import VARIABLES

SCRIPTS = Path(__file__).resolve().parents[1]
LARGEST = 2_000_000  # bytes


@pytest.fixture(scope="module")
def whole_run(tmp_path_factory):
    """A complete made-up run that no test changes."""
    return make_run(tmp_path_factory.mktemp("whole") / "run", blocks=2, rounds=2)


@pytest.fixture(scope="module")
def written(call, whole_run):
    """What the command said, and the page it wrote into the run folder."""
    result = call("report.py", whole_run)
    assert result.returncode == 0, result.stderr
    return result, (whole_run / "report.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def outline(written):
    return Outline(written[1])


def test_the_report_goes_into_the_run_folder_and_its_path_to_stdout(written, whole_run):
    result, _ = written
    assert result.stdout == f"{whole_run}/report.html\n"
    assert result.stderr == ""


def test_the_same_run_gives_the_same_bytes(call, written, tmp_path, whole_run):
    (tmp_path / "matplotlibrc").write_text("font.size: 30\nsvg.fonttype: path\n")
    path = tmp_path / "new folder" / "other.html"
    result = call(
        "report.py", whole_run, "--out", path, interpreter=("env", "-C", "/", "python3"),
        MATPLOTLIBRC=str(tmp_path), PYTHONHASHSEED="1", TZ="Asia/Tokyo", LC_ALL="C",
    )
    assert (result.returncode, result.stderr) == (0, "")
    assert path.read_text(encoding="utf-8") == written[1]


def test_the_page_has_its_landmarks_and_headings(outline):
    for tag in ("header", "nav", "main", "footer", "h1"):
        assert len(outline.all(tag)) == 1, tag
    assert [tag for tag, _ in outline.elements].index("title") < 10
    assert outline.all("html") == [{"lang": "en"}]
    headings = [int(tag[1]) for tag, _ in outline.elements if re.fullmatch("h[1-6]", tag)]
    assert all(after - before <= 1 for before, after in zip(headings, headings[1:]))


def test_ids_are_unique_and_whatever_is_referred_to_is_there(outline):
    ids = [attributes["id"] for _, attributes in outline.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    named = [a["aria-labelledby"] for _, a in outline.elements if "aria-labelledby" in a]
    links = [a["href"] for _, a in outline.elements if "href" in a]
    assert all(link.startswith("#") for link in links)
    assert {*named, *(link[1:] for link in links)} <= set(ids)


def test_the_page_needs_nothing_but_itself(written):
    page = written[1]
    assert "default-src 'none'" in page
    assert "<script" not in page
    assert not re.search(r'\b(?:src|srcset|data|action)="', page)
    urls = set(re.findall(r"https?://[^\s\"'<]+", page))
    assert urls <= {"http://www.w3.org/2000/svg"}
    assert "@import" not in page
    assert all(target.startswith("#") for target in re.findall(r"url\(([^)]*)\)", page))


def test_every_table_has_a_caption_and_every_cell_of_its_head_a_scope(outline):
    tables, captions = outline.all("table"), outline.all("caption")
    assert len(tables) == len(captions) > 10
    assert all(cell["scope"] in ("col", "row") for cell in outline.all("th"))


def test_every_chart_says_in_words_what_it_shows(outline):
    pictures = [a for a in outline.all("svg") if "aria-hidden" not in a]
    names = CHARTS.keys() - {"comparison", "pairs", "noise_floor"}  # of runs that are compared
    titles = {f"{name}-{width}-title" for name in names for width in ("wide", "narrow")}
    assert sorted(a["aria-labelledby"] for a in pictures) == sorted(titles)
    assert all(a["role"] == "img" for a in pictures)
    text = outline.text()
    for words in (
        "without-context: 20,000 live tasks at the last response, 0 at the end of the round",
        "half of the requests within",
        "20,000 tasks alive at the last response were started at scenarios/made-up/server.cc:41",
    ):
        assert words in text


def test_the_verdict_comes_first_and_then_the_table(outline):
    text = outline.text()
    order = [
        "As expected:", "10,000 concurrent requests", "made up to be lingering",
        "Started at scenarios/made-up/server.cc:41.", "Average response time",
        "120 MB → 78 MB (-35 %)", "Live tasks over time",
        "were started at scenarios/made-up/server.cc:41",
        "synthetic: made by a test", "leakbench run synthetic --seed 42",
    ]
    places = [text.find(words) for words in order]
    assert -1 not in places
    assert places == sorted(places)


def test_colours_follow_the_page(written):
    page = written[1]
    drawings = "".join(re.findall(r"<svg.*?</svg>", page, re.DOTALL))
    assert set(re.findall(r"#[0-9a-f]{6}\b", drawings)) <= {"#ffffff"}
    assert {"var(--blue)", "var(--vermillion)"} <= set(re.findall(r"var\(--[a-z]+\)", drawings))
    assert "--blue: #0072b2" in page
    assert "--vermillion: #d55e00" in page


def test_every_colour_of_the_charts_has_a_place_in_the_page():
    looks = [*style.LOOKS.values(), *style.OTHER_LOOKS, *style.BUILD_LOOKS.values()]
    colors = [look.color for look in looks] + [style.GREY, style.PALE_GREY]
    assert {color.lower() for color in colors} <= set(VARIABLES)


def variables_of(css):
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", css))


def contrast(one, other):
    """WCAG 2.1: relative luminance and contrast ratio."""

    def luminance(color):
        parts = [int(color[index : index + 2], 16) / 255 for index in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_letters_and_marks_stand_out_from_the_paper(theme):
    css = (TEMPLATES / "report.css").read_text(encoding="utf-8")
    before, after = css.split("@media screen and (prefers-color-scheme: dark)")
    colors = variables_of(before)
    if theme == "dark":
        colors |= variables_of(after.split("@media")[0])
    for name in ("ink", "muted", "link", *(k for k in colors if k.endswith("-text"))):
        assert contrast(colors[name], colors["paper"]) >= 4.5, name
        assert contrast(colors[name], colors["page"]) >= 4.5, name
    for name in ("vermillion", "blue", "silver"):
        assert contrast(colors[name], colors["paper"]) >= 3, name


def test_a_large_run_stays_under_two_megabytes(report, tmp_path):
    folder = make_run(tmp_path / "run", blocks=20)
    assert report(folder).returncode == 0
    assert (folder / "report.html").stat().st_size < LARGEST


def test_a_missing_jinja2_is_named_with_its_package(call, refused, run_folder, tmp_path):
    (tmp_path / "jinja2.py").write_text("raise ImportError('not installed')")
    result = call("report.py", run_folder, interpreter=("python3",), PYTHONPATH=str(tmp_path))
    refused(result, 2, "jinja2", "apt-get install python3-jinja2")


def test_help_teaches(call):
    result = call("report.py", "--help", interpreter=("python3",))
    assert result.returncode == 0
    for part in ("examples:", "exit codes:", "--out"):
        assert part in result.stdout


def test_jinja2_is_among_the_packages_that_are_installed():
    assert "python3-jinja2" in (SCRIPTS / "install-deps").read_text(encoding="utf-8")
