"""Check `cadres` under own scores: the plain assignment problem of the listed pairs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from graph.language import Text
from planner.verify.outcome import Broken, Certificates, Resolved, RuleState, StageCheck, Tables
from planner.verify.score_book import SAFE, ScoreBook, exact

NAME, TABLE = "cadres", "postings"


def check_scored(
    resolved: Resolved, tables: Tables, certificates: Certificates, rules: Sequence[str]
) -> StageCheck:
    """Only listed pairs, each cadre once, each post between minimum and target; the scores add up."""
    book = ScoreBook(resolved, NAME)
    listed = set(book.recipients)  # all others ask for nobody
    posts = {
        f"{village}/{post}": (minimum or 0, max(target or 0, minimum or 0), role)
        if f"{village}/{post}" in listed
        else (0, 0, role)
        for village, post, minimum, target, role in resolved.network.frame("village_posts")
        .select("village", "post", "minimum", "target", "role")
        .iter_rows()
    }
    broken: list[Broken] = []
    seen: set[str] = set()
    filled: Counter[str] = Counter()
    objective = 0
    columns = ("cadre", "village", "post", "role", "cost")
    rows = tables[TABLE].select(columns).rows()
    scores = book.find((cadre, f"{village}/{post}") for cadre, village, post, _, _ in rows)
    for number, (cadre, village, post, role, cost) in enumerate(rows, 1):
        key = f"{village}/{post}"
        score = scores.get((cadre, key))
        if score is None or key not in posts:
            what = Text("不在 pair_scores 中", "is not in pair_scores")
            broken.append(Broken("pair_scores", TABLE, number, "post", what))
            continue
        objective += score.whole
        filled[key] += 1
        if cost != score.whole / book.scale:
            what = Text(f"成本应为 {score.cost}", f"the cost should be {score.cost}")
            broken.append(Broken("cost", TABLE, number, "cost", what))
        if role != posts[key][2]:
            broken.append(
                Broken(
                    "role", TABLE, number, "role", Text(f"应为 {posts[key][2]}", f"should be {posts[key][2]}")
                )
            )
        if cadre in seen:
            broken.append(
                Broken(
                    "one_post", TABLE, number, "cadre", Text(f"{cadre} 派到两处", f"{cadre} is posted twice")
                )
            )
        seen.add(cadre)
        if filled[key] > posts[key][1]:
            broken.append(
                Broken("target", TABLE, number, "post", Text("多于目标", "more people than the target"))
            )
    for key, (minimum, _, _) in posts.items():
        if filled[key] < minimum:
            what = Text(
                f"{key} 缺 {minimum - filled[key]} 人",
                f"{key}: {minimum - filled[key]} people short of the minimum",
            )
            broken.append(Broken("minimum", TABLE, None, "post", what))
    prices = certificates.get("worth_post")
    bound = None
    if prices is not None and len(prices) == len(posts):
        sign = -1 if resolved.value(NAME, "sense") == "max" else 1
        bound = sign * _prove(book, posts, dict(zip(posts, map(int, prices), strict=True)), sign)
    return StageCheck(broken, [RuleState(r, "off") for r in rules], objective, bound)


def _prove(
    book: ScoreBook, posts: Mapping[str, tuple[int, int, str]], prices: Mapping[str, int], sign: int
) -> int:
    """Bound of the assignment problem's dual: ``Σ minimum·v + Σ further·min(0, v) − Σ max(0, best of v − cost)``."""
    total = sum(
        low * prices[key] + (high - low) * min(0, prices[key])
        for key, (low, high, _) in posts.items()
        if high
    )
    told = [prices.get(key, 0) for key in book.recipients]
    price = np.array(told, dtype=object if max(map(abs, told), default=0) > SAFE else np.int64)
    known = np.array([key in prices for key in book.recipients])
    gain = price[book.recipient] - sign * book.whole
    gains = np.flatnonzero((gain > 0) & known[book.recipient])
    if not gains.size:
        return total
    gains = gains[np.argsort(book.supporter[gains], kind="stable")]
    start = np.flatnonzero(np.diff(book.supporter[gains], prepend=-1))
    best = np.maximum.reduceat(gain[gains], start)
    return total - int(exact(best, len(best)).sum())
