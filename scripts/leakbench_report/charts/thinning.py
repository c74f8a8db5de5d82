"""Fewer points for the same line: what is narrower than a pixel need not be in the file."""

import math


def thinned(xs, ys, most):
    """Returns the line `xs`, `ys` with about `most` points at the most. Of each stretch the lowest
    and the highest point stay, so that no peak is lost, and the first gap (nan) stays a gap; the
    ends of the line stay, too."""
    if len(xs) <= most or most < 4:
        return xs, ys
    kept = {0, len(xs) - 1}
    stretches = max(1, (most - 2) // 2)
    for number in range(stretches):
        begin = number * len(xs) // stretches
        end = (number + 1) * len(xs) // stretches
        kept.update(extremes(ys, range(begin, end)))
    order = sorted(kept)
    return [xs[index] for index in order], [ys[index] for index in order]


def extremes(ys, stretch):
    gaps = [index for index in stretch if math.isnan(ys[index])]
    known = [index for index in stretch if not math.isnan(ys[index])]
    found = {min(known, key=ys.__getitem__), max(known, key=ys.__getitem__)} if known else set()
    return found | set(gaps[:1])
