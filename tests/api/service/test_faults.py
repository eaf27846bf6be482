"""What pydantic finds wrong, in both languages."""

from __future__ import annotations

import math
import re
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Annotated, Any, Literal, get_args
from uuid import UUID

import pytest
from pydantic import AwareDatetime, BaseModel, Field, Json, TypeAdapter, ValidationError
from pydantic_core.core_schema import ErrorType

from api.http.models.day import Day
from api.http.models.ledger import Amounts
from api.service.faults import FAULTS, fault
from api.service.settings import Settings, read_settings
from graph.errors import UsageError


def found(model: Any, given: object) -> Any:
    """The first thing that is wrong."""
    with pytest.raises(ValidationError) as caught:
        TypeAdapter(model).validate_python(given)
    return fault(caught.value.errors()[0])


@pytest.mark.parametrize(
    ("given", "zh", "en"),
    [
        ({"jobs": "two"}, "须是整数", "has to be a whole number"),
        ({"jobs": 65}, "至多是 64", "has to be 64 at most"),
        ({"session_hours": 0}, "须大于 0.0", "has to be more than 0.0"),
        ({"language": "fr"}, "须是 'zh'、'en' 之一", "has to be 'zh' or 'en'"),
        ({"login": "perhaps"}, "须是 true 或 false", "has to be true or false"),
        ({"dask": "10.0.0.1"}, "须写成 tcp://地址:端口", "has to be written as tcp://HOST:PORT"),
        ({"nix": 1}, "没有这一项；请删去，或检查写法", "is not known here; leave it out, or check how it is written"),
        ({"oidc_roles": 3}, "须是 {名称: 值} 这样的对象", "has to be an object, {name: value}"),
        ({"public_url": "ftp://x"}, "须以 https:// 开头（http:// 只用于本机）", "must begin with https:// (http:// for this machine alone)"),
        ({"behind_proxy": "nowhere"}, "nowhere 不是 IP 地址或网段，例如 10.0.0.0/8", "nowhere is no IP address or network, such as 10.0.0.0/8"),
    ],
)  # fmt: skip
def test_told_in_both_languages(given: dict[str, object], zh: str, en: str) -> None:
    assert found(Settings, given) == (zh, en)


def test_checks_of_ours_are_told_in_their_own_words() -> None:
    assert found(Amounts, {}) == ("请给出 pledged、delivered 或两者", "give pledged, delivered or both")


def test_what_has_no_words_of_ours_keeps_pydantics_without_its_prefix() -> None:
    told = fault({"type": "value_error", "msg": "Value error, odd", "ctx": {"error": ValueError("odd")}})
    assert told == ("odd", "odd")
    assert fault({"type": "of_tomorrow", "msg": "New words"}) == ("New words", "New words")


def test_every_type_is_one_of_pydantics() -> None:
    assert set(FAULTS) - set(get_args(ErrorType)) == {"path_type"}  # of its Python part


@pytest.mark.parametrize(
    ("limit", "given", "zh", "en"),
    [
        ({"ge": date(1900, 1, 1)}, "0001-01-01", "不得早于 1900-01-01", "has to be 1900-01-01 or later"),
        ({"le": date(2200, 12, 31)}, "2201-01-01", "不得晚于 2200-12-31", "has to be 2200-12-31 or earlier"),
        ({"gt": date(1900, 1, 1)}, "1900-01-01", "须晚于 1900-01-01", "has to be later than 1900-01-01"),
        ({"lt": date(1900, 1, 1)}, "1900-01-01", "须早于 1900-01-01", "has to be earlier than 1900-01-01"),
    ],
)  # fmt: skip
def test_days_are_days_wherever_their_limit_stands(limit: Any, given: str, zh: str, en: str) -> None:
    assert found(Annotated[date, Field(**limit)], given) == (zh, en)
    assert found(Annotated[Day | None, Field(**limit)], given) == (
        zh,
        en,
    )  # pydantic tells this one's limit as code


class Cat(BaseModel):
    """One of two kinds."""

    kind: Literal["cat"]


class Dog(BaseModel):
    """The other."""

    kind: Literal["dog"]


class Colour(Enum):
    """Of an enumeration."""

    RED = "red"
    BLUE = "blue"


Pet = Annotated[Cat | Dog, Field(discriminator="kind")]


@pytest.mark.parametrize(
    ("model", "given"),
    [
        (Annotated[list[int], Field(max_length=1)], [1, 2]), (Annotated[list[int], Field(min_length=1)], []), (Colour, "green"),
        (Annotated[str, Field(min_length=2)], "a"), (Annotated[str, Field(max_length=2)], "abc"), (Annotated[str, Field(pattern="^a$")], "b"),
        (Annotated[int, Field(multiple_of=2)], 3), (Annotated[float, Field(lt=1)], 1), (Annotated[float, Field(allow_inf_nan=False)], math.inf),
        (Pet, {"kind": "cow"}), (Pet, {}), (Cat, {}), (Cat, 1), (list[int], 1), (str, 1), (float, "x"), (date, "x"), (datetime, "x"),
        (AwareDatetime, "2016-12-31T00:00:00"), (Path, 1), (Json[int], "{"), (Decimal, "x"), (None, 1), (UUID, "x"), (dict[str, int], 1),
    ],
)  # fmt: skip
def test_values_are_put_in_and_chinese_is_chinese(model: Any, given: object) -> None:
    told = found(model, given)
    assert re.search("[\u4e00-\u9fff]", told.zh) and not re.search("[\u4e00-\u9fff]", told.en)
    assert not re.search(r"\{(?!名称)\w+\}", told.zh)


@pytest.mark.parametrize("language", [0, 1])
def test_a_setting_is_told_without_the_other_language(language: int) -> None:
    with pytest.raises(UsageError) as caught:
        read_settings(environ={"JIEDUI_SERVE_JOBS": "two"})
    text = caught.value.text[language]
    assert text.startswith("JIEDUI_SERVE_JOBS") and ("whole number" in text) == (language == 1)
