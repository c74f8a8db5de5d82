"""Code in docs/*.md is quoted: from docs/examples/*.cc, which ctest compiles and runs, and from the
project's own files."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MARKER = re.compile(r"<!-- example: (\S+) -->\n(?:```cpp\n(.*?)^```$)?", re.DOTALL | re.MULTILINE)

QUOTES = [
    pytest.param(page, path, code, id=f"{page.name}:{path}")
    for page in sorted((ROOT / "docs").glob("*.md"))
    for path, code in MARKER.findall(page.read_text())
]

# A whole block of lines of the named file.
SOURCE_MARKER = re.compile(
    r"<!-- from: (\S+) -->\n(?:```[a-z]+\n(.*?)^```$)?", re.DOTALL | re.MULTILINE
)
SOURCE_QUOTES = [
    pytest.param(page, path, code, id=f"{page.name}:{path}:{number}")
    for page in sorted((ROOT / "docs").glob("*.md"))
    for number, (path, code) in enumerate(SOURCE_MARKER.findall(page.read_text()))
]


def test_there_are_quotes():
    assert QUOTES and SOURCE_QUOTES


@pytest.mark.parametrize(("page", "path", "code"), SOURCE_QUOTES)
def test_a_quote_of_a_source_stands_in_it(page, path, code):
    assert code, f"{page.name}: no block of code right behind the marker of {path}"
    assert "\n" + code in (ROOT / path).read_text(), f"{page.name} and {path} differ: quote it anew"


@pytest.mark.parametrize(("page", "path", "code"), QUOTES)
def test_a_quote_says_what_its_example_says(page, path, code):
    assert code, f"{page.name}: no ```cpp block right behind the marker of {path}"
    assert code in (ROOT / path).read_text(), f"{page.name} and {path} differ: quote it anew"


@pytest.mark.parametrize("path", sorted({quote.values[1] for quote in QUOTES}))
def test_what_is_quoted_is_run(path):
    example = Path(path)
    assert example.parent == Path("docs/examples")
    assert f"leakbench_example({example.stem} " in (ROOT / "docs/CMakeLists.txt").read_text()
    assert (ROOT / path).with_suffix(".expected").exists()
