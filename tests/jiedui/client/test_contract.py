"""The client speaks the published contract, all of it: every method is tried, every operation is asked for."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from api.http.contract.published import published
from api.http.document import operations
from jiedui.client.jobs import Job
from jiedui.client.modes import method, stream
from jiedui.client.office import Request
from jiedui.client.scenarios import Scenario
from jiedui.client.uploads import Upload
from tests.jiedui.client.stand_in import StandIn, awaiting, blocking, groups

DOCUMENT = published()
GIVEN: dict[str, Any] = {
    "a": "440400", "after": "2016-12-31", "b": "533300", "before": "2015-12-31", "changes": {"reason": "核实"}, "id": "a/b 怒江",
    "item": "fiscal_funds", "kind": "verify", "label": "月报", "level": "province", "measure": "poor_population", "months": 6, "name": "relations", "plan": "3b1d6f0c2a9e4d57",
    "region": "533300", "relation": "ew:440400:533300", "revision": 1, "scenario": "china-2016", "subject": "533325", "supporter": "440400",
    "table": "units", "toml": "format = 1\n", "words": "怒江", "year": 2016, "frame": pl.DataFrame({"id": ["u1"]}),
    "what": pl.DataFrame({"id": ["u1"]}), "arguments": {"plan": "3b1d6f0c2a9e4d57"}, "plans": "3b1d6f0c2a9e4d57",
}  # fmt: skip
STEPS = {"Request": "submit", "Findings": "assign"}
LEFT_OUT = {
    "healthz", "readyz", "metrics", "service_metrics",  # those who run the service ask
    "session", "session_log_in", "session_log_out", "sessions", "sessions_end_session", "oidc_login", "oidc_callback",  # a browser's
}  # fmt: skip
AS_WELL = ("_as", "_by_accept", "_by_suffix", "_table", "_report", "_array", "certificate")
"""Ends of operations that give the same as another one, in another way."""


def calls(service: Any) -> Iterator[tuple[str, Callable[..., Any], inspect.Signature]]:
    """Every public method of a service, its groups and what they give."""
    talk = service._talk
    given = [
        Job(talk, {"id": "j1", "kind": "plan", "state": "done"}), Scenario(talk, "mine"), Request(talk, {"id": "r1"}, '"1"'),
        Upload(talk, {"id": "u1", "errors": 0}),
    ]  # fmt: skip
    for group in (*groups(service), *given):
        for name, found in inspect.getmembers_static(type(group)):
            if isinstance(found, method | stream):
                yield f"{type(group).__name__}.{name}", getattr(group, name), inspect.signature(found.source)


def arguments(where: str, signature: inspect.Signature, folder: Path) -> tuple[list[Any], dict[str, Any]]:
    """Arguments for a method: what it demands, and of the rest what we know."""
    more = {
        **GIVEN,
        "step": STEPS.get(where.partition(".")[0]),
        "file": folder / "t.csv",
        "day": "2016-12-31",
    }
    positional, named = [], dict[str, Any]()
    for name, parameter in list(signature.parameters.items())[1:]:
        if parameter.kind is parameter.VAR_POSITIONAL:
            positional.append(more[name])
        elif parameter.kind is parameter.KEYWORD_ONLY and name in more and where != "_Service.plan":
            named[name] = more[name]
        elif parameter.default is parameter.empty and parameter.kind is not parameter.VAR_KEYWORD:
            positional.append(more[name])
    return positional, named


def carried_out(stand_in: StandIn, folder: Path) -> list[str]:
    """Call every method of a client that blocks."""
    wrong = []
    for where, call, signature in calls(blocking(stand_in)):
        positional, named = arguments(where, signature, folder)
        try:
            got = call(*positional, **named)
            if inspect.isgenerator(got):
                next(got, None)
        except AssertionError as error:
            wrong.append(f"{where}: {error}")
    return wrong


def test_every_method_asks_what_the_document_has(tmp_path: Path) -> None:
    wrong = carried_out(StandIn(DOCUMENT), tmp_path)
    assert not wrong, "\n".join(wrong)


def test_every_operation_is_asked_for(tmp_path: Path) -> None:
    stand_in = StandIn(DOCUMENT)
    carried_out(stand_in, tmp_path)
    names = {found["operationId"] for _, _, found in operations(DOCUMENT)}  # type: ignore[arg-type] # a dict
    missing = {n for n in names - set(stand_in.asked) - LEFT_OUT if not n.endswith(AS_WELL)}
    missing -= {
        n
        for n in missing
        if n.startswith(("jobs_order_", "requests_", "findings_"))
        and n not in ("requests_edit", "findings_new")
    }
    assert not missing, f"the client has no method for {sorted(missing)}"


def test_both_clients_ask_the_same(tmp_path: Path) -> None:
    ours, theirs = StandIn(DOCUMENT), StandIn(DOCUMENT)
    carried_out(ours, tmp_path)

    async def all_of_it() -> None:
        for where, call, signature in calls(awaiting(theirs)):
            positional, named = arguments(where, signature, tmp_path)
            got = call(*positional, **named)
            try:
                await (anext(got, None) if inspect.isasyncgen(got) else got)
            except AssertionError:
                continue

    asyncio.run(all_of_it())
    assert ours.asked == theirs.asked and ours.asked


def test_a_stand_in_takes_nothing_that_the_document_has_not() -> None:
    stand_in = blocking(StandIn(DOCUMENT))
    with pytest.raises(AssertionError, match="takes no"):
        list(stand_in.findings.all(nonsense="x"))
