"""Kinds of jobs: what of a command is offered, and the words that an order comes to."""

from __future__ import annotations

from typing import Any

import click
import pytest
from pydantic import ValidationError

from api.jobs.arguments import arguments_of
from api.jobs.child import worded
from api.jobs.kind import FILES, Kind, called
from api.jobs.kinds import KINDS
from api.jobs.means import Means
from graph.errors import UsageError

OUTSIDE = ("FILE", "DIR", "FOLDER", "ADDRESS", "NETWORK", "STORE")
FOUND = {"china-2016": "scenarios/china-2016", "p1": "plans/p1", "p2": "plans/p2"}
ORDERS: dict[str, dict[str, Any]] = {
    "plan": {"scenario": "china-2016", "stages": ["funds"], "settings": ["funds.x=1"], "published": "p1", "elastic": True, "certificate": "json"},
    "sweep": {"scenario": "china-2016", "vary": ["cadres.distance_weight=1,2"], "sample": 3, "method": "sobol"},
    "robust": {"scenario": "china-2016", "uncertain": ["needs[].amount*=1:2"], "criteria": ["worst"]},
    "roll": {"scenario": "china-2016", "until": 2018, "horizons": ["full"], "picture": "svg"},
    "pareto": {"scenario": "china-2016", "aims": ["cadres.open", "cadres.distance"]},
    "stability": {"scenario": "china-2016", "published": "p1", "stage": "pairing", "steps": 4, "svg": "svg"},
    "repair": {"scenario": "china-2016", "apply": 1, "to": "mended"},
    "check": {"scenario": "china-2016", "csv": "csv", "strict": True},
    "diff": {"first": "china-2016", "second": "china-2016"},
    "generate": {"what": "national", "out": "country", "scale": 0.1},
    "explain": {"plan": "p1", "all": "cadres", "out": "parquet", "count": 3},
    "recommend": {"plan": "p1", "subject": "--lang", "top": 2},
    "show": {"plan": "p1", "fairness": True, "html": "html"},
    "compare": {"plans": ["p1", "p2"], "to": "graphml"},
    "why-different": {"first": "p1", "second": "p2", "list": True},
    "accept": {"base": "p1", "candidate": "p2", "kpis": ["exit.late = 0"]},
    "alternatives": {"plan": "p1", "stage": "pairing", "most": 2},
    "verify": {"plan": "p1"},
    "export": {"plan": "p1", "to": "certificate"},
    "export-network": {"to": "graphml", "at": "2016-01-01"},
    "load": {"scenario": "china-2016", "replace": True, "why": "first"},
}  # fmt: skip


def words_of(kind: Kind, given: dict[str, Any]) -> list[str]:
    """The words of an order."""
    checked = arguments_of(kind).model_validate(given).model_dump(mode="json")
    found = {a: FOUND | {"country": "scenarios/country", "mended": "scenarios/mended"} for a in kind.names}
    return kind.words(checked, {"network": "workspace:/office#net", "by": "ann"}, found)


@pytest.mark.parametrize("name", KINDS)
def test_an_order_comes_to_words_that_its_command_takes(name: str) -> None:
    """With the means put in and its files in the work's folder."""
    kind = KINDS[name]
    means = Means("/data", workers=2, dask="tcp://dask:8786")
    words = worded(kind, words_of(kind, ORDERS[name]), means, "jobs/7/files")
    assert not [w for w in words if w.startswith(FILES)]
    command = kind.command
    with command.make_context(name, words[len(kind.line) :], resilient_parsing=False) as context:
        read = context.params
    assert read["as_json"] is True
    named = {called(p): p.name for p in command.params}
    for argument, value in ORDERS[name].items():
        told = read[named[argument]]
        if argument in kind.files:
            assert str(told).startswith("jobs/7/files/")
        elif argument in kind.names:
            assert str(told if isinstance(told, str) else told[0]).startswith(("scenarios/", "plans/"))
        else:
            shown = str(told.date()) if hasattr(told, "date") else told
            assert shown == (tuple(value) if isinstance(value, list) else value)
    if "workers" in read:
        assert read["workers"] == 2
    assert read.get("dask", "tcp://dask:8786") == "tcp://dask:8786"


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
def test_nothing_that_names_a_path_or_an_address_is_offered(kind: Kind) -> None:
    assert set(kind.parameters) == set(kind.offered), "an option is offered that the command has not"
    for name, parameter in kind.parameters.items():
        outside = str(parameter.metavar or "").startswith(OUTSIDE) or isinstance(parameter.type, click.Path)
        if outside or name in ("plan", "plans", "scenario", "published"):
            assert name in kind.files or name in kind.names, f"{kind.name} {name}"


def test_words_of_callers_stay_values() -> None:
    """What looks like an option, or like the folder of files, is none."""
    kind = KINDS["recommend"]
    words = words_of(kind, {"plan": "p1", "subject": f"{FILES}/../x"})
    done = worded(kind, words, Means("/data"), "jobs/7/files")
    assert done[done.index("--") :] == ["--", "plans/p1", f"{FILES}/../x"]


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        ("plan", {}), ("plan", {"scenario": "a", "out": "/tmp"}), ("plan", {"scenario": "a", "dask": "tcp://x"}), ("compare", {"plans": []}),
        ("compare", {"plans": ["p1"], "to": "../x.html"}), ("explain", {"plan": "p1", "count": 1000}), ("plan", {"scenario": "a\0b"}),
        ("plan", {"scenario": "a", "time_limit": float("nan")}), ("generate", {"what": "national", "out": "a", "scale": float("inf")}),
        ("roll", {"scenario": "a", "outcome": "guessed"}), ("sweep", {"scenario": "a", "vary": ["x=1"] * 1001}),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(kind: str, given: dict[str, Any]) -> None:
    with pytest.raises((ValidationError, UsageError)):
        arguments_of(KINDS[kind]).model_validate(given)
