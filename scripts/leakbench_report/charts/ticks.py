"""Round numbers for axes."""

import math


def round_numbers(low, high):
    """Returns round numbers between `low` and `high`: the more decades, the fewer in each, so that
    their labels stay apart and at least one is there."""
    decades = math.log10(high / low)
    digits = (1, 1.5, 2, 3, 4, 5, 6, 8) if decades < 1 else (1, 2, 5) if decades < 3 else (1,)
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    numbers = [float(f"{digit}e{power}") for power in powers for digit in digits]
    return [number for number in numbers if low <= number <= high]


def apart(axes, ticks, inches):
    """Returns those of the ascending `ticks` of the x axis that are at least `inches` apart."""
    width = axes.get_position().width * axes.figure.get_figwidth()
    to_axes = axes.transData + axes.transAxes.inverted()
    kept, last = [], -math.inf
    for tick in ticks:
        place = to_axes.transform((tick, 0))[0] * width
        if place - last >= inches:
            kept.append(tick)
            last = place
    return kept
