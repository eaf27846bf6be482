"""What changed between two documents of the API, operation by operation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from api.http.contract.change import Change, Way
from api.http.contract.schemas import Comparison
from api.http.document import operations
from api.service.caller import Role

Operation = Mapping[str, Any]
SCOPES = ("any", "subtree", "whole")
"""From the widest to the narrowest."""


def changes(old: dict[str, Any], new: dict[str, Any]) -> list[Change]:
    """Every change; words and examples are none."""
    before = {(path, method): found for path, method, found in operations(old)}
    after = {(path, method): found for path, method, found in operations(new)}
    compared, found = Comparison(old, new), list[Change]()
    for path, method in before.keys() | after.keys():
        where = f"{method.upper()} {path}"
        if (path, method) not in after:
            found.append(Change(where, "is gone", True))
        elif (path, method) not in before:
            found.append(Change(where, "is new", False))
        else:
            found += _operation(before[path, method], after[path, method], compared, where)
    return sorted(set(found), key=lambda c: (not c.breaks, c.where, c.what))


def _operation(old: Operation, new: Operation, compared: Comparison, where: str) -> Iterator[Change]:
    if old["operationId"] != new["operationId"]:
        yield Change(where, f"was called {old['operationId']}, is called {new['operationId']}", True)
    yield from _who(old, new, where)
    yield from _parameters(old, new, compared, where)
    yield from _body(old.get("requestBody"), new.get("requestBody"), compared, where)
    yield from _answers(old["responses"], new["responses"], compared, where)


def _who(old: Operation, new: Operation, where: str) -> Iterator[Change]:
    roles = ["", *(role.name.lower() for role in Role)]
    for key, ranked in (("x-role", roles), ("x-scope", ["", *SCOPES])):
        before, after = old.get(key, ""), new.get(key, "")
        if before != after:
            breaks = ranked.index(after) > ranked.index(before)
            yield Change(where, f"{key} was {before or 'none'}, is {after or 'none'}", breaks)


def _parameters(old: Operation, new: Operation, compared: Comparison, where: str) -> Iterator[Change]:
    before = {(p["in"], p["name"]): p for p in old.get("parameters", ())}
    after = {(p["in"], p["name"]): p for p in new.get("parameters", ())}
    for place, name in before.keys() - after.keys():
        yield Change(f"{where} {name}", f"is no longer taken ({place})", True)
    for place, name in after.keys() - before.keys():
        must = bool(after[place, name].get("required"))
        yield Change(f"{where} {name}", f"is new ({place}){' and required' if must else ''}", must)
    for key in before.keys() & after.keys():
        one, two = before[key], after[key]
        if bool(one.get("required")) != bool(two.get("required")):
            must = bool(two.get("required"))
            yield Change(f"{where} {key[1]}", "is required" if must else "may be left out", must)
        yield from compared.changes(one["schema"], two["schema"], "request", f"{where} {key[1]}")


def _body(old: Operation | None, new: Operation | None, compared: Comparison, where: str) -> Iterator[Change]:
    if new is None:
        if old is not None:
            yield Change(where, "takes no body", True)
        return
    if new.get("required") and not (old or {}).get("required"):
        yield Change(where, "needs a body", True)
    yield from _content(old or {}, new, compared, "request", where)


def _answers(old: Operation, new: Operation, compared: Comparison, where: str) -> Iterator[Change]:
    """Errors are the same problem document everywhere: which of them are told is no promise that others do not come."""
    for status in old.keys() | new.keys():
        if status >= "400":
            continue
        if status not in new:
            yield Change(where, f"does not answer {status}", True)
        elif status not in old:
            yield Change(where, f"may answer {status}", False)
        else:
            yield from _content(old[status], new[status], compared, "response", f"{where} {status}")


def _content(old: Operation, new: Operation, compared: Comparison, way: Way, where: str) -> Iterator[Change]:
    before, after = old.get("content", {}), new.get("content", {})
    for kind in before.keys() - after.keys():
        yield Change(where, f"{kind} is gone", True)
    for kind in after.keys() - before.keys():
        yield Change(where, f"{kind} is new", False)
    for kind in before.keys() & after.keys():
        yield from compared.changes(
            before[kind].get("schema", {}), after[kind].get("schema", {}), way, f"{where} {way}"
        )
