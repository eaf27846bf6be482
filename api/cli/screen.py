"""How answers of the network look on a screen: names, dates, tables, JSON."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from graph.language import Text, current_language
from graph.network import Network
from graph.questions.gaps import STATE_TITLES
from graph.questions.place import Place
from graph.schema import ENUMS
from graph.titles import tag_title

if TYPE_CHECKING:
    from rich.console import Console

    from graph.questions.protocol import Questions

WAYS = {
    "own": Text("本级", "its own"),
    "parent": Text("通过上级", "through its parent"),
    "child": Text("通过下级", "through places below"),
    "children": Text("通过全部下级", "through all places below"),
}
STATES = {
    **STATE_TITLES,
    "in_force": Text("有效", "in force"),
    "ended": Text("已结束", "ended"),
    "to_come": Text("未开始", "to come"),
}


def console() -> Console:
    """Standard output; colour and width come from the terminal, a file or pipe gets long plain lines."""
    from rich.console import Console

    class Screen(Console):
        """rich's own ends with status 1 where the reader has gone."""

        def on_broken_pipe(self) -> None:
            raise BrokenPipeError  # for api.cli.main

    screen = Screen(highlight=False, soft_wrap=False)
    return screen if screen.is_terminal else Screen(highlight=False, width=200)


def as_word(path: str | Path) -> str:
    """A path or address as one word of a command line, in quotes where a shell would take it apart; Chinese needs none."""
    text = str(path)
    return text if re.fullmatch(r"[\w@%+=:,./-][\w@%+=:,./#-]*", text) else shlex.quote(text)


def day_given(at: datetime | None) -> date | None:
    """The value of ``--at`` as a day."""
    return at.date() if at else None


def print_json(data: Any) -> None:
    """One JSON document; dates as ISO text, Chinese as it is."""
    print(json.dumps(data, ensure_ascii=False, indent=2, default=str))


def named(place: Place) -> str:
    """A place or unit: its name, with pinyin beside it in English."""
    return name_with(place.name, place.pinyin)


def name_with(name: str, pinyin: str) -> str:
    """``name``, in English with ``pinyin`` in brackets."""
    return f"{name} ({pinyin})" if pinyin and current_language() == "en" else name


_CHINESE = re.compile(r"[\u4e00-\u9fff][\u4e00-\u9fff（）·]*")


def with_pinyin(text: str, network: Network | Questions) -> str:
    """In English, every Chinese name in ``text`` with words beside it in brackets.

    A place's or unit's has its pinyin, a fund source's what kind of money it is.
    """
    return all_with_pinyin([text], network)[0]


def all_with_pinyin(texts: Sequence[str], network: Network | Questions, *, once: bool = False) -> list[str]:
    """The same for several texts, in one look-up; ``once``: only where a name stands for the first time."""
    if current_language() == "zh":
        return list(texts)
    texts = [text.replace("、", ", ") for text in texts]
    found = {name for text in texts for name in _CHINESE.findall(text)}
    if not found:
        return texts
    if isinstance(network, Network):
        from graph.questions.of_network import OfNetwork

        network = OfNetwork(network)
    words = network.words_for(found)

    def told(match: re.Match[str]) -> str:
        return name_with(match[0], (words.pop if once else words.get)(match[0], ""))

    return [_CHINESE.sub(told, text) for text in texts]


def joined(parts: Iterable[str]) -> str:
    """A list in a sentence."""
    return str(Text("、", ", ")).join(parts)


def titled(enum: str, value: str | None) -> str:
    """An enumeration's value by its title; a scenario's own value as it stands."""
    return str(ENUMS[enum].get(value, value)) if value else ""


def tagged(tag: str) -> str:
    """A tag of a region (``tag`` or ``tag=value``) by its title, its word as rules name it in brackets."""
    name, equals, value = tag.partition("=")
    title = str(tag_title(name))
    return f"{title} [{name}]{equals}{value}" if title != name else tag


def marked(mark: str | None) -> str:
    """A mark by title with its code word beside it."""
    if not mark:
        return ""
    title = titled("mark", mark)
    return title if title == mark else f"{title} {mark}"


def term(since: date | None, until: date | None) -> str:
    """``since – until``; unknown and still running are said in words."""
    start = since.isoformat() if since else str(Text("起始不详", "since unknown"))
    return f"{start} – {until.isoformat() if until else str(Text('至今', 'still running'))}"


def print_table(title: str, columns: Sequence[Text | str], rows: Iterable[Sequence[object]]) -> None:
    """A table with a title; figures stand right."""
    from rich.table import Table
    from rich.text import Text as Plain

    listed = [list(row) for row in rows]
    table = Table(box=None, pad_edge=False, header_style="dim")
    for i, column in enumerate(columns):
        right = bool(listed) and all(isinstance(row[i], int | float) or row[i] is None for row in listed)
        table.add_column(Plain(str(column)), justify="right" if right else "left", overflow="fold")
    for row in listed:
        table.add_row(*(Plain(figure(cell)) for cell in row))
    screen = console()
    if title:
        screen.print(Plain(title, style="bold"))
    screen.print(table)


def figure(cell: object) -> str:
    """A cell as people read it: thousands apart, nothing for None."""
    if cell is None:
        return ""
    if isinstance(cell, int) and not isinstance(cell, bool):
        return f"{cell:,}"
    if isinstance(cell, float):
        return f"{cell:,.0f}" if cell.is_integer() else f"{cell:,.3f}"
    return str(cell)


def figures(before: object, after: object) -> tuple[str, str]:
    """Two cells side by side, with more digits where three behind the point would not tell them apart."""
    short = figure(before), figure(after)
    if short[0] == short[1] and isinstance(before, float) and isinstance(after, float) and before != after:
        return f"{before:,.9g}", f"{after:,.9g}"
    return short


def print_frame(title: str, columns: dict[str, Text], frame: pl.DataFrame, limit: int) -> None:
    """The first rows of a frame, by its columns' titles, and how many there are in all."""
    kept = [c for c in columns if c in frame.columns]
    shown = frame.select(kept).head(limit)
    years = [c for c in kept if c == "year"]  # a year is a name, not a quantity
    print_table(
        title, [columns[c] for c in kept], shown.with_columns(pl.col(years).cast(pl.String)).iter_rows()
    )
    print_more(frame.height, limit)


def print_more(total: int, limit: int) -> None:
    """Say how many rows were not shown."""
    if total > limit:
        more = total - limit
        print(Text(f"……另有 {more} 条（--json 看全部）", f"… and {more} more (--json shows all)"))


def print_line(text: Text | str) -> None:
    """One line, without markup; a long one is left to the terminal to break, so that what it says can be pasted."""
    console().print(str(text), markup=False, soft_wrap=True)
