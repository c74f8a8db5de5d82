"""Places in source text, as a run names them."""

import re

# Where compare-branches builds a commit of a repository: what stands behind it is the path in the
# repository.
CHECKOUT = re.compile(r".*/build/compare/([0-9a-f]{40}|[0-9a-f]{64})/(?=.)", re.DOTALL)


def path_of(file):
    """Returns the path within its repository of a file in a checkout, other files as they are."""
    return CHECKOUT.sub("", file, count=1)


def commit_of(file):
    """Returns the commit in whose checkout a file is, None where it is in none."""
    found = CHECKOUT.match(file)
    return found.group(1) if found else None


def place_of(site):
    """Returns "cmd/orders/main.go:20"."""
    return f"{path_of(site['file'])}:{site['line']}"
