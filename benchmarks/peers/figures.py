"""Plots: time against size, both logarithmic; ours thick, peers thin, a cross where one ran out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from benchmarks.peers.results import Case, Line

OURS_COLOUR = "#b3261e"
COLOURS = ("#1f4e8c", "#2e7d32", "#6a3d9a", "#e07b00", "#00838f", "#8d5a2b", "#ad1457", "#5d6d00", "#3949ab", "#c0a000",
           "#455a64", "#00695c", "#7b1fa2", "#bf5b17", "#1b5e20", "#880e4f", "#33691e", "#4e342e")  # fmt: skip
WORDS = {"time": "out of time", "memory": "out of memory", "failed": "failed"}
MARKS = {"time": "x", "memory": "s", "failed": "v"}
LABELS = 0.70  # of the width: where names begin


def _pyplot() -> Any:
    import matplotlib as mpl

    mpl.use("Agg")
    mpl.rcParams.update(
        {"svg.hashsalt": "jiedui", "font.size": 9, "axes.spines.top": False, "axes.spines.right": False}
    )
    from matplotlib import pyplot

    return pyplot


def plot_growth(path: Path, cases: list[Case], title: str, axis: str, limit: float) -> Path:
    """Lines of all methods over the sizes of one family."""
    pyplot = _pyplot()
    figure, axes = pyplot.subplots(figsize=(9.5, 5.6), layout="constrained")
    labels: list[tuple[float, float, str, Any]] = []
    for i, first in enumerate(cases[0].lines):
        lines = [(c.size, c.lines[i]) for c in cases]
        done = [(size, line.outcome.seconds) for size, line in lines if line.outcome.status == "done"]
        end = next(((size, line) for size, line in lines if line.outcome.status in WORDS), None)
        style = _style(first, COLOURS[i % len(COLOURS)])
        if done:
            axes.plot(*zip(*done, strict=True), label=first.peer, **style)
        if end is not None:
            _cross(axes, done, end, limit, style, first.peer if not done else None)
        if done or end is not None:
            labels.append(_end(first, done, end, limit, style["color"]))
    axes.axhline(limit, color="#888888", linewidth=0.8, linestyle=":")
    axes.text(cases[0].size, limit * 1.08, f"limit: {limit:g} s", color="#666666", fontsize=8)
    axes.set(xscale="log", yscale="log", xlabel=axis, ylabel="seconds", title=title)
    axes.set_xlim(cases[0].size * 0.85, cases[-1].size * (cases[-1].size / cases[0].size) ** 0.5)
    ticks = [c.size for c in cases]
    axes.set_xticks(ticks, [f"{t:,.0f}" for t in ticks])
    axes.minorticks_off()
    axes.grid(True, which="major", linewidth=0.4, alpha=0.5)
    _write_labels(axes, labels)
    figure.savefig(path, metadata={"Date": None})
    pyplot.close(figure)
    return path


def _style(line: Line, colour: Any) -> dict[str, Any]:
    if line.ours:
        return {"color": OURS_COLOUR, "linewidth": 3.0 if "engine" in line.peer else 1.6, "marker": "o",
                "markersize": 5, "zorder": 5}  # fmt: skip
    if line.floor:
        return {"color": "black", "linewidth": 1.2, "linestyle": "--", "zorder": 4}
    if line.peer.startswith("greedy"):
        return {"color": "#777777", "linewidth": 1.2, "linestyle": "-.", "marker": ".", "zorder": 3}
    return {"color": colour, "linewidth": 1.3, "marker": ".", "zorder": 3}


def _cross(
    axes: Any, done: list[tuple[float, float]], end: tuple[float, Line], limit: float, style: dict[str, Any], label: str | None
) -> None:  # fmt: skip
    """A dotted way from the last success to a cross at the limit."""
    size = end[0]
    if done:
        axes.plot(
            [done[-1][0], size], [done[-1][1], limit], color=style["color"], linewidth=0.9, linestyle=":"
        )
    axes.plot(
        [size],
        [limit],
        marker=MARKS[end[1].outcome.status],
        color=style["color"],
        markersize=6,
        markerfacecolor="none",
        linestyle="none",
        label=label,
    )


def _end(
    line: Line, done: list[tuple[float, float]], end: tuple[float, Line] | None, limit: float, colour: Any
) -> tuple[float, float, str, Any]:
    """Where a line's name goes, and the name with what it ran out of."""
    words = (
        line.peer.replace("`", "")
        .replace("OR-Tools ", "")
        .replace("SciPy min_weight_full_bipartite_matching", "SciPy min_weight_full…")
    )
    if end is None:
        return (*done[-1], words, colour)
    return end[0], limit, f"{words}: {WORDS[end[1].outcome.status]}", colour


def _write_labels(axes: Any, labels: list[tuple[float, float, str, Any]]) -> None:
    """Names at the right edge, spread so that none covers another, each joined to its line's end."""
    import math

    low, high = (math.log(v) for v in axes.get_ylim())
    left, right = axes.get_xlim()
    x = left * (right / left) ** LABELS
    step = (high - low) / 21
    at = low
    for size, seconds, words, colour in sorted(labels, key=lambda w: (w[1], -w[0])):
        at = max(at + step, math.log(seconds) - step * 3)
        weight = "bold" if colour == OURS_COLOUR else "normal"
        axes.annotate(words, xy=(size, seconds), xytext=(x, math.exp(at)), color=colour, fontsize=8, va="center", weight=weight,
                      arrowprops={"arrowstyle": "-", "color": colour, "linewidth": 0.4, "alpha": 0.6})  # fmt: skip
    axes.set_ylim(math.exp(low), max(math.exp(high), math.exp(at + step)))


def plot_gaps(path: Path, cases: list[Case], title: str) -> Path:
    """Gap of every method to the best bound, an instance a column."""
    from benchmarks.peers.tables import gap

    pyplot = _pyplot()
    figure, axes = pyplot.subplots(figsize=(9.5, 4.6), layout="constrained")
    for i, first in enumerate(cases[0].lines):
        values = [gap(c, c.lines[i]) for c in cases]
        shown = [(k, 100 * max(v, 1e-6)) for k, v in enumerate(values) if v is not None]
        style = {"color": OURS_COLOUR, "marker": "o"} if first.ours else {"marker": "x"}
        if shown:
            axes.plot(
                *zip(*shown, strict=True),
                linestyle="none",
                markersize=7,
                label=first.peer.replace("`", ""),
                **style,
            )
    axes.set(yscale="log", ylabel="gap to the best bound, % (lowest: none)", title=title)
    axes.set_xticks(range(len(cases)), [c.label for c in cases], rotation=60, ha="right")
    axes.grid(True, axis="y", linewidth=0.4, alpha=0.5)
    axes.legend(frameon=False, loc="upper left")
    figure.savefig(path, metadata={"Date": None})
    pyplot.close(figure)
    return path
