"""Reads one JSON file of a run folder and holds it against the schema of its kind."""

import json
import math
from functools import cache
from pathlib import Path

import jsonschema

from leakbench_report.errors import EXIT_NOT_COMPARABLE, ReportError

SCHEMA_FOLDER = Path(__file__).resolve().parents[2] / "schemas"
KNOWN_MAJOR = 1
LONGEST_WHOLE_NUMBER = 20  # characters


def read_document(path, kind, strict=False):
    """Returns the content of `path`, a file of `kind`: run, repetition, summary or manifest.

    What is returned has every field of the schema with its type. Fields that the schema does not
    know are an error only when `strict`: a newer minor version may have added them.
    """
    return check_document(path, parse(path), kind, strict)


def check_document(path, document, kind, strict=False):
    """Returns `document`, which stands at `path`, as read_document does."""
    check_version(path, document, kind)
    complaints = check(document, kind, strict)
    if complaints:
        raise ReportError(f"{path} does not follow {kind}.schema.json: {complaints[0]}")
    return document


def parse(path):
    """Returns the JSON in `path`; raises ReportError when it is not readable, whole and valid."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ReportError(f"cannot read {path}: {reason_of(error)}") from error
    return parse_text(path, text)


def parse_text(path, text):
    """Returns the JSON in `text`, which stands at `path`."""
    if not text.strip():
        raise ReportError(f"{path} is empty: it was not written to the end")
    try:
        document = json.loads(
            text, parse_constant=refuse_constant, parse_float=finite, parse_int=whole_number
        )
        refuse_half_characters(document)
        return document
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise ReportError(f"{path} is truncated or not JSON: {error.msg} at {where}") from error
    except ValueError as error:
        raise ReportError(f"{path} is not JSON: {error}") from error
    except RecursionError as error:
        raise ReportError(f"{path} is not a leakbench file: nested too deeply") from error


def refuse_constant(name):
    # Python reads NaN and Infinity, which JSON does not have; the format writes null instead.
    raise ValueError(f"{name} is not a JSON number; a value that was not measured is null")


def refuse_half_characters(document):
    """"\\ud800" alone is no character: Python reads it, and fails where it is written out."""
    try:
        json.dumps(document, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError as error:
        raise ValueError(f"{error.object[error.start]!a} is half a character") from error


def finite(text):
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(f"{text} is beyond the range of a number")
    return value


def whole_number(text):
    """Returns the whole number `text`; raises ValueError beyond 64 bits, which nothing measured
    reaches and floating point, in which charts are drawn, may not hold."""
    if len(text) > LONGEST_WHOLE_NUMBER:
        raise ValueError(f"{shortened(text, 40)} is beyond the range of a whole number")
    return int(text)


def check_version(path, document, kind):
    """Refuses a file of another kind, and one of a newer major version."""
    wanted = f"leakbench/{kind}"
    found = document.get("schema") if isinstance(document, dict) else None
    if found != wanted:
        raise ReportError(f'{path} is not a {wanted} file: its "schema" is {json.dumps(found)}')
    version = str(document.get("schema_version"))
    major = version.split(".")[0]
    if major.isdecimal() and int(major) > KNOWN_MAJOR:
        raise ReportError(
            f"{path} has schema version {version}, this command reads {KNOWN_MAJOR}.x: "
            "use the scripts of the leakbench version that wrote it",
            EXIT_NOT_COMPARABLE,
        )


def check(document, kind, strict=True):
    """Returns what the schema of `kind` finds wrong with `document`, one line each."""
    return [
        f"{error.json_path}: {shortened(error.message)}"
        for error in validator_of(kind).iter_errors(document)
        if strict or error.validator != "additionalProperties"
    ]


@cache
def validator_of(kind):
    schema = json.loads((SCHEMA_FOLDER / f"{kind}.schema.json").read_text(encoding="utf-8"))
    return jsonschema.Draft202012Validator(schema)


def shortened(text, limit=200):
    return text if len(text) <= limit else text[: limit // 2] + " ... " + text[-limit // 2 :]


def reason_of(error):
    return getattr(error, "strerror", None) or str(error)
