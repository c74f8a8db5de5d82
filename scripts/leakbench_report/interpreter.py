"""Runs a command with the Python that has the modules it needs.

Debian's packages put their modules where only /usr/bin/python3 looks, while the `python3` that is
first on PATH is often another one (pyenv, a virtual environment, /usr/local).
"""

import importlib
import os
import sys

from leakbench_report.errors import ReportError

SYSTEM_PYTHON = "/usr/bin/python3"
PACKAGES = {
    "matplotlib": "python3-matplotlib",
    "jsonschema": "python3-jsonschema",
    "jinja2": "python3-jinja2",
}
# Set for the second start, so that a module which is missing everywhere does not start us forever.
RESTARTED = "LEAKBENCH_SYSTEM_PYTHON"


def require(*modules):
    """Returns when all `modules` can be imported; restarts this command with SYSTEM_PYTHON when
    only that may have them; raises ReportError naming the packages when neither does."""
    missing = [name for name in modules if not can_import(name)]
    if not missing:
        return
    if RESTARTED not in os.environ and os.path.exists(SYSTEM_PYTHON):
        os.environ[RESTARTED] = "1"
        os.execv(SYSTEM_PYTHON, [SYSTEM_PYTHON, *sys.argv])
    packages = " ".join(PACKAGES[name] for name in missing)
    raise ReportError(
        f"{sys.executable} has no module {' and '.join(missing)}: run apt-get install {packages}"
    )


def can_import(name):
    try:
        importlib.import_module(name)
    except ImportError:
        return False
    return True
