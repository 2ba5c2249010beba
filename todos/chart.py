"""Bars over time, as numbers that a template draws as SVG: a row of bars for each series."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import NamedTuple

WIDTH, MARGIN = 720, 4
ROW, TEXT, BARS = 64, 16, 40  # the height of a series, of its heading, of its highest bar
AXIS = 22  # below the last series
GAP = 2  # between two bars


class Bar(NamedTuple):
    """One bar, and what it says."""

    x: float
    y: float
    width: float
    height: float
    says: str


class Series(NamedTuple):
    """A row of bars, under its heading."""

    name: str
    heading: str
    text_y: int
    base: int
    bars: list[Bar]


class Chart(NamedTuple):
    """A picture: what it shows, and the same as a table."""

    title: str
    summary: str
    width: int
    height: int
    series: list[Series]
    labels: list[tuple[float, str]]
    label_y: int
    columns: list[str]
    table: list[tuple[str, list[int]]]


def chart(
    title: str,
    each: str,
    time_format: str,
    numbers: Mapping[datetime.datetime, Mapping[str, int]],
    names: Mapping[str, str],
    every: int,
) -> Chart:
    """Return the picture of some numbers by time, of which `every` so many are labelled."""
    step = (WIDTH - 2 * MARGIN) / len(numbers)
    times = [format(time, time_format) for time in numbers]
    series = []
    for place, (name, words) in enumerate(names.items()):
        values = [each[name] for each in numbers.values()]
        heading = f"{words}: {sum(values):,}, at most {max(values):,} {each}"
        top = place * ROW
        base = top + TEXT + BARS
        bars = bars_of(values, times, step, base)
        series.append(Series(name, heading, top + TEXT - 4, base, bars))
    height = len(names) * ROW + AXIS
    labels = [(MARGIN + n * step, times[n]) for n in range(0, len(times), every)]
    table = [(time, [*row.values()]) for time, row in zip(times, numbers.values(), strict=True)]
    summary = ". ".join(each.heading for each in series) + "."
    return Chart(
        *(title, summary, WIDTH, height, series, labels, height - 6),
        *([*names.values()], table[::-1]),
    )


def bars_of(values: list[int], times: list[str], step: float, base: int) -> list[Bar]:
    """Return a bar for each value that is not 0, the highest as high as there is room."""
    highest = max(values) or 1
    bars = []
    for place, (value, time) in enumerate(zip(values, times, strict=True)):
        if value:
            height = max(1.0, round(BARS * value / highest, 2))
            x = round(MARGIN + place * step, 2)
            bars.append(Bar(x, base - height, round(step - GAP, 2), height, f"{time}: {value:,}"))
    return bars
