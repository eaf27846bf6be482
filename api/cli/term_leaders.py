"""Those of postings that end who lead a team, in the words of the network: a first secretary, a head teacher, or nobody."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from graph.language import Text, several
from graph.questions.terms import FIRST_SECRETARY
from graph.titles import role_title

OWN_ROLES = (FIRST_SECRETARY, "member")
"""Roles of a network that names none itself."""


@dataclass(frozen=True)
class Leaders:
    """Postings by ``role``, the one that leads a team; ``role`` is empty where the network has nobody of that kind.

    Parameters
    ----------
    each : DataFrame
        See :class:`graph.questions.terms.Endings`.
    role : str
        Role that leads a team.
    """

    each: pl.DataFrame
    role: str

    @classmethod
    def of(cls, each: pl.DataFrame, role: str) -> Leaders:
        """Of the role that the scenario names; of none where the postings have roles of their own, but not this one.

        A store tells no policy, so that the role asked for may be one that its network does not have.
        """
        there = set(each["role"].drop_nulls())
        return cls(each, role if role in there or there <= set(OWN_ROLES) else "")

    @property
    def column(self) -> str:
        """Name of the column of counts; empty where there is none."""
        return "leaders" if self.role else ""

    @property
    def title(self) -> Text:
        """Heading of that column."""
        if self.role == FIRST_SECRETARY:
            return Text("其中第一书记", "first secretaries")
        return Text(f"其中{role_title(self.role).zh}", f"of them {role_title(self.role).en}")

    @property
    def told(self) -> Text:
        """How many people they are, in brackets behind all people."""
        if not self.role:
            return Text("", "")
        people, title = (
            self.each.filter(pl.col("role") == self.role)["cadre"].n_unique(),
            role_title(self.role),
        )
        if self.role == FIRST_SECRETARY:
            many = several(people, "first secretary", "first secretaries")
            return Text(f"（第一书记 {people} 人）", f" ({many})")
        return Text(f"（{title.zh} {people} 人）", f" ({title.en}: {people:,})")

    def beside(self, postings: pl.DataFrame) -> pl.DataFrame:
        """Postings by county and reason with the number of leaders among them."""
        key = ["region", "why"]
        counted = self.each.group_by(key).agg(leaders=(pl.col("role") == self.role).sum().cast(pl.Int64))
        return postings.join(counted, on=key, how="left", maintain_order="left")
