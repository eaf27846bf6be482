"""What is odd about a scenario's policy values and tags beside its tables: levels, roles and tags that are not there.

Tables are checked against their schema, values against their form. Whether a value names something that the tables have can only
be said with both in hand; a stage would else plan for nobody without a word, or refuse when the hour is late.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

import polars as pl

from graph.findings import Finding, Severity
from graph.language import Text
from graph.schema import ENUMS
from graph.tables.suggest import nearest_word, one_slip, unknown
from graph.titles import KINDS_OF_TAG, TAGS, titled_values
from planner.policy import OFF, Setting
from planner.scenario import Scenario
from planner.scenario_values import unknown_names
from planner.shipped import FILE
from planner.stages import SETTINGS
from planner.stages.cadres.counts import unknown_levels

NAMED = {"level": Text("层级", "level"), "tag": Text("标签", "tag"), "role": Text("职务", "role")}


def odd_values(scenario: Scenario) -> list[Finding]:
    """Findings about what the stages that are run are told: an error where a plan would be refused, else a warning.

    Values that nobody has set are no mistake of anybody's, unless the plan would be refused.
    """
    return [*_values(scenario), *_tag_rows(scenario), *_titled_tags(scenario)]


def _values(scenario: Scenario) -> Iterator[Finding]:
    levels, known = scenario.network.settings.levels, _known(scenario)
    for stage in scenario.stages:
        policy = scenario.policies[stage]
        refused = unknown_levels(policy, levels) if stage == "cadres" else {}
        for setting in SETTINGS[stage]:
            named, value = setting.names, policy.values.get(setting.key)
            given = setting.key in policy.origins and policy[setting.key] is not None
            for word in _members(value) if named and (given or setting.key in refused) else ():
                if not _is_there(word, known[named]):
                    severity: Severity = "error" if setting.key in refused else "warning"
                    yield _of_value(scenario, stage, setting, word, known[named], severity)


def not_there(scenario: Scenario, setting: Setting, value: Any) -> Text | None:
    """What to say of a value of a setting that names a level, tag, role or programme which the scenario has not."""
    told = unknown_names(setting, value, scenario.network)
    if told or not setting.names or value == OFF:
        return told[0] if told else None
    known, what = _known(scenario)[setting.names], NAMED[setting.names]
    wrong = next((w for w in _members(value) if not _is_there(w, known)), None)
    none = Text(f"没有{what.zh}", f"no {what.en}")
    return None if wrong is None else unknown(none, wrong, sorted(known) if isinstance(known, set) else known)


def _known(scenario: Scenario) -> dict[str, Collection[str]]:
    """Levels, roles and tags that a scenario has."""
    return {
        "level": scenario.network.settings.levels,
        "role": titled_values(scenario.network, "role"),
        "tag": set(scenario.network.frame("region_tags")["tag"].drop_nulls()),
    }


def _members(value: Any) -> Iterator[str]:
    """Words of a value: a text, or entries of a list, of which what stands behind ``>`` counts; patterns are none."""
    for entry in value if isinstance(value, list | tuple) else [value]:
        if isinstance(entry, str):
            yield from (w for w in entry.rpartition(">")[2].split(";") if w and "*" not in w)


def _is_there(word: str, known: Collection[str]) -> bool:
    return word in known or word.partition("=")[0] in known


def _of_value(
    scenario: Scenario, stage: str, setting: Setting, word: str, known: Collection[str], severity: Severity
) -> Finding:
    origin = scenario.policies[stage].origins.get(setting.key)
    what, listed = NAMED[setting.names], sorted(known) if isinstance(known, set) else list(known)
    off = Text('，或写 "off"', ', or write "off"') if setting.rule else Text("", "")
    mend = _mend(word, listed)
    return Finding(
        code=f"unknown-{setting.names}", severity=severity, table=origin.file if origin and origin.file else FILE,
        row=(origin.line or None) if origin else None, column=f"{stage}.{setting.key}", value=word,
        what=Text(f"没有{what.zh}“{word}”", f"there is no {what.en} “{word}”"), mend=Text(f"{mend.zh}{off.zh}", f"{mend.en}{off.en}"),
    )  # fmt: skip


def _mend(word: str, known: Sequence[str]) -> Text:
    near = nearest_word(word, known)
    if near:
        return Text(f"是不是 {near}？", f"did you mean {near}?")
    if not known:
        return Text("数据中一个也没有", "the data have none")
    return Text(f"有：{'、'.join(known[:12])}", f"there are: {', '.join(known[:12])}")


def _tag_rows(scenario: Scenario) -> Iterator[Finding]:
    """Tags that nothing asks for and that are a slip away from another: one that is asked for, or one of more rows."""
    frame = scenario.network.frame("region_tags")
    rows = dict(frame.drop_nulls("tag").group_by("tag").len().sort("tag").iter_rows())
    asked = {*TAGS, *scenario.network.titles.get("tag", {}), *_asked(scenario)}
    spoken = _words_behind(scenario)
    for tag, count in rows.items():
        kind, colon, word = tag.partition(":")
        if colon and kind in spoken:
            near = None if word in spoken[kind] else one_slip(word, sorted(spoken[kind]))
            near = near and f"{kind}:{near}"
        elif tag in asked or tag.partition("=")[0] in asked or (colon and kind in KINDS_OF_TAG):
            near = None
        else:
            more = (t for t, n in rows.items() if n > count and not _numbered(t, tag))
            near = one_slip(tag, [*sorted(asked), *more])
        if near:
            first = frame.with_row_index("_at", offset=2).filter(pl.col("tag") == tag)["_at"][0]
            yield Finding(
                "tag-mistyped", "warning", "region_tags", int(first), "tag", tag,
                Text(f"没有哪里用到标签“{tag}”", f"nothing asks for the tag “{tag}”"), Text(f"是不是 {near}？", f"did you mean {near}?"),
            )  # fmt: skip


def _numbered(one: str, other: str) -> bool:
    """Whether two tags count something: ``zone_a`` and ``zone_b``, ``group_1`` and ``group_12``."""
    return one[:-1] == other[:-1] or one.rstrip("0123456789") == other.rstrip("0123456789")


def _asked(scenario: Scenario) -> Iterable[str]:
    """Tags that any stage's values name, as they are set or by default."""
    for stage, settings in SETTINGS.items():
        values = scenario.policies[stage].values if stage in scenario.policies else {}
        for setting in settings:
            if setting.names == "tag":
                yield from _members(values.get(setting.key, setting.default))


def _words_behind(scenario: Scenario) -> Mapping[str, set[str]]:
    """What may stand behind the colon of a tag, as far as the tables say: languages that people speak, programmes."""
    speak = scenario.network.frame("cadres")["languages"].drop_nulls().unique().to_list()
    programmes = {*ENUMS["programme"], *scenario.network.enums.get("programme", ())}
    return {"language": {w for told in speak for w in told.split(";") if w}, "suits": programmes}


def _titled_tags(scenario: Scenario) -> Iterator[Finding]:
    """Titles of tags that no region bears."""
    there = scenario.network.frame("region_tags")["tag"].drop_nulls().unique().sort().to_list()
    for tag in scenario.network.titles.get("tag", {}):
        if not _is_there(tag, there):
            yield Finding(
                "title-unused", "warning", FILE, None, f"titles.tag.{tag}", tag,
                Text("没有地区带这个标签", "no region bears this tag"), _mend(tag, there),
            )  # fmt: skip
