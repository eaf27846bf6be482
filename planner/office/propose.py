"""Propose a plan to a shared network, and take it away again."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from graph.errors import CheckFailed, InputError
from graph.network import Network
from graph.office.office import Office
from graph.office.request import Request
from graph.schema import TABLES
from graph.store.proposal import Proposal
from graph.store.protocol import Store
from planner.elastic.broken import broken_in
from planner.identity import DISPLAY
from planner.plan import Plan
from planner.verify.plan import check_seals


class OtherGround(CheckFailed):
    """A plan was computed from other data than the network holds."""


def propose(store: Store, network: str, plan: Plan, *, by: str, reason: str = "") -> Request:
    """Store a plan's decisions beside the network, and file a request for them.

    Proposing it again goes on where it was interrupted, and changes nothing where it is there; after it was withdrawn, returned
    or rejected it is submitted anew.

    Raises
    ------
    OtherGround
        When the plan was computed from other data than the version that it names, or the head, holds.
    InputError
        When it decides about places, cadres or units that the network does not have, or its folder is not as it was written.
    """
    refuse_damaged(plan)
    base = ground(store, network, plan)
    tables = plan.tables()
    title = (
        str(plan.head["title"].get("zh", ""))
        if isinstance(plan.head["title"], Mapping)
        else str(plan.head["title"])
    )
    rows = {t: f.height for t, f in tables.items()}
    day = plan.network.on
    assert day is not None  # every plan has one
    announced = int(plan.head["inputs"]["policy"].get("pairing", {}).get("announced_days") or 0)
    told = Proposal(plan.id, base, day, title, by, tuple(plan.stages), rows, announced)
    store.propose(network, told, tables)
    told_reason = "；".join(t for t in (reason or title, broken_warning(plan)) if t)
    request = Request(plan.id, "submitted", by, told_reason, base, plan=plan.id, step="submit")
    return Office(store, network).lodge(request, by=by)


def broken_warning(plan: Plan) -> str:
    """What whoever approves must know of a plan that breaks promises, in both languages; empty where all rules hold."""
    broken = [f"{s}.{p['rule']}" for s, head in plan.stages.items() for p in broken_in(head)]
    if not broken:
        return ""
    rules = ", ".join(dict.fromkeys(broken))
    return f"⚠ 规则不能同时成立，本方案违约 {len(broken)} 处 · the rules cannot hold together, and this plan breaks {len(broken)} promises: {rules}"


def refuse_damaged(plan: Plan) -> None:
    """Refuse a plan whose folder is not as it was written.

    Raises
    ------
    InputError
        The message names the first file, and how many more there are.
    """
    broken = check_seals(plan)
    if not broken:
        return
    first, more = broken[0].text, len(broken) - 1
    zh, en = (f"；另有 {more} 处", f"; and {more} more") if more else ("", "")
    raise InputError(
        f"方案 {plan.folder} 与写出时不同，不能提出：{first.zh}{zh}；请用 jiedui plan 重新规划（--again）",
        f"plan {plan.folder} is not as it was written and cannot be proposed: {first.en}{en}; plan again with jiedui plan (--again)",
    )


def ground(store: Store, network: str, plan: Plan) -> int:
    """The version of the network that a plan was computed from: the one that it names, else the head where it holds the same.

    Raises
    ------
    OtherGround
        When it does not; tables and rows are named.
    """
    origin = plan.head["inputs"].get("network")
    if origin is not None and origin["name"] == network:
        digests = {v.number: v.digest for v in store.versions(network)}
        if digests.get(origin["version"]) == origin.get(
            "digest"
        ):  # else it is another store's network of that name
            return int(origin["version"])
    head = store.head(network).number
    resolved = {t: f for t, f in plan.tables("resolved").items() if t not in DISPLAY}
    stored = store.read(network, version=head, tables=list(resolved))
    told = [t for t, seen in resolved.items() if not _same(t, seen, stored)]
    if told:
        zh, en = "、".join(told), ", ".join(told)
        raise OtherGround(
            f"方案 {plan.id} 所依据的数据与网络 {network} 版本 {head} 不同（表：{zh}）；请用 network = … 从该网络重新规划",
            f"plan {plan.id} was computed from other data than version {head} of network {network} holds (tables: {en}); plan again from it with network = …",
        )
    return head


def _same(table: str, seen: pl.DataFrame, stored: Network) -> bool:
    now = stored.frame(table).select(seen.columns).sort(TABLES[table].key, nulls_last=False)
    return now.equals(seen)


def withdraw(store: Store, network: str, plan: str, *, by: str) -> None:
    """Take a proposed plan away; what was adopted of it stays, and its request is rejected where nothing was.

    Raises
    ------
    NoSuchProposal
        When it is not proposed.
    """
    office = Office(store, network)
    request = next((r for r in office.requests() if r.id == plan and r.plan), None)
    if request is not None and request.state in ("submitted", "approved"):
        office.step(plan, "reject", by=by)
    store.withdraw(
        network, plan
    )  # last: cut short, it can be done again; also what is only half there, and in no list
