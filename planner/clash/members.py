"""The rules of a stage as members of a clash: one by one, and pins, pledges and posts singly."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import polars as pl

from graph.language import Text
from graph.network import Network
from planner.clash.edits import Cell, Edit, Put, TakeOut
from planner.policy import OFF, Origin, Setting, as_written
from planner.stage import Context, Stage
from planner.stages.exit.pledges import RULES as PLEDGES
from planner.stages.words import name_list

MOST_SINGLE = 60
"""So many entries or rows of one rule are told apart at most."""


@dataclass(frozen=True)
class Member:
    """A rule of the user that takes part in a clash.

    Parameters
    ----------
    stage, key : str
        Where it stands in the scenario's file.
    value : object
        Its value; of an entry or a row that one alone.
    title : Text
        Its title.
    drop : Edit
        The change that takes it out and leaves all others.
    entry : str
        Which entry of a list it is; empty for a rule as a whole.
    table, row
        The row that it comes from, where it is one: the table and the values of its key.
    place : Text
        Names and numbers; empty for a rule as a whole.
    origin : Origin
        File and line of the value, and the policy that it cites.
    never_relax : bool
        Whether it must not give.
    of_rules : bool
        Whether it is about other rules of the stage, by their names.
    """

    stage: str
    key: str
    value: Any
    title: Text
    drop: Edit
    entry: str = ""
    table: str = ""
    row: tuple[Any, ...] = ()
    place: Text = Text("", "")
    origin: Origin = field(default_factory=Origin)
    never_relax: bool = False
    of_rules: bool = False

    @property
    def text(self) -> Text:
        """One line for people."""
        value = "" if self.table else as_written(self.value)  # a row's number stands in its place
        shown = f"{self.stage}.{self.key} = {value}" if value != "" else f"{self.stage}.{self.key}"
        zh, en = f"{self.title.zh}（{shown}）", f"{self.title.en} ({shown})"
        where = self.source
        if self.place.zh:
            zh, en = f"{zh}：{self.place.zh}", f"{en}: {self.place.en}"
        return Text(f"{zh}{where.zh}", f"{en}{where.en}")

    @property
    def source(self) -> Text:
        """Where it was set, in brackets; empty where it is a default."""
        told = f"{self.origin.file}:{self.origin.line}" if self.origin.line else self.origin.file
        cited = f"; {self.origin.cites}" if self.origin.cites else ""
        return Text(f" [{told}{cited}]", f" [{told}{cited}]") if told else Text("", "")

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "stage": self.stage, "key": self.key, "value": self.value, "title": self.title.as_dict(), "entry": self.entry,
            "table": self.table, "row": [str(v) for v in self.row], "place": self.place.as_dict(),
            "origin": self.origin.as_dict(), "never_relax": self.never_relax,
        }  # fmt: skip


def rules_of(stage: Stage, context: Context) -> list[Member]:
    """Every rule that is in force and could forbid something, as a whole, in the order of the settings."""
    return [
        _member(stage, context, s, Put(s.key, OFF), value=context.policy[s.key])
        for s in stage.settings
        if s.rule and context.policy.on(s.key) and not s.weighs and s.effect == "forbids"
    ]


def singly(
    stage: Stage, context: Context, member: Member, posts: Collection[tuple[str, str]] | None
) -> list[Member]:
    """The entries or rows of a rule as members of their own; the rule itself where it has none, or too many.

    ``posts``: those (village, post) that people are known to be too few for; the others need not be looked at.
    """
    setting = next(s for s in stage.settings if s.key == member.key)
    if setting.entries:
        found = list(_entries(stage, context, setting))
    elif stage.name == "exit" and member.key in PLEDGES:
        found = list(_pledges(stage, context, setting))
    elif stage.name == "cadres" and member.key == "must_fill_tier":
        found = list(_posts(stage, context, setting, posts))
    else:
        found = []
    if 0 < len(found) <= MOST_SINGLE:
        return found
    return [replace(member, place=_together(context, posts))] if found and posts else [member]


def _together(context: Context, posts: Collection[tuple[str, str]]) -> Text:
    """Many posts in one line: how many of which tier, and where."""
    chosen = pl.DataFrame(sorted(posts), schema=["village", "post"], orient="row")
    rows = context.network.frame("village_posts").join(
        chosen, on=["village", "post"], how="semi", maintain_order="left"
    )
    by_tier = rows.group_by("tier").len().sort("tier").iter_rows()
    where = name_list(context.network, rows["village"].unique(maintain_order=True).to_list())
    tiers = [(t, n) for t, n in by_tier]
    zh = "、".join(f"第 {t} 级 {n} 个" for t, n in tiers)
    en = ", ".join(f"tier {t}: {n}" for t, n in tiers)
    return Text(
        f"合起来的 {rows.height} 个岗位（{zh}）：{where.zh}",
        f"{rows.height} posts together ({en}) in {where.en}",
    )


def not_short(context: Context, posts: Collection[tuple[str, str]]) -> list[Edit]:
    """Changes that let every post that must be filled stay open, but for ``posts``."""
    rows = _must_posts(context).select("village", "post").iter_rows()
    return [_open(*row) for row in rows if row not in posts]


def taken_out(universe: Sequence[Member], kept: Collection[Member]) -> list[Edit]:
    """Changes after which only ``kept`` of ``universe`` are left."""
    held = set(map(id, kept))
    gone = [m for m in universe if id(m) not in held]
    whole = {m.key for m in gone if isinstance(m.drop, Put)}
    edits = [m.drop for m in gone]
    for m in universe:
        if m.of_rules and id(m) in held and isinstance(m.value, Mapping):
            edits += [TakeOut(m.key, name) for name in m.value if name in whole]
    return edits


def _member(
    stage: Stage,
    context: Context,
    setting: Setting,
    drop: Edit,
    *,
    value: Any,
    entry: str = "",
    table: str = "",
    row: tuple[Any, ...] = (),
    place: Text = Text("", ""),  # a text never changes
) -> Member:
    origin = context.policy.origins.get(setting.key, Origin())
    return Member(
        stage.name, setting.key, value, setting.title, drop, entry, table, row, place, origin, setting.never_relax,
        setting.entries == "rules",
    )  # fmt: skip


def _entries(stage: Stage, context: Context, setting: Setting) -> Iterator[Member]:
    value = context.policy[setting.key]
    for name in value:
        drop = TakeOut(setting.key, name)
        one = {name: value[name]} if isinstance(value, Mapping) else name
        place = names_in(context.network, name)
        yield _member(stage, context, setting, drop, value=one, entry=name, place=place)


def names_in(network: Network, entry: str) -> Text:
    """Names of what an entry such as ``u1>a`` is about; empty where they say nothing more than the ids."""
    ids = [part.partition("<")[0].strip() for part in entry.split(">")]
    labels = [network.label(part) for part in ids]
    told = " → ".join(labels)
    return Text(told, told) if labels != ids else Text("", "")


def _pledges(stage: Stage, context: Context, setting: Setting) -> Iterator[Member]:
    measure = PLEDGES[setting.key]
    rows = context.network.frame("pledges").filter(
        (pl.col("measure") == measure) & (pl.col("amount") > 0) & (pl.col("year") > context.on.year)
    )
    levels = set(context.policy["pledge_levels"] or [])
    for region, year, amount in rows.sort("region", "year").select("region", "year", "amount").iter_rows():
        if context.network.level_of.get(region) in levels:
            row, label = (region, year, measure), context.network.label(region)
            yield _member(
                stage, context, setting, Cell("pledges", row, "amount", 0), value=amount, table="pledges", row=row,
                place=Text(f"{label} {year} 年 {amount:,}", f"{label}, {year}: {amount:,}"),
            )  # fmt: skip


def _must_posts(context: Context) -> pl.DataFrame:
    """Posts that must be filled, in the order of the table."""
    top = int(context.policy["must_fill_tier"])
    return context.network.frame("village_posts").filter((pl.col("tier") <= top) & (pl.col("minimum") > 0))


def _open(village: str, post: str) -> Cell:
    return Cell("village_posts", (village, post), "minimum", 0)


def _posts(
    stage: Stage, context: Context, setting: Setting, posts: Collection[tuple[str, str]] | None
) -> Iterator[Member]:
    rows = _must_posts(context).select("village", "post", "tier", "minimum")
    for village, post, tier, least in rows.iter_rows():
        if posts is None or (village, post) in posts:
            label = context.network.label(village)
            yield _member(
                stage, context, setting, _open(village, post), value=least, table="village_posts", row=(village, post),
                place=Text(f"{label} 的 {post}（第 {tier} 级，至少 {least} 人）", f"{post} of {label} (tier {tier}, at least {least})"),
            )  # fmt: skip
