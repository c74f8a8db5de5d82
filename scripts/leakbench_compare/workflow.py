"""What the scripts that a workflow of GitHub Actions calls have in common: settings come in through
the environment, and files named there take the results."""

import os
import shlex

from leakbench_report.errors import ReportError


def setting(name, default=""):
    return os.environ.get(f"LEAKBENCH_{name}", "").strip() or default


def is_set(name):
    """Whether a setting is true; GitHub gives every input as text."""
    text = setting(name, "false")
    if text not in ("true", "false"):
        raise ReportError(f"LEAKBENCH_{name} is '{text}': it takes true or false")
    return text == "true"


def leakbench_options():
    """The options of leakbench run."""
    try:
        return shlex.split(setting("OPTIONS"))
    except ValueError as error:
        raise ReportError(f"LEAKBENCH_OPTIONS is not quoted as for a shell: {error}") from error


def give_back(text, /, **outputs):
    """Appends to the summary of the job and to the outputs of the step."""
    append("GITHUB_STEP_SUMMARY", text)
    lines = (f"{name.replace('_', '-')}={value}\n" for name, value in outputs.items())
    append("GITHUB_OUTPUT", "".join(lines))


def append(variable, text):
    if path := os.environ.get(variable):
        with open(path, "a", encoding="utf-8") as file:
            file.write(text)
