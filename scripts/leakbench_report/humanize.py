"""Numbers for people, written as the harness writes them in its table. The unit of a metric is
the end of its name."""

import math

NANOSECONDS = (("ns", 1), ("us", 1e3), ("ms", 1e6), ("s", 1e9))
BYTES = (("B", 1), ("KiB", 2**10), ("MiB", 2**20), ("GiB", 2**30))
DIGITS = 3


def metric(name, value):
    """"1.93 s" for a metric in nanoseconds, "62.3 MiB" for bytes, "45 %", "20,000"; "n/a" for what
    was not measured."""
    if value is None:
        return "n/a"
    if "_ns" in name:
        return duration(value)
    if name.endswith("_bytes"):
        return with_unit(value, BYTES)
    if name.endswith("_percent"):
        return f"{number(value)} %"
    if name.endswith("_rps"):
        return f"{number(value)}/s"
    if name.endswith("_per_request"):
        return number(value)
    return count(value)


def with_unit_of(unit, value):
    """As metric(), for a value of which the JSON says the unit."""
    endings = {"ns": "_ns", "bytes": "_bytes", "percent": "_percent", "requests/s": "_rps",
               "tasks/request": "_per_request"}
    return metric(endings.get(unit, ""), value)


def duration(nanoseconds):
    return with_unit(nanoseconds, NANOSECONDS)


def count(value):
    """"20,000"; the half that the median of two counts may have is kept."""
    return f"{value:,.0f}" if value == round(value) else f"{value:,.1f}"


def change(percent):
    """"-26 %"; a fall short of 100 % never reads -100 %, which says that nothing is left."""
    if percent is None:
        return "n/a"
    if -100 < percent < -99.5:
        return f"{math.trunc(percent * 10) / 10:.1f} %"
    return f"{percent:+.0f} %" if round(percent) else "0 %"


def with_unit(value, units):
    """The largest unit that leaves at least 1 after rounding."""
    name, size = units[0]
    for larger_name, larger_size in units[1:]:
        if abs(rounded(value / size)) * size >= larger_size:
            name, size = larger_name, larger_size
    return f"{number(value / size)} {name}"


def number(value):
    """Three significant digits without trailing zeros; digits before the point all stay."""
    text = f"{rounded(value):,.{decimals(value)}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def rounded(value):
    return round(value, decimals(value))


def decimals(value):
    if value == 0:
        return 0
    return max(0, DIGITS - 1 - math.floor(math.log10(abs(value))))
