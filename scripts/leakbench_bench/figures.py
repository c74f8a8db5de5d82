"""From samples to figures."""

import statistics


def median(samples, which="value"):
    """None for no samples, and for samples without that figure."""
    values = [getattr(sample, which) for sample in samples]
    values = [value for value in values if value is not None]
    return statistics.median(values) if values else None


def quotient(value, by):
    """None where one of them is missing, or nothing is there to divide by."""
    if value is None or by is None or by <= 0:
        return None
    return value / by
