"""Round numbers for axes."""

import math

from matplotlib.ticker import FixedFormatter, FixedLocator, NullLocator

LABEL_INCHES = 0.2  # from one label of a y axis to the next


def round_numbers(low, high):
    """Returns round numbers between `low` and `high`: the more decades, the fewer in each, so that
    their labels stay apart and at least one is there."""
    decades = math.log10(high / low)
    digits = (1, 1.5, 2, 3, 4, 5, 6, 8) if decades < 1 else (1, 2, 5) if decades < 3 else (1,)
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    numbers = [float(f"{digit}e{power}") for power in powers for digit in digits]
    return [number for number in numbers if low <= number <= high]


def apart(axes, ticks, inches, vertical=False):
    """Returns those of the ascending `ticks` of the x axis that are at least `inches` apart;
    `vertical`: of the y axis."""
    box, size = axes.get_position(), axes.figure.get_size_inches()
    length = box.height * size[1] if vertical else box.width * size[0]
    to_axes = axes.transData + axes.transAxes.inverted()
    kept, last = [], -math.inf
    for tick in ticks:
        corner = (axes.get_xlim()[1], tick) if vertical else (tick, axes.get_ylim()[1])
        place = to_axes.transform(corner)[1 if vertical else 0] * length
        if place - last >= inches:
            kept.append(tick)
            last = place
    return kept


def logarithmic_y(axes, values):
    """Gives `axes` a logarithmic y axis that holds all `values`, with round numbers on it."""
    axes.set_yscale("log")
    axes.set_ylim(min(values) / 1.3, max(values) * 1.3)
    ticks = apart(axes, round_numbers(*axes.get_ylim()), LABEL_INCHES, vertical=True)
    axes.yaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_major_locator(FixedLocator(ticks))
    axes.yaxis.set_major_formatter(FixedFormatter([number(tick) for tick in ticks]))


def number(tick):
    return f"{tick:,.10g}"
