"""What a rule does in several explanations of one stage, told once."""

from __future__ import annotations

from api.cli.explained import together
from graph.language import Text


def told(*texts: Text) -> dict[str, str]:
    return together([t.as_dict() for t in texts])


def test_names_after_like_words_stand_in_one_list() -> None:
    found = told(
        Text("没有余地：t4 → 北", "no room left: t4 → North"),
        Text("没有余地：t6 → 北、t4 → 北", "no room left: t6 → North, t4 → North"),
    )
    assert found == {"zh": "没有余地：t4 → 北、t6 → 北", "en": "no room left: t4 → North, t6 → North"}


def test_other_words_follow_and_the_first_few_are_told() -> None:
    parts = [Text(f"所选之中占 {k}", f"{k} of what was chosen") for k in (1, 1, 2, 3, 4)]
    assert told(*parts)["en"] == "1 of what was chosen; 2 of what was chosen; 3 of what was chosen …(+1)"
