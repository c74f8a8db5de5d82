"""The comparison as JUnit XML: one case per gate metric."""

from xml.etree import ElementTree

from leakbench_compare import leaks, views
from leakbench_compare.words import plain

COUNTS = {"tests": "testcase", "failures": "failure", "errors": "error", "skipped": "skipped"}

def render(document):
    root = ElementTree.Element("testsuites", name="leakbench")
    for comparison in document["comparisons"]:
        root.append(suite_of(document, comparison))
    ElementTree.indent(root)
    text = ElementTree.tostring(root, encoding="unicode", xml_declaration=False)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'


def suite_of(document, comparison):
    scenario = document["scenario"]["name"]
    name = plain(f"leakbench.{scenario}.{comparison['title']}")
    suite = ElementTree.Element("testsuite", name=name)
    troubles = comparison["not_comparable"] + comparison["incomplete"]
    if troubles:
        add_case(suite, name, "run").append(told("error", "; ".join(troubles)))
    places = "".join(f"; {leaks.place_of(site)}" for site in comparison["leak_sites"])
    for unexpected in comparison["unexpected"]:
        if unexpected["side"] == "head":
            tag = "failure" if document["gating"] else "skipped"
            message = leaks.sentence_of(unexpected) + places
            add_case(suite, name, "verdict").append(told(tag, message))
    for metric in views.all_metrics(comparison, gate=True):
        outcome = outcome_of(metric, places if metric["name"] in leaks.TASKS else "")
        case = add_case(suite, name, metric["name"])
        if outcome is not None:
            case.append(outcome)
        ElementTree.SubElement(case, "system-out").text = plain(metric["sentence"])
    for missing in comparison["not_measured"]:
        if missing["gate"]:
            case = add_case(suite, name, missing["name"])
            case.append(told("skipped", "measured in neither arm"))
    for kind, tag in COUNTS.items():
        suite.set(kind, str(len(list(suite.iter(tag)))))
    return suite


def add_case(suite, classname, name):
    names = {"classname": classname, "name": plain(name)}
    return ElementTree.SubElement(suite, "testcase", names, time="0")


def outcome_of(metric, places):
    """What a case holds that did not simply pass, or None."""
    verdict, sentence = metric["verdict"], metric["sentence"]
    if verdict == "NOT COMPARABLE":
        return told("error", sentence)
    if metric["fails"]:
        return told("failure", f"{metric['name']} {sentence}{places}")
    if verdict == "REGRESSION":
        return told("skipped", f"REGRESSION that does not gate: {sentence}")
    return told("skipped", sentence) if verdict == "INCONCLUSIVE" else None


def told(tag, message):
    return ElementTree.Element(tag, message=plain(message))
