"""What jiedui keeps beside the rows, read and checked in one place: networks, versions, papers and proposals.

Whoever may write Cypher may change these nodes, too. What cannot be what jiedui wrote is a :class:`SpoiledRecord`, never anything
else; ``jiedui check`` reads all of them (:mod:`graph.store.neo4j.checking.records`) and reports each.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NoReturn, TypeVar, cast, get_args

import neo4j.time

from graph.errors import InputError
from graph.language import Text
from graph.schema import TABLES
from graph.store.about import About
from graph.store.papers import Paper
from graph.store.proposal import Proposal
from graph.store.version import How, Version

T = TypeVar("T")
WHOLE = Text("整数", "a whole number")
NUMBER = Text("数", "a number")
TEXT = Text("文本", "text")
TEXTS = Text("文本列表", "a list of texts")
WHOLES = Text("与 place_tables 等长的整数列表", "a list of whole numbers, as long as place_tables")
MOMENT = Text("带时区的时间（ZONED DATETIME）", "a time with a zone (ZONED DATETIME)")
JSON = Text("jiedui 写入的 JSON", "the JSON that jiedui wrote")
HEAD = Text("已有版本的号", "the number of a version that is there")

VERSION_FIELDS = ("number", "at", "how", "by", "why", "counts", "digest")
STATE_FIELDS = ("number", "tables", "about", "digest", "place_tables", "places")
PAPER_FIELDS = ("kind", "id", "revision", "at", "by", "content")
CLAIM_FIELDS = ("token", "digest", "position", "tables", "age", "host", "pid", "by", "why")


class SpoiledRecord(InputError):
    """A node of jiedui's own was changed by hand into what it cannot be.

    Parameters
    ----------
    record : Record
        The node.
    property, value : str, object
        What is wrong, and what stands there.
    due : Text
        What it should be.
    """

    def __init__(self, record: Record, property: str, value: object, due: Text) -> None:
        self.record, self.property, self.value = record, property, value
        found = Text("空", "empty") if value is None else Text(*2 * (_short(value),))
        self.what = Text(
            f"{record.which} 的属性 {property} 是 {found.zh}，应为{due.zh}；有人直接改过它",
            f"property {property} of {record.which} is {found.en}, not {due.en}; somebody changed it by hand",
        )
        network = record.network
        super().__init__(
            f"网络“{network}”：{self.what.zh}；jiedui check neo4j:#{network} 给出查找它的 Cypher",
            f"network {network!r}: {self.what.en}; jiedui check neo4j:#{network} gives the Cypher that finds it",
        )


def _short(value: object) -> str:
    told = repr(value) if isinstance(value, str) else str(value)
    return told if len(told) <= 60 else told[:60] + "…"


@dataclass(frozen=True)
class Record:
    """A node of bookkeeping as it was read.

    Parameters
    ----------
    network, label : str
        Whose it is, and which kind.
    key : mapping of str to object
        What it is found by beside the network; empty for the network's own node.
    cells : mapping of str to object
        Its properties.
    """

    network: str
    label: str
    key: Mapping[str, Any]
    cells: Mapping[str, Any]

    @property
    def which(self) -> str:
        """The node for people: ``Version number=3``."""
        return " ".join([self.label, *(f"{k}={v}" for k, v in self.key.items())])

    def wrong(self, property: str, due: Text) -> NoReturn:
        """Refuse a property."""
        raise SpoiledRecord(self, property, self.cells[property], due)

    def whole(self, property: str) -> int:
        """A whole number."""
        value = self.cells[property]
        return value if type(value) is int else self.wrong(property, WHOLE)

    def number(self, property: str) -> float:
        """A number."""
        value = self.cells[property]
        return float(value) if type(value) in (int, float) else self.wrong(property, NUMBER)

    def text(self, property: str, *, optional: bool = False) -> str:
        """Text; ``optional``: empty where the property is absent."""
        value = self.cells[property]
        if value is None and optional:
            return ""
        return value if type(value) is str else self.wrong(property, TEXT)

    def texts(self, property: str, *, optional: bool = False) -> tuple[str, ...]:
        """A list of texts; ``optional``: empty where the property is absent."""
        value = self.cells[property]
        if value is None and optional:
            return ()
        if type(value) is not list or any(type(v) is not str for v in value):
            self.wrong(property, TEXTS)
        return tuple(value)

    def moment(self, property: str) -> datetime:
        """A time with a zone."""
        value = self.cells[property]
        if type(value) is not neo4j.time.DateTime or value.tzinfo is None:
            self.wrong(property, MOMENT)
        return value.to_native()

    def told(self, property: str, read: Callable[[Any], T]) -> T:
        """JSON as ``read`` reads it."""
        value = self.cells[property]
        if type(value) is not str:
            self.wrong(property, JSON)
        try:
            return read(json.loads(value))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            self.wrong(property, JSON)


def network_record(network: str, cells: Mapping[str, Any]) -> Record:
    """A network's own node."""
    return Record(network, "Network", {}, cells)


def version_record(network: str, fields: Sequence[str], row: Sequence[Any]) -> Record:
    """A version's node; ``number`` is among its fields."""
    cells = dict(zip(fields, row, strict=True))
    return Record(network, "Version", {"number": cells["number"]}, cells)


def paper_record(network: str, row: Sequence[Any], label: str = "Paper") -> Record:
    """A paper's node, its properties as :data:`PAPER_FIELDS`."""
    cells = dict(zip(PAPER_FIELDS, row, strict=True))
    key = {"kind": cells["kind"], "id": cells["id"]}
    return Record(network, label, key | ({"revision": cells["revision"]} if label != "Paper" else {}), cells)


def proposal_record(network: str, plan: str, content: object) -> Record:
    """A proposal's node."""
    return Record(network, "Proposal", {"plan": plan}, {"content": content})


def head_of(network: str, head: object) -> int:
    """The number of a network's head; 0 before the first version.

    Raises
    ------
    SpoiledRecord
        When it is no whole number, or below 0.
    """
    record = network_record(network, {"head": head})
    return record.wrong("head", HEAD) if record.whole("head") < 0 else record.whole("head")


def no_such_head(network: str, head: object) -> SpoiledRecord:
    """The head names a version that is not there."""
    return SpoiledRecord(network_record(network, {"head": head}), "head", head, HEAD)


def version_of(record: Record) -> Version:
    """A version, its properties as :data:`VERSION_FIELDS`.

    Raises
    ------
    SpoiledRecord
        When one of them cannot be what it says.
    """
    how = record.text("how")
    if how not in get_args(How):
        record.wrong("how", Text("、".join(get_args(How)) + " 之一", "one of " + ", ".join(get_args(How))))
    return Version(
        record.whole("number"),
        record.moment("at"),
        cast(How, how),
        record.text("by", optional=True),
        record.text("why", optional=True),
        record.told("counts", _counts),
        record.text("digest"),
    )


def about_of(record: Record) -> About:
    """Settings of a version. Raises as :func:`version_of`."""
    return record.told("about", _about)


def tables_of(record: Record) -> list[str]:
    """Tables given up to a version, in the schema's order. Raises as :func:`version_of`."""
    given = record.texts("tables")
    return [t for t in TABLES if t in given]


def places_of(record: Record) -> dict[str, int]:
    """Table → place of its next new row. Raises as :func:`version_of`."""
    tables, places = record.texts("place_tables", optional=True), record.cells["places"] or []
    whole = type(places) is list and all(type(p) is int for p in places)
    if not whole or len(tables) != len(places):
        record.wrong("places", WHOLES)
    return dict(zip(tables, places, strict=True))


def claim_of(network: str, row: Sequence[Any]) -> dict[str, Any] | None:
    """Who is changing a network, its properties as :data:`CLAIM_FIELDS`; ``None`` where nobody is. Raises as :func:`version_of`."""
    claim = dict(zip(CLAIM_FIELDS, row, strict=True))
    if claim["token"] is None:
        return None
    record = network_record(network, {f"claim_{k}": v for k, v in claim.items()})
    for name in ("token", "digest", "host", "by", "why"):
        record.text(f"claim_{name}")
    for name in ("position", "pid"):
        record.whole(f"claim_{name}")
    record.texts("claim_tables")
    if claim["age"] is None:
        raise SpoiledRecord(record, "claim_beat", None, WHOLE)
    record.number("claim_age")
    return claim


def paper_of(record: Record) -> Paper:
    """A paper. Raises as :func:`version_of`."""
    return Paper(
        record.text("kind"),
        record.text("id"),
        record.whole("revision"),
        record.moment("at"),
        record.text("by"),
        record.told("content", _mapping),
    )


def proposal_of(record: Record) -> Proposal:
    """A proposal. Raises as :func:`version_of`."""
    return record.told("content", _proposal)


def _mapping(told: Any) -> dict[str, Any]:
    if type(told) is not dict:
        raise TypeError(told)
    return told


def _counts(told: Any) -> dict[str, tuple[int, int]]:
    return {table: (_whole(put), _whole(gone)) for table, (put, gone) in _mapping(told).items()}


def _about(told: Any) -> About:
    try:
        about = About.from_dict(_mapping(told))
    except InputError as error:  # a rule that is none
        raise TypeError(told) from error
    lists = [told["levels"], *told["enums"].values()]
    if type(told["codes"]) is not str or any(type(v) is not list for v in lists):
        raise TypeError(told)
    if any(type(word) is not str for words in lists for word in words):
        raise TypeError(told)
    for named in _mapping(about.titles).values():
        for title in _mapping(named).values():
            if any(type(word) not in (str, int) for word in _mapping(title).values()):
                raise TypeError(told)
    return about


def _proposal(told: Any) -> Proposal:
    found = Proposal.from_dict(_mapping(told))
    for number in (found.base, found.announced_days, *found.rows.values()):
        _whole(number)
    if any(type(word) is not str for word in (found.plan, found.title, found.by, *found.stages)):
        raise TypeError(told)
    return found


def _whole(value: Any) -> int:
    if type(value) is not int:
        raise TypeError(value)
    return value
