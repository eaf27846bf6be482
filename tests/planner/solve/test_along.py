"""Amounts laid along what members hold."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from planner.solve.along import along


def plainly(
    owner: list[int], size: list[int], wanted: list[int], amount: list[int]
) -> list[tuple[int, int, int]]:
    """Member, number of the amount and people of each piece, by counting people one by one."""
    held, found = defaultdict(list), defaultdict(int)
    for member, (who, many) in enumerate(zip(owner, size, strict=True)):
        held[who] += [member] * many
    for number, (who, many) in enumerate(zip(wanted, amount, strict=True)):
        for _ in range(many):
            found[held[who].pop(0), number] += 1
    return sorted((*pair, many) for pair, many in found.items())


@given(st.data())
def test_each_amount_goes_along_its_owners_members_in_order(data: st.DataObject) -> None:
    """Members of no size, amounts of nothing, owners who hold nothing or of whom nothing is wanted."""
    owners = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 3)), max_size=9)
    members = data.draw(owners)
    left = [sum(size for o, size in members if o == who) for who in range(5)]
    wanted = []
    for who, most in data.draw(owners):
        wanted.append((who, min(most, left[who])))
        left[who] -= wanted[-1][1]
    parts = [[list(c) for c in zip(*pairs, strict=True)] or [[], []] for pairs in (members, wanted)]
    member, (number, many) = along(*(np.array(c, np.int64) for part in parts for c in part))
    assert (many > 0).all()
    found = sorted(zip(member.tolist(), number.tolist(), many.tolist(), strict=True))
    assert found == plainly(*parts[0], *parts[1])
