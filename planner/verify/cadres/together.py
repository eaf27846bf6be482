"""Rules of `cadres` on who serves with whom: one unit for a village, a speaker in each team, spouses in one place."""

from __future__ import annotations

import numpy as np

from graph.language import Text, several
from planner.verify.cadres.book import Book
from planner.verify.cadres.fit import Fit
from planner.verify.cadres.rows import Rows
from planner.verify.cadres.rules import Findings
from planner.verify.codes import distinct


def check_together(book: Book, fit: Fit, rows: Rows, found: Findings) -> None:
    """The three rules, as far as they are in force."""
    if book.value("team_one_unit"):
        _one_unit(book, rows, found)
    if book.value("team_language"):
        _language(book, fit, rows, found)
    if book.value("spouses_together"):
        _spouses(book, str(book.value("spouses_together")), rows, found)


def _one_unit(book: Book, rows: Rows, found: Findings) -> None:
    """Newly posted people of a village come from one unit; it binds where all of several do."""
    new = rows.only(~rows.stays)
    village, unit = book.posts.village[new.post], book.people.unit[new.cadre]
    size = len(book.places)
    _, first, at = np.unique(village, return_index=True, return_inverse=True)
    for i in np.flatnonzero(unit != unit[first][at]).tolist():
        one, other = (book.label(u) if u >= 0 else "?" for u in (int(unit[first][at][i]), int(unit[i])))
        label = book.label(int(village[i]))
        what = Text(
            f"{label} 新派的人来自 {one} 和 {other}", f"new people of {label} come from {one} and {other}"
        )
        found.say("team_one_unit", int(new.number[i]), "cadre", what)
    several_new = np.flatnonzero(np.bincount(village, minlength=size) > 1)
    n = len(several_new)
    told = Text(
        f"{n} 个村各有一个单位新派的几个人",
        f"{several(n, 'village has', 'villages have')} several new people, of one unit each",
    )
    found.settle("team_one_unit", n > 0, told, book.names(several_new))


def _language(book: Book, fit: Fit, rows: Rows, found: Findings) -> None:
    """Where people come beyond those in their term, somebody there speaks a language of the area."""
    village = book.posts.village[rows.post]
    size = len(book.places)
    asks = np.flatnonzero(fit.spoken > 0)
    speakers = np.bincount(village[~fit.language_lacks(rows.cadre, rows.post)], minlength=size)
    free = ~book.people.in_term[rows.cadre]
    coming = np.bincount(village[free], minlength=size)
    mute = asks[(coming[asks] > 0) & (speakers[asks] == 0)]
    for place in mute.tolist():
        label = book.label(place)
        number = int(rows.number[free & (village == place)][0])
        what = Text(
            f"{label} 的工作队无人会当地语言", f"nobody of the team of {label} speaks the area's language"
        )
        found.say("team_language", number, "village", what)
    asked = np.unique(book.posts.village)
    asked = asked[fit.spoken[asked] > 0]
    just = asked[((coming[asked] > 0) & (speakers[asked] == 1)) | (coming[asked] == 0)]
    told = Text(
        f"{len(asked)} 个村要会当地语言的人；{len(just)} 个村恰有一人会，或没有新派人",
        f"{several(len(asked), 'village asks', 'villages ask')} for a speaker; {len(just)} of them have just one, or nobody new",
    )
    found.settle("team_language", len(just) > 0, told, book.names(just))


def _spouses(book: Book, level: str, rows: Rows, found: Findings) -> None:
    """All of a household who are posted are in one place, if any is newly posted; a term counts even where it ends early."""
    told_home = book.network.frame("cadres")["household"]
    home = np.where(told_home.is_null().to_numpy(), -1, distinct(told_home.fill_null(""))[1])
    kept = np.flatnonzero(book.people.in_term)
    gone = kept[~np.isin(kept, rows.cadre)]
    who = np.concatenate([rows.cadre, gone])
    post = np.concatenate([rows.post, book.people.post[gone]])
    number = np.concatenate([rows.number, np.zeros(len(gone), np.int64)])
    new = np.concatenate([~rows.stays, np.zeros(len(gone), dtype=bool)])
    shared = np.flatnonzero(home[who] >= 0)
    who, post, number, new = who[shared], post[shared], number[shared], new[shared]
    place = book.places.climb(book.posts.village[post], level)
    homes, at, count = np.unique(home[who], return_inverse=True, return_counts=True)
    low, high = np.full(len(homes), len(book.places)), np.full(len(homes), -1)
    np.minimum.at(low, at, place)
    np.maximum.at(high, at, place)
    for i in np.flatnonzero((low != high)[at] & new).tolist():
        name, label = book.people.name[int(who[i])], book.label(int(place[i]))
        what = Text(
            f"{name} 新派到 {label}，同家庭的人在别处",
            f"{name} is newly posted to {label}, others of the household elsewhere",
        )
        found.say("spouses_together", int(number[i]), "cadre", what)
    together = (low == high) & (count > 1)
    n = int(together.sum())
    told = Text(
        f"{n} 家各有几人派在一处",
        f"{several(n, 'household has', 'households have')} several people posted in one place",
    )
    found.settle("spouses_together", n > 0, told, book.names(set(low[together].tolist())))
