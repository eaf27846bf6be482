"""What pydantic finds wrong with what was given, in both languages: the one place where its words become ours.

Its own words are English alone, and begin with what is nobody's business (``Value error, …``). A check of ours raises
``ValueError(Text(…))``, whose words are told as they are.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from graph.language import Text

_DAY = Text("须写成日期，例如 2016-12-31", "has to be a day, such as 2016-12-31")
_MOMENT = Text(
    "须写成日期和时间，例如 2016-12-31T08:00:00Z", "has to be a day and time, such as 2016-12-31T08:00:00Z"
)
_WHOLE = Text("须是整数", "has to be a whole number")
_NUMBER = Text("须是数", "has to be a number")
_SWITCH = Text("须是 true 或 false", "has to be true or false")
_TABLE = Text("须是 {{名称: 值}} 这样的对象", "has to be an object, {{name: value}}")
_LIST = Text("须是列表", "has to be a list")
_WORDS = Text("须是文字", "has to be text")
_TAG = Text("{tag} 不可用；可用：{expected_tags}", "cannot be {tag}; there are: {expected_tags}")
FAULTS: Mapping[str, Text] = {
    "missing": Text("缺少", "is missing"),
    "extra_forbidden": Text("没有这一项；请删去，或检查写法", "is not known here; leave it out, or check how it is written"),
    "frozen_field": Text("不能更改", "cannot be changed"),
    "none_required": Text("须留空（null）", "has to be null"),
    "invalid_key": Text("名称须是文字", "has a name that is no text"),
    "json_invalid": Text("不是完整的 JSON", "is no whole JSON ({error})"),
    "json_type": Text("须是 JSON 文字", "has to be JSON as text"),
    "greater_than": Text("须大于 {gt}", "has to be more than {gt}"),
    "greater_than_equal": Text("至少是 {ge}", "has to be {ge} at least"),
    "less_than": Text("须小于 {lt}", "has to be less than {lt}"),
    "less_than_equal": Text("至多是 {le}", "has to be {le} at most"),
    "multiple_of": Text("须是 {multiple_of} 的倍数", "has to be a multiple of {multiple_of}"),
    "finite_number": Text("须是有限的数", "has to be a finite number"),
    "too_short": Text("至少要 {min_length} 项，现有 {actual_length} 项", "has to have {min_length} at least, and has {actual_length}"),
    "too_long": Text("至多 {max_length} 项，现有 {actual_length} 项", "may have {max_length} at most, and has {actual_length}"),
    "string_too_short": Text("至少要 {min_length} 个字符", "has to have {min_length} characters at least"),
    "string_too_long": Text("至多 {max_length} 个字符", "may have {max_length} characters at most"),
    "string_pattern_mismatch": Text("写法应符合 {pattern}", "has to look like {pattern}"),
    "string_unicode": Text("不是 UTF-8 文字", "is no text in UTF-8"),
    "string_not_ascii": Text("只能用 ASCII 字符", "may have ASCII characters only"),
    "string_type": _WORDS,
    "bytes_type": _WORDS,
    "enum": Text("须是 {expected} 之一", "has to be {expected}"),
    "literal_error": Text("须是 {expected} 之一", "has to be {expected}"),
    "bool_type": _SWITCH,
    "bool_parsing": _SWITCH,
    "int_type": _WHOLE,
    "int_parsing": _WHOLE,
    "int_from_float": _WHOLE,
    "int_parsing_size": Text("这个整数太大", "is too large a number"),
    "float_type": _NUMBER,
    "float_parsing": _NUMBER,
    "decimal_type": _NUMBER,
    "decimal_parsing": _NUMBER,
    "dict_type": _TABLE,
    "mapping_type": _TABLE,
    "model_type": _TABLE,
    "model_attributes_type": _TABLE,
    "dataclass_type": _TABLE,
    "list_type": _LIST,
    "tuple_type": _LIST,
    "set_type": _LIST,
    "frozen_set_type": _LIST,
    "iterable_type": _LIST,
    "date_type": _DAY,
    "date_parsing": _DAY,
    "date_from_datetime_parsing": _DAY,
    "date_from_datetime_inexact": _DAY,
    "datetime_type": _MOMENT,
    "datetime_parsing": _MOMENT,
    "datetime_object_invalid": _MOMENT,
    "datetime_from_date_parsing": _MOMENT,
    "timezone_aware": Text("须写明时区，例如末尾加 Z", "has to say its time zone, such as with Z at its end"),
    "timezone_naive": Text("不可写时区", "may have no time zone"),
    "path_type": Text("须是文件路径", "has to be a path"),
    "is_instance_of": Text("种类不对（应为 {class}）", "is of the wrong kind (it has to be {class})"),
    "union_tag_invalid": _TAG,
    "union_tag_not_found": Text("缺少 {discriminator}", "lacks {discriminator}"),
    "url_type": Text("须是网址", "has to be an address"),
    "url_parsing": Text("须是网址", "has to be an address"),
    "uuid_type": Text("须是 UUID", "has to be a UUID"),
    "uuid_parsing": Text("须是 UUID", "has to be a UUID"),
}  # fmt: skip
"""Type of pydantic's → what to say, with the values that it gives beside."""
_DAYS: Mapping[str, Text] = {
    "greater_than": Text("须晚于 {gt}", "has to be later than {gt}"),
    "greater_than_equal": Text("不得早于 {ge}", "has to be {ge} or later"),
    "less_than": Text("须早于 {lt}", "has to be earlier than {lt}"),
    "less_than_equal": Text("不得晚于 {le}", "has to be {le} or earlier"),
}
"""The same where the value beside is a day."""
_DAY_TOLD = re.compile(r"datetime\.date\((\d+), (\d+), (\d+)\)|(\d{4})-(\d\d)-(\d\d)")
"""A day as pydantic tells it: as code, where a check of ours comes before its own."""
_OWN = re.compile(r"^(Value error|Assertion failed), ")


def fault(error: Mapping[str, Any]) -> Text:
    """What is wrong, to stand behind the name of what it is wrong with.

    Parameters
    ----------
    error : mapping
        One of pydantic's ``errors()``: ``type``, ``msg`` and perhaps ``ctx``.
    """
    beside = error.get("ctx", {})
    own = getattr(beside.get("error"), "args", ())
    if own and isinstance(own[0], Text):
        return own[0]
    shown = {name: _shown(value) for name, value in beside.items()}
    known = _DAYS if any(isinstance(value, date) for value in shown.values()) else FAULTS
    if error["type"] in known:
        return known[error["type"]].fill(**shown)
    words = _OWN.sub("", str(error["msg"]))
    return Text(words, words)


def _shown(value: Any) -> Any:
    """A value beside: what is a day becomes one; what it lists as ``'a', 'b' or 'c'`` is so in both languages."""
    if not isinstance(value, str):
        return value
    if day := _DAY_TOLD.fullmatch(value):
        return date(*(int(part) for part in day.groups() if part))
    if not re.search(r"'(, | or )'", value):
        return value
    return Text(re.sub(r"'(, | or )'", "'、'", value), value)
