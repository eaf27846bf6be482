"""Kinds of jobs, by name.

A kind's arguments are the options of its command, by the same types and help; nothing of them is written a second time. What names
something of the service (a scenario, a plan) becomes its folder, and what names a file takes an ending: the file lies in the work's
own folder. Options that name other files, addresses or machines are not offered, so that nobody reads or writes beside the data
folder, or reaches a server through it.
"""

from __future__ import annotations

from api.jobs.kind import FILES, Kind, filed
from api.jobs.means import PLANS
from api.service.caller import Role

_MADE = ("stages", "settings")
_LIMITS = ("published", "limits", "prices", "freezes")
_DRAWN = ("vary", "uncertain", "sample", "method", "seed")
_FOLDERS = ("csv", "parquet")
_REASONS = {
    "txt": ("--out", f"{FILES}/explanation.txt", "--format", "text"),
    "html": ("--out", f"{FILES}/explanation.html", "--format", "html"),
    **filed("--out", "explanation", "xlsx"),
    **{form: ("--out", f"{FILES}/explanation", "--format", form) for form in _FOLDERS},
}
_TABLES = {
    **filed("--to", "plan", "xlsx", "geojson", "graphml"),
    **{form: ("--to", f"{FILES}/plan", "--format", form) for form in (*_FOLDERS, "certificate")},
}
_ALL = (
    Kind("plan", Role.PLANNER, ("scenario", *_MADE, *_LIMITS, "time_limit", "elastic", "again", "no_reuse", "certificate", "skip_bad_rows"),
         {"scenario": "scenario", "published": "plan"}, {"certificate": filed("--certificate", "certificate", "json")},
         ("--out", PLANS, "--json"), kept=False),
    Kind("sweep", Role.PLANNER, ("scenario", *_MADE, *_DRAWN, "kpis", "keep_plans", "no_reuse", "yes"), {"scenario": "scenario"},
         fixed=("--out", f"{FILES}/sweep", "--json")),
    Kind("robust", Role.PLANNER, ("scenario", *_MADE, *_DRAWN, "tolerance", "criteria", "tail"), {"scenario": "scenario"},
         fixed=("--out", f"{FILES}/robust", "--json")),
    Kind("roll", Role.PLANNER, ("scenario", *_MADE, "until", "outcome", "seed", "horizons", "reference", "picture"), {"scenario": "scenario"},
         {"picture": filed("--picture", "roll", "svg")}, ("--out", f"{FILES}/roll", "--json")),
    Kind("pareto", Role.PLANNER, ("scenario", "aims", "points", "settings"), {"scenario": "scenario"},
         fixed=("--out", f"{FILES}/front", "--json")),
    Kind("stability", Role.PLANNER, ("scenario", "published", "stage", "steps", "settings", "limits", "prices", "freezes", "svg"),
         {"scenario": "scenario", "published": "plan"}, {"svg": filed("--svg", "stability", "svg")}),
    Kind("repair", Role.PLANNER, ("scenario", *_MADE, *_LIMITS, "most", "whole", "apply", "to"),
         {"scenario": "scenario", "published": "plan", "to": "new scenario"}, kept=False),
    Kind("check", Role.PLANNER, ("scenario", "csv", "strict", "skip_bad_rows"), {"scenario": "scenario"}, {"csv": filed("--csv", "findings", "csv")}),
    Kind("diff", Role.PLANNER, ("first", "second", "limit", "sources"), {"first": "scenario", "second": "scenario"}),
    Kind("generate", Role.PLANNER, ("what", "out", "scale", "seed"), {"out": "new scenario"}, kept=False),
    Kind("explain", Role.VIEWER, ("plan", "subject", "stages", "price", "swap", "instead", "all", "dearest", "count", "out"), {"plan": "plan"},
         {"out": _REASONS}),
    Kind("recommend", Role.COORDINATOR, ("plan", "subject", "stages", "top"), {"plan": "plan"}),
    Kind("show", Role.VIEWER, ("plan", "rules", "table", "prices", "fairness", "limit", "svg", "html"), {"plan": "plan"},
         {"svg": filed("--svg", "fairness", "svg"), "html": filed("--html", "plan", "html")}),
    Kind("compare", Role.VIEWER, ("plans", "to"), {"plans": "plan"}, {"to": filed("--to", "comparison", "xlsx", "html", "graphml")}),
    Kind("why-different", Role.VIEWER, ("first", "second", "order", "about", "list", "limit"), {"first": "plan", "second": "plan"}),
    Kind("accept", Role.VIEWER, ("base", "candidate", "kpis"), {"base": "plan", "candidate": "plan"}),
    Kind("alternatives", Role.VIEWER, ("plan", "stage", "most", "within"), {"plan": "plan"}),
    Kind("verify", Role.VIEWER, ("plan",), {"plan": "plan"}, kept=False),
    Kind("export", Role.VIEWER, ("plan", "to"), {"plan": "plan"}, {"to": _TABLES}),
    Kind("export-network", Role.VIEWER, ("to", "at"), {}, {"to": filed("--to", "network", "xlsx", "csv", "parquet", "geojson", "graphml")},
         ("--on", "{network}", "--json"), ("export",)),
    Kind("load", Role.ADMIN, ("scenario", "replace", "why"), {"scenario": "scenario"},
         fixed=("--on", "{network}", "--by", "{by}", "--no-import", "--json"), of=("graph", "load"), kept=False),
)  # fmt: skip
KINDS: dict[str, Kind] = {kind.name: kind for kind in _ALL}
