"""Tables of what was measured, and in words where others are better."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from benchmarks.peers.results import Case, Line, Results

RAN_OUT = {"time": "out of time", "memory": "out of memory", "failed": "failed", "time before": "—",
           "memory before": "—", "failed before": "—", "not asked": ""}  # fmt: skip
EVEN = 0.95  # below this share of ours a peer counts as faster or smaller
SMALL = 0.001  # seconds; of less than that nobody is said to be faster


def families(results: Results) -> list[tuple[str, list[Case]]]:
    """Cases by family, in order."""
    names = list(dict.fromkeys(c.family for c in results.cases))
    return [(n, [c for c in results.cases if c.family == n]) for n in names]


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Lines of a table."""
    return [
        "| " + " | ".join(columns) + " |",
        "|" + "---|" * len(columns),
        *("| " + " | ".join(r) + " |" for r in rows),
    ]


def growth(cases: list[Case]) -> list[str]:
    """Seconds, then memory: a row a method, a column a size; **bold** where better than our best."""
    sizes = [c.label for c in cases]
    seconds = [
        [name, _answers(cases, i), proof, *(_cell(c, i, _seconds, 3) for c in cases)]
        for i, name, proof in _rows(cases)
    ]
    memory = [[name, *(_cell(c, i, _megabytes, 0) for c in cases)] for i, name, _ in _rows(cases)]
    optimum = ["*optimum*", "", "", *(_figure(c.optimum) for c in cases)]
    return [
        "Seconds:", "", *table(["method", "answer", "proof", *sizes], [*seconds, optimum]), "",
        "Peak memory in MB, in brackets of those that ran out:", "", *table(["method", *sizes], memory), "",
    ]  # fmt: skip


def _rows(cases: list[Case]) -> list[tuple[int, str, str]]:
    return [(i, line.peer, line.proof) for i, line in enumerate(cases[0].lines)]


def _seconds(line: Line) -> float:
    return line.outcome.seconds


def _megabytes(line: Line) -> float:
    return line.outcome.megabytes


def _cell(case: Case, at: int, what: Callable[[Line], float], digits: int) -> str:
    line = case.lines[at]
    if line.outcome.status != "done":
        reached = what is _megabytes and line.outcome.megabytes > 0
        return f"({line.outcome.megabytes:,.0f})" if reached else RAN_OUT[line.outcome.status]
    value = what(line)
    shown = f"{value:.{digits}g}" if digits and value < 100 else f"{value:,.0f}"
    return f"**{shown}**" if better(case, line, what) else shown


def better(case: Case, line: Line, what: Callable[[Line], float]) -> bool:
    """Whether a peer that found the optimum needs clearly less than the best of ours (or ours ran out)."""
    if line.ours or line.floor or line.outcome.status != "done" or gap(case, line) != 0:
        return False
    mine = [what(x) for x in case.lines if x.ours and x.outcome.status == "done"]
    if what is _megabytes and not mine:
        return False
    if what is _seconds and line.outcome.seconds < SMALL and mine and min(mine) < 10 * SMALL:
        return False
    return not mine or what(line) < EVEN * min(mine)


def gap(case: Case, line: Line) -> float | None:
    """How far an answer is from what is proven, as a share; ``None`` where there is none."""
    best, value = case.optimum, line.outcome.objective
    if best is None or value is None or line.outcome.status != "done":
        return None
    if value == best:
        return 0.0
    return float(value - best) / abs(best) if best else float("inf")


def _answers(cases: list[Case], at: int) -> str:
    """In words, over all sizes: optimal, or by how much not."""
    gaps = [g for c in cases if (g := gap(c, c.lines[at])) is not None]
    whole = all(c.lines[at].outcome.whole for c in cases if c.lines[at].outcome.status == "done")
    if not gaps:
        return "none"
    worst = max(gaps, key=abs)
    if worst == 0:
        return "optimal"
    words = "" if whole else ", not whole"
    return f"off by up to {share(worst)}{words}"


def share(value: float) -> str:
    """A share in words: per cent, or a power of ten where it is small."""
    return f"{value:+.1e}" if abs(value) < 1e-5 else f"{100 * value:+,.3g} %"


def where_better(cases: list[Case]) -> list[str]:
    """Sentences: who beat us, at which sizes, by how much."""
    found: list[str] = []
    for i, name, proof in _rows(cases):
        for what, word in ((_seconds, "faster"), (_megabytes, "smaller")):
            at = [(c, c.lines[i]) for c in cases if better(c, c.lines[i], what)]
            if at:
                ratios = ", ".join(f"{_times(c, line, what)} at {c.label}" for c, line in at)
                found.append(f"- **{name}** is {word} than ours: {ratios} (proof: {proof}).")
    ours_out = [c.label for c in cases if c.ours.outcome.status != "done"]
    if ours_out:
        found.append(f"- **Ours** ran out itself at {', '.join(ours_out)}.")
    return found or ["Nobody who found the optimum was faster or smaller than ours here."]


def _times(case: Case, line: Line, what: Callable[[Line], float]) -> str:
    mine = [what(x) for x in case.lines if x.ours and x.outcome.status == "done"]
    return f"{what(line) / min(mine):.2g} × ours" if mine else "while ours ran out"


def _figure(value: float | int | None) -> str:
    return "" if value is None else f"{value:,.0f}"


def bounded(cases: list[Case]) -> list[str]:
    """A row an instance and method: objective, own bound, gap to the best bound, proof, time, memory, and who is better."""
    rows: list[list[str]] = []
    for case in cases:
        for line in case.lines:
            o = line.outcome
            if o.status != "done":
                rows.append(
                    [
                        case.label,
                        line.peer,
                        RAN_OUT[o.status],
                        "",
                        "",
                        "",
                        f"{o.seconds:.3g}",
                        f"{o.megabytes:,.0f}",
                        "",
                    ]
                )
                continue
            distance = gap(case, line)
            rows.append([case.label, line.peer, _figure(o.objective), _figure(o.bound),
                         "" if distance is None else f"{100 * distance:.3f} %", "yes" if proved(line) else "no",
                         f"{o.seconds:.3g}", f"{o.megabytes:,.0f}", against(case, line)])  # fmt: skip
    columns = ["instance", "method", "objective", "own bound", "gap", "proved", "s", "MB", "against ours"]
    return [*table(columns, rows), ""]


def proved(line: Line) -> bool:
    """Whether a method's own bound reaches its answer."""
    o = line.outcome
    return o.status == "done" and o.bound is not None and o.objective is not None and o.bound >= o.objective


def against(case: Case, line: Line) -> str:
    """A peer's answer against ours, in words."""
    mine, o = case.ours.outcome, line.outcome
    if line.ours or o.objective is None:
        return ""
    if mine.objective is None:
        return "**better**: ours has no answer"
    if o.objective != mine.objective:
        return "**better answer**" if o.objective < mine.objective else "worse answer"
    ends = [proved(case.ours), proved(line)]
    if ends[0] != ends[1]:
        return "**proves it, ours does not**" if ends[1] else "same answer, without proof"
    if not ends[0]:
        return "same answer"
    return (
        f"**faster** ({o.seconds / mine.seconds:.2g} ×)"
        if o.seconds < EVEN * mine.seconds
        else "same, slower"
    )
