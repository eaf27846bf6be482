"""Findings: what is wrong or remarkable in tables, one per place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from graph.language import Text

Severity = Literal["error", "warning", "notice"]


@dataclass(frozen=True)
class Finding:
    """One finding.

    Parameters
    ----------
    code : str
        Stable machine name, for example ``foreign-key``.
    severity : {"error", "warning", "notice"}
        An error refuses the file; a warning (finding of the domain) and a notice do not.
    table : str
        Table name.
    row : int or None
        Row number as a person counts it in the file: the first data row of a sheet is 2.
    column : str or None
        Column name; None where the whole row or table is meant.
    value : str or None
        What stands there.
    what : Text
        What is wrong.
    mend : Text
        What would be right, or how to mend it.
    file : str or None
        The file it came from; ``base/file`` where the table comes unchanged from a base of the scenario.
    cypher : str or None
        Of a graph on Neo4j: the question that finds what is meant.
    """

    code: str
    severity: Severity
    table: str
    row: int | None
    column: str | None
    value: str | None
    what: Text
    mend: Text
    file: str | None = None
    cypher: str | None = None

    @property
    def inherited(self) -> bool:
        """Whether its table comes unchanged from a base of the scenario."""
        return "/" in (self.file or "")

    @property
    def text(self) -> Text:
        """``table, row, column: what — mend`` in both languages."""
        zh = (
            self.table
            + (f"，第 {self.row} 行" if self.row else "")
            + (f"，{self.column}" if self.column else "")
        )
        en = (
            self.table
            + (f", row {self.row}" if self.row else "")
            + (f", {self.column}" if self.column else "")
        )
        return Text(
            f"{zh}：{self.what.zh}" + (f" —— {self.mend.zh}" if self.mend.zh else ""),
            f"{en}: {self.what.en}" + (f" — {self.mend.en}" if self.mend.en else ""),
        )

    def as_dict(self) -> dict[str, Any]:
        """The shape of a Frictionless report's error, with both languages."""
        return {
            "type": self.code,
            "severity": self.severity,
            "file": self.file,
            "table": self.table,
            "rowNumber": self.row,
            "fieldName": self.column,
            "cell": self.value,
            "message": self.what.as_dict(),
            "note": self.mend.as_dict(),
            **({"cypher": self.cypher} if self.cypher is not None else {}),
        }
