"""A scenario's own rules of coverage: read from beside its file, or its base's, and written again."""

from __future__ import annotations

from collections.abc import Sequence

from graph.questions.rules import Rule
from graph.questions.rules_file import OWN_RULES, read_rules_of
from planner.policy import toml
from planner.scenario_file import ScenarioFile
from planner.shipped import FILE


def own_rules(files: Sequence[ScenarioFile]) -> tuple[Rule, ...] | None:
    """Rules of the nearest of a scenario's files that has some beside it; ``None`` where none has.

    Parameters
    ----------
    files : sequence of ScenarioFile
        The scenario's file and its bases', its own first.

    Raises
    ------
    InputError
        When they cannot be read, or one is wrong.
    """
    for file in files:
        place = file.path.with_name(OWN_RULES)
        if file.path.name == FILE and not file.typed and place.is_file():
            return read_rules_of(str(place))
    return None


def rules_text(rules: Sequence[Rule]) -> str:
    """The file of some rules, as :func:`~graph.questions.rules_file.read_rules_of` reads it."""
    blocks = (
        ["[[rule]]", *(f"{key} = {toml(value)}" for key, value in rule.to_dict().items())] for rule in rules
    )
    return "\n\n".join("\n".join(lines) for lines in blocks) + "\n"
