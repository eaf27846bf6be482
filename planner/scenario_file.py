"""Read ``scenario.toml``: keys checked with line and suggestion, stage values checked against their settings."""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from graph.errors import OutsideError, ScenarioError, reason_of
from graph.language import Text
from graph.schema import ENUMS
from graph.tables.suggest import unknown, unknown_key
from planner.policy import Origin, Setting
from planner.titles import title_problems

FORMAT = 1
TOP_KEYS: dict[str, type | tuple[type, ...]] = {
    "format": int,
    "title": str,
    "title_en": str,
    "base": str,
    "date": (date, str),
    "seed": int,
    "stages": list,
    "data": str,
    "network": str,
    "known_on": (date, str),
    "published": str,
    "regions": dict,
    "enums": dict,
    "titles": dict,
    "limits": dict,
    "change": list,
}
THREADS_MOST = 256
"""More threads than any solver has work for: it would only wait for them to begin."""
SECTION_KEYS = {"regions": ("codes", "levels"), "limits": ("solver_threads", "work", "time_limit")}


@dataclass(frozen=True)
class ScenarioFile:
    """One file as written: nothing of its base in it.

    ``values`` and ``origins``: stage → key → value, and where it stands. ``head``: the other keys.
    ``change_lines``: where each ``[[change]]`` begins. ``typed``: words of the command line that stand for a file which is not
    there; empty for a file.
    """

    path: Path
    head: Mapping[str, Any]
    values: Mapping[str, Mapping[str, Any]]
    origins: Mapping[str, Mapping[str, Origin]] = field(default_factory=dict)
    change_lines: Sequence[int] = ()
    typed: str = ""


def read_scenario_file(path: Path, settings: Mapping[str, Iterable[Setting]]) -> ScenarioFile:
    """Read one ``scenario.toml``.

    Parameters
    ----------
    path : Path
        The file.
    settings : mapping of str to iterable of Setting
        Stage → what may be set.

    Raises
    ------
    ScenarioError
        When it is no TOML, has a newer format, an unknown key or a value of the wrong kind; the text says
        file, key, line and what would be right. All wrong keys are named at once.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
        head = tomllib.loads(text)
    except OSError as error:
        why = reason_of(error)
        raise OutsideError(f"无法读取 {path}：{why.zh}", f"cannot read {path}: {why.en}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ScenarioError(
            f"{path}：不是有效的 TOML：{error}", f"{path}: not valid TOML: {error}"
        ) from error
    return parse_scenario(path, text, head, settings)


def parse_scenario(
    path: Path, text: str, head: dict[str, Any], settings: Mapping[str, Iterable[Setting]]
) -> ScenarioFile:
    """Check what a TOML file says; see :func:`read_scenario_file`."""
    wrong: list[Text] = []
    if head.get("format", FORMAT) != FORMAT:
        found = head["format"]
        raise ScenarioError(
            f"{path}：格式 {found} 不认识（本版本为 {FORMAT}）；若更新，请升级 jiedui",
            f"{path}: unknown format {found} (this version reads {FORMAT}); where it is newer, upgrade jiedui",
        )
    values: dict[str, dict[str, Any]] = {}
    origins: dict[str, dict[str, Origin]] = {}
    for key, value in head.items():
        if key in settings:
            if not isinstance(value, dict):
                wrong.append(
                    _at(path, text, key, "", Text(f"应为 [{key}] 一节", f"must be a section [{key}]"))
                )
                continue
            values[key], origins[key] = _stage_values(path, text, key, value, list(settings[key]), wrong)
        elif key not in TOP_KEYS:
            wrong.append(_at(path, text, key, "", unknown_key(key, [*TOP_KEYS, *settings])))
        elif not isinstance(value, TOP_KEYS[key]) or isinstance(value, bool):
            wrong.append(_at(path, text, key, "", Text("类型不对", "has the wrong type")))
        elif key in SECTION_KEYS and isinstance(value, dict):
            wrong += [
                _at(path, text, k, key, unknown_key(k, SECTION_KEYS[key]))
                for k in value
                if k not in SECTION_KEYS[key]
            ]
    wrong += _head_problems(path, text, head, list(settings))
    if wrong:
        raise ScenarioError("\n".join(w.zh for w in wrong), "\n".join(w.en for w in wrong))
    rest = {k: v for k, v in head.items() if k not in settings}
    return ScenarioFile(path, rest, values, origins, change_lines(text))


def _stage_values(
    path: Path, text: str, stage: str, given: dict[str, Any], settings: list[Setting], wrong: list[Text]
) -> tuple[dict[str, Any], dict[str, Origin]]:
    by_key = {s.key: s for s in settings}
    values, origins = {}, {}
    for key, raw in given.items():
        setting = by_key.get(key)
        if setting is None:
            wrong.append(
                _at(path, text, key, stage, unknown_key(key, {k: s.title for k, s in by_key.items()}))
            )
            continue
        value, cites = raw, ""
        if isinstance(raw, dict) and "value" in raw and set(raw) <= {"value", "policy"}:
            value, cites = raw["value"], str(raw.get("policy", ""))
        problem = setting.problem(value)
        if problem is not None:
            wrong.append(_at(path, text, key, stage, problem))
        values[key] = value
        origins[key] = Origin(path.name, line_of(text, key, stage), cites)
    return values, origins


def _head_problems(path: Path, text: str, head: Mapping[str, Any], stages: list[str]) -> list[Text]:
    """What is wrong with the values of the sections besides the stages; wrongly typed sections are told elsewhere."""
    listed = _typed(head, "stages", list)
    wrong = [
        _at(path, text, "stages", "", unknown(Text("没有阶段", "no stage"), str(s), stages))
        for s in listed
        if s not in stages
    ]
    if len({str(s) for s in listed}) < len(listed):
        wrong.append(_at(path, text, "stages", "", Text("同一阶段写了两次", "names a stage twice")))
    regions, limits, enums = (_typed(head, k, dict) for k in ("regions", "limits", "enums"))
    for name, values in enums.items():
        if name not in ENUMS:
            wrong.append(_at(path, text, name, "enums", unknown_key(name, ENUMS.keys())))
        elif not _all_texts(values):
            wrong.append(_at(path, text, name, "enums", TEXTS))
    if regions.get("codes", "free") not in ("gb2260", "free"):
        wrong.append(
            _at(path, text, "codes", "regions", Text("应为 gb2260 或 free", "must be gb2260 or free"))
        )
    if "levels" in regions and not (_all_texts(regions["levels"]) and regions["levels"]):
        wrong.append(_at(path, text, "levels", "regions", TEXTS))
    wrong += [
        _at(path, text, key, section, what)
        for section, key, what in title_problems(_typed(head, "titles", dict))
    ]
    return wrong + _limit_problems(path, text, limits)


def _limit_problems(path: Path, text: str, limits: Mapping[str, Any]) -> list[Text]:
    threads, wrong = limits.get("solver_threads", 1), []
    if not isinstance(threads, int) or isinstance(threads, bool) or not 1 <= threads <= THREADS_MOST:
        what = Text(f"应为正整数，至多 {THREADS_MOST}", f"must be a positive integer, at most {THREADS_MOST}")
        wrong.append(_at(path, text, "solver_threads", "limits", what))
    return wrong + [
        _at(path, text, key, "limits", Text("应为正数", "must be a positive number"))
        for key in ("work", "time_limit")
        if not _positive(limits.get(key, 1))
    ]


TEXTS = Text("应为文本列表", "must be a list of texts")


def _typed(head: Mapping[str, Any], key: str, kind: type) -> Any:
    """A key's value, or an empty one where it is absent or of another type."""
    return head[key] if isinstance(head.get(key), kind) else kind()


def _all_texts(values: Any) -> bool:
    return isinstance(values, list) and all(isinstance(v, str) for v in values)


def _positive(value: Any) -> bool:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return number and math.isfinite(value) and value > 0


def line_of(text: str, key: str, section: str = "") -> int:
    """Line on which ``key`` of ``[section]`` stands, counted from 1; 0 where it cannot be told.

    Also found are ``[section.key]`` and, before any section, ``section.key = …``.
    """
    here = ""
    full = f"{section}.{key}" if section else key
    quoted = rf"[\"']?{re.escape(key)}[\"']?\s*[=.]"
    dotted = rf"\s*{re.escape(section)}\s*\.\s*{quoted}"
    for number, line in enumerate(text.splitlines(), 1):
        header = re.match(r"\s*\[\[?\s*([^\]]+?)\s*\]\]?", line)
        if header:
            here = header[1]
            if here == full:
                return number
        wanted = rf"\s*{quoted}" if here == section else dotted if section and not here else None
        if not header and wanted and re.match(wanted, line):
            return number
    return 0


def change_lines(text: str) -> list[int]:
    """Lines on which the ``[[change]]`` entries begin, in order."""
    return [n for n, line in enumerate(text.splitlines(), 1) if re.match(r"\s*\[\[\s*change\s*\]\]", line)]


def located(path: Path, section: str, key: str, what: Text) -> Text:
    """What is wrong with a key of a file that was read, with its line; the command line has none."""
    text = path.read_text(encoding="utf-8-sig") if path.is_file() else ""
    return _at(path, text, key, section, what)


def _at(path: Path, text: str, key: str, section: str, what: Text) -> Text:
    line = line_of(text, key, section)
    full = f"{section}.{key}" if section else key
    zh = f"{path}" + (f"，第 {line} 行" if line else "") + f"，{full}：{what.zh}"
    en = f"{path}" + (f", line {line}" if line else "") + f", {full}: {what.en}"
    return Text(zh, en)
