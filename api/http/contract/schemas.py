"""What changed between two schemas, for those who send it or those who read it.

What is sent may be asked less strictly than before, what is answered may be promised more strictly; the other way round breaks callers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from api.http.contract.change import Change, Way

Schema = Mapping[str, Any]
LOWER, UPPER = (
    ("minimum", "exclusiveMinimum", "minLength", "minItems"),
    ("maximum", "exclusiveMaximum", "maxLength", "maxItems"),
)
FIXED = ("format", "pattern", "const")


class Comparison:
    """Two documents whose schemas are compared.

    Parameters
    ----------
    old, new : mapping
        Whole documents; references lead into them.
    """

    def __init__(self, old: Schema, new: Schema) -> None:
        self.old, self.new = old, new
        self._seen: set[tuple[str, str, Way]] = set()

    def changes(self, old: Schema, new: Schema, way: Way, where: str) -> Iterator[Change]:
        """What is otherwise in a schema; models are compared once for each way, however often they are named."""
        if "$ref" in old and "$ref" in new:
            models = (old["$ref"], new["$ref"], way)
            if models in self._seen:
                return
            self._seen.add(models)
            where = f"{old['$ref'].rpartition('/')[2]} ({way})"
        olds, news = self._ways(old, self.old), self._ways(new, self.new)
        for key in olds.keys() - news.keys():
            yield Change(where, f"can no longer be {key}", way == "request")
        for key in news.keys() - olds.keys():
            yield Change(where, f"can be {key}", way == "response")
        for key in sorted(olds.keys() & news.keys()):
            yield from self._one(olds[key], news[key], way, where)

    def _ways(self, schema: Schema, document: Schema) -> dict[str, Schema]:
        """The alternatives that a schema allows, by type."""
        found = _resolved(schema, document)
        parts = found.get("anyOf") or found.get("oneOf")
        if parts:
            return {key: one for part in parts for key, one in self._ways(part, document).items()}
        kinds = found.get("type")
        if isinstance(kinds, list):
            return dict.fromkeys(kinds, found)
        return {str(kinds or _implied(found)): found}

    def _one(self, old: Schema, new: Schema, way: Way, where: str) -> Iterator[Change]:
        yield from _values(old, new, way, where)
        yield from _limits(old, new, way, where)
        yield from self._fields(old, new, way, where)
        for inner in ("items", "additionalProperties"):
            before, after = old.get(inner), new.get(inner)
            if isinstance(before, Mapping) and isinstance(after, Mapping):
                yield from self.changes(before, after, way, f"{where}[]")
        if old.get("additionalProperties", True) is not False and new.get("additionalProperties") is False:
            yield Change(where, "takes no further fields", way == "request")

    def _fields(self, old: Schema, new: Schema, way: Way, where: str) -> Iterator[Change]:
        before, after = old.get("properties", {}), new.get("properties", {})
        must_before, must_after = set(old.get("required", ())), set(new.get("required", ()))
        for name in before.keys() - after.keys():
            yield Change(f"{where}.{name}", "is gone", True)
        for name in after.keys() - before.keys():
            must = way == "request" and name in must_after
            yield Change(f"{where}.{name}", "is new and required" if must else "is new", must)
        for name in before.keys() & after.keys():
            if (name in must_before) != (name in must_after):
                breaks = (name in must_after) is (way == "request")
                yield Change(
                    f"{where}.{name}", "is required" if name in must_after else "may be left out", breaks
                )
            yield from self.changes(before[name], after[name], way, f"{where}.{name}")


def _resolved(schema: Schema, document: Schema) -> Schema:
    while "$ref" in schema:
        found: Any = document
        for step in schema["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        schema = found
    return schema


def _implied(schema: Schema) -> str:
    return "object" if "properties" in schema else "string" if "enum" in schema else "anything"


def _values(old: Schema, new: Schema, way: Way, where: str) -> Iterator[Change]:
    before, after = old.get("enum"), new.get("enum")
    if before is None and after is not None:
        yield Change(where, f"is one of {', '.join(map(str, after))} only", way == "request")
    elif before is not None and after is None:
        yield Change(where, "is no longer one of a list", way == "response")
    elif before is not None and after is not None:
        for value in before:
            if value not in after:
                yield Change(where, f"{value} is gone", True)
        for value in after:
            if value not in before:
                yield Change(where, f"{value} is new", False)
    for key in FIXED:
        if old.get(key) != new.get(key):
            loosened = (key not in new and way == "request") or (key not in old and way == "response")
            yield Change(where, f"{key} was {old.get(key)}, is {new.get(key)}", not loosened)


def _limits(old: Schema, new: Schema, way: Way, where: str) -> Iterator[Change]:
    if way == "response":  # who reads does not rely on them
        return
    for keys, sign in ((LOWER, 1), (UPPER, -1)):
        for key in keys:
            before, after = old.get(key), new.get(key)
            if before != after:
                tighter = before is None or (after is not None and sign * after > sign * before)
                yield Change(where, f"{key} was {before}, is {after}", tighter)
