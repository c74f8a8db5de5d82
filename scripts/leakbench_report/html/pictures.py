"""Charts as SVG that stands in a page: its colours follow the page's, and its ids are its own."""

import io
import re
import xml.etree.ElementTree as ElementTree

from leakbench_report.charts import style
from leakbench_report.html.text import printable

SVG, XLINK = "{http://www.w3.org/2000/svg}", "{http://www.w3.org/1999/xlink}"
HEX = re.compile(r"#[0-9a-fA-F]{6}\b")
COORDINATES = {"d", "x", "y"}
LONG_NUMBER = re.compile(r"-?\d+\.\d+")
REFERENCE = re.compile(r"url\(#([^)]*)\)")
# Names of the page's CSS variables. Text of an arm has one of its own: letters need more contrast.
VARIABLES = {
    "#000000": "ink", "#ffffff": "paper", style.GREY: "muted", style.PALE_GREY: "pale",
    style.SETTINGS["grid.color"]: "grid", "#d55e00": "vermillion", "#0072b2": "blue",
    "#009e73": "green", "#cc79a7": "purple", "#56b4e9": "sky", "#767676": "silver",
}
VARIABLES = {color.lower(): name for color, name in VARIABLES.items()}
ARMS = ("vermillion", "blue", "green", "purple", "sky", "silver")


def inline(figure, name, sentence):
    """Returns `figure` as an <svg> element for HTML; `name` is unlike that of any other picture in
    the page, and `sentence` says what it shows."""
    buffer = io.StringIO()
    figure.savefig(buffer, format="svg", metadata={"Date": None})
    root = ElementTree.fromstring(printable(buffer.getvalue()))
    for child in list(root):
        if child.tag in (f"{SVG}metadata", f"{SVG}title"):
            root.remove(child)
    drop_style(root)
    rename_ids(root, name)
    for element in root.iter():
        follow_the_page(element)
    share_styles(root)
    describe(root, name, sentence)
    return serialized(root)


def drop_style(root):
    """matplotlib's style sheet would speak for the whole page; report.css has what it says."""
    for parent in list(root.iter(f"{SVG}defs")):
        for sheet in parent.findall(f"{SVG}style"):
            parent.remove(sheet)


def rename_ids(root, name):
    """Keeps the ids that something refers to, and makes them unlike those of other pictures."""
    used = set()
    for element in root.iter():
        for value in element.attrib.values():
            used.update(REFERENCE.findall(value))
        used.add(element.get(f"{XLINK}href", "#")[1:])
    for element in root.iter():
        identifier = element.attrib.pop("id", None)
        if identifier in used:
            element.set("id", f"{name}-{identifier}")
        for key, value in element.attrib.items():
            element.set(key, REFERENCE.sub(rf"url(#{name}-\1)", value))
        target = element.attrib.pop(f"{XLINK}href", None)
        if target:
            element.set("href", f"#{name}-{target[1:]}")


def follow_the_page(element):
    """Replaces colours and font by the page's, and drops what says nothing."""
    text = element.tag == f"{SVG}text"
    for key in ("style", "fill", "stroke"):
        if key in element.attrib:
            value = HEX.sub(lambda found: variable(found.group(), text), element.get(key))
            element.set(key, value.replace("'DejaVu Sans'", "var(--chart-font)"))
    if element.get("transform", "").startswith("rotate(-0 "):
        del element.attrib["transform"]
    for key in COORDINATES & element.attrib.keys():
        element.set(key, LONG_NUMBER.sub(short_number, " ".join(element.get(key).split())))
    element.tail = None
    if not text:
        element.text = None


def short_number(found):
    """A hundredth of a point is less than a pixel shows."""
    return f"{float(found.group()):.2f}".rstrip("0").rstrip(".")


def share_styles(root):
    """Says once what all marks of a line look like; a line may have a thousand of them."""
    for group in root.iter(f"{SVG}g"):
        styles = {child.get("style") for child in group}
        if len(group) > 1 and len(styles) == 1 and {child.tag for child in group} == {f"{SVG}use"}:
            group.set("style", styles.pop())
            for child in group:
                del child.attrib["style"]


def variable(color, text):
    name = VARIABLES.get(color.lower())
    if name is None:
        return color
    if text and name == "paper":
        return "#ffffff"  # stands on the colour of an arm
    return f"var(--{name}-text)" if text and name in ARMS else f"var(--{name})"


def describe(root, name, sentence):
    for attribute in ("width", "height", "version"):
        root.attrib.pop(attribute, None)
    root.set("role", "img")
    root.set("aria-labelledby", f"{name}-title")
    title = ElementTree.Element(f"{SVG}title", {"id": f"{name}-title"})
    title.text = printable(sentence)
    root.insert(0, title)


def serialized(root):
    """Returns HTML: tags without their namespace, which <svg> brings by itself."""
    for element in root.iter():
        element.tag = element.tag.removeprefix(SVG)
    return ElementTree.tostring(root, encoding="unicode", short_empty_elements=False)
