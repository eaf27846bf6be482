"""The pages, made from what was measured: ``docs/benchmarks/peers*.md`` and the plots beside them."""

from __future__ import annotations

from pathlib import Path

from benchmarks.page import FOLDER
from benchmarks.peers import results
from benchmarks.peers.figures import plot_gaps, plot_growth
from benchmarks.peers.registry import COMMAND_MOST
from benchmarks.peers.results import PARTS, Case, Results
from benchmarks.peers.tables import against, bounded, families, gap, growth, proved, share, where_better

TITLES = {
    "people": "People to villages",
    "assignment": "n × n assignment",
    "flows": "Minimum-cost flows",
    "generalised": "Generalised assignment",
}
AXES = {"people": "cadres", "assignment": "n", "flows": "nodes"}
MAIN = "peers.svg"
NOTES = {
    "people": """\
The stage `cadres` as shipped, nobody in place, on countries that `jiedui generate national --scale` makes: 1 is the whole
country, 0.05 the size of the shipped scenario china-2016. Ours is the engine `posting` from arrays to a certified answer (it builds
what it needs of the pairs itself, prices all others, and keeps the rules about teams, which no peer's model has: where those bite, its
answer costs more than the optimum of the flow, and says so). Peers get, for nothing, the split into components and the dense pairs of
class and post as arrays, and solve one component after another; POT the same as a dense table. The floor is one OR-Tools flow
over only the arcs of our last round. Greedy is what people do: village by village, in the order of the list, the nearest who may.
Objective: costs and the worth of seats left empty, in thousandths; the worths keep a strict order and are up to 10¹².""",
    "assignment": """\
*random*: whole costs from 1 to 10,000. *clustered*: distances between points around 25 centres, rounded up to tens, so that most pairs
tie. Ours is measured in three ways: the engine `assignment` (matrix to certified answer), the engine `choose` with the building of
the model whose structure it has to recognise, and `jiedui plan` on a folder of tables, from reading to the verified plan on
disk, up to n = {most} (Polars' allocator is told to give address space back, as that is what is limited here). Flow and programme
peers get the n² arcs as arrays for nothing.""",
    "flows": """\
By the recipes of NETGEN (Klingman, Napier and Stutz 1974) and GRIDGEN (Lee and Orlin 1991) with the parameters of Kovács (2015): 8 arcs a
node, costs to 10,000, capacities to 1,000, √n sources and sinks. Drawn by our own generators with a fixed seed: instances of
these families, not the published files. Ours is the engine `bounded_flow`: an OR-Tools flow, then potentials on its residual
graph and the bound that they prove, so that the line *OR-Tools SimpleMinCostFlow* is its floor.""",
    "generalised": """\
*OR-Library style*: gap1–gap12 by the recipe of Cattrysse, Salomon and Van Wassenhove (1994), which maximise a profit p of 15–25; here
the cost is 25 − p, and as each job is done once the same answers are best. *Types A–E* by the recipes of Chu and Beasley (1997) and
Laguna et al. (1995). The files themselves are not at hand: instances are drawn by the recipes with a fixed seed, and published
optima do not apply to them. Ours goes through the ordinary command, from a folder of three tables to the verified plan on disk
(about a second of it reading and writing), with `--time-limit`; its own bound comes from column generation over knapsacks, or from HiGHS
where that closes the rest. Peers get the arrays, the same limit and two threads. *Gap* is to the best bound of any method.""",
}


HOW = """\
`python -m benchmarks peers` (part of `make bench`): every method on the same instances, of growing size, in the same run. Each method
and size has a child process of its own with a limit of time and of address space; who runs out is not asked again for larger
instances of the family. Seconds go from arrays to an answer, with the building of the peer's own model, without the start of Python and
the loading of libraries and instances; the lesser of wall and processor time counts, and short runs are repeated (median of 5).
Memory is the process's peak, some 125 MB of which are Python and the libraries. All run on one thread, but branch and bound of
peers on two. Every answer is checked row by row in whole numbers, and the run ends where two exact methods differ; before it,
all methods have to agree on tiny instances. CP-SAT runs without its presolve on pure flows (with it, it is ten times slower there);
GLOP gets the costs divided to at most a million (it gives up on larger ones). *Proof* says what a method hands over beside its
answer: a certificate in whole numbers that `verify` checks without a solver (*yes*), duals in floating point, its word, or nothing.
"""


def render() -> Path:
    """Write all pages of which something was measured; the path of the first."""
    held = [found for part in PARTS if (found := results.read(part)) is not None]
    lines = ["# Against the alternatives", "", HOW]
    for found in held:
        _page(found)
        lines += [f"## {TITLES[found.part]}", ""]
        if found.part == "people":
            lines += [f"![Time to post people, ours and its alternatives]({MAIN})", ""]
        lines += [f"[Tables and plots](peers-{found.part}.md). {_limits(found)}", ""]
        for family, cases in families(found):
            lines += [f"*{family}*" if found.part != "people" else "", "", *_summary(found.part, cases), ""]
    return _write(FOLDER / "peers.md", lines)


def _page(found: Results) -> None:
    lines = [
        f"# {TITLES[found.part]}: against the alternatives",
        "",
        NOTES[found.part].replace("{most}", f"{COMMAND_MOST:,}"),
        "",
        found.machine,
        "",
        _limits(found),
        "",
    ]
    for family, cases in families(found):
        word = family.lower().replace(" ", "-")
        name = MAIN if found.part == "people" else f"peers-{found.part}-{word}.svg"
        lines += [f"## {family}", "", f"![{TITLES[found.part]}, {family}]({name})", ""]
        if found.part == "generalised":
            plot_gaps(
                FOLDER / name, cases, f"{TITLES[found.part]}, {family}: gap within {found.limits.seconds:g} s"
            )
            lines += [*bounded(cases), *_summary(found.part, cases), ""]
        else:
            title = TITLES[found.part] if found.part == "people" else f"{TITLES[found.part]}, {family}"
            plot_growth(FOLDER / name, cases, title, AXES[found.part], found.limits.seconds)
            lines += [*growth(cases), *_summary(found.part, cases), ""]
    _write(FOLDER / f"peers-{found.part}.md", lines)


def _summary(part: str, cases: list[Case]) -> list[str]:
    """In words: who is better where."""
    if part != "generalised":
        return where_better(cases)
    lines: list[str] = []
    for i, first in enumerate(cases[0].lines):
        mine = [c.lines[i] for c in cases]
        solved = sum(proved(line) for line in mine)
        gaps = [g for c, line in zip(cases, mine, strict=True) if (g := gap(c, line)) is not None]
        none = len(cases) - len(gaps)
        words = f"- {first.peer}: {solved} of {len(cases)} proven optimal; gap to the best bound {share(max(gaps, default=0))} at most"
        lines.append(words + (f"; no answer for {none}" if none else "") + ".")
        ahead = [c.label for c, line in zip(cases, mine, strict=True) if against(c, line).startswith("**")]
        if ahead:
            lines[-1] += f" **Better than ours** at {', '.join(ahead)}."
    return lines


def _limits(found: Results) -> str:
    return f"Limit for each method and size: {found.limits.seconds:g} s and {found.limits.gigabytes:g} GB of address space."


def _write(path: Path, lines: list[str]) -> Path:
    text = "\n".join(lines)
    while "\n\n\n" in text:
        text = text.replace("\n\n\n", "\n\n")
    path.write_text(text.rstrip("\n") + "\n", encoding="utf-8")
    return path
