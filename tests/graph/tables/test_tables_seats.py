"""Seats of village posts that contradict each other."""

from __future__ import annotations

import pytest

HEAD = "village,post,role,minimum,target\n"


@pytest.mark.parametrize(
    ("row", "wrong"),
    [("V,p,member,2,2", None), ("V,p,member,0,0", None), ("V,p,member,3,2", "minimum"), ("V,p,member,2,", "minimum"),
     ("V,p,member,1,2000000", "target"), ("V,p,member,1,1000000", None)],
)  # fmt: skip
def test_the_target_includes_the_minimum(errors, row, wrong):
    found = errors(regions="code,name,level,parent\nV,V,village,\n", village_posts=HEAD + row + "\n")
    assert [f.column for f in found] == ([wrong] if wrong else [])
    if wrong == "minimum":
        assert (
            found[0].row == 2
            and "above the target" in found[0].what.en
            and "write a target of" in found[0].mend.en
        )
