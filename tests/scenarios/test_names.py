from __future__ import annotations

import polars as pl
import pytest

from scenarios.build.ethnic import without_groups
from scenarios.build.names import joined, short_names, syllables


@pytest.mark.parametrize(
    ("name", "level", "short"),
    [
        ("怒江傈僳族自治州", "prefecture", ["怒江", "怒江州"]),
        ("凉山彝族自治州", "prefecture", ["凉山", "凉山州"]),
        ("内蒙古自治区", "province", ["内蒙古"]),
        ("广西壮族自治区", "province", ["广西"]),
        ("香港特别行政区", "province", ["香港"]),
        ("恩施土家族苗族自治州", "prefecture", ["恩施", "恩施州"]),
        ("伊犁哈萨克自治州", "prefecture", ["伊犁", "伊犁州"]),
        ("积石山保安族东乡族撒拉族自治县", "county", ["积石山", "积石山县"]),
        ("东乡族自治县", "county", ["东乡", "东乡县"]),
        ("鄂温克族自治旗", "county", ["鄂温克", "鄂温克旗"]),
        ("那曲地区", "prefecture", ["那曲"]),
        ("蔚县", "county", []),
        ("朝阳区", "county", ["朝阳"]),
    ],
)
def test_short_names(name: str, level: str, short: list[str]) -> None:
    assert short_names(name, level) == short


@pytest.mark.parametrize(
    ("name", "spelled"),
    [
        ("重庆市", "chong qing shi"),
        ("塔什库尔干塔吉克自治县", "ta shi ku er gan ta ji ke zi zhi xian"),
        ("乌什县", "wu shi xian"),
        ("丰都县", "feng du xian"),
        ("弥勒市", "mi le shi"),
        ("佛冈县", "fo gang xian"),
        ("珲春市", "hun chun shi"),
        ("六安市", "lu an shi"),
        ("亳州市", "bo zhou shi"),
        ("乐山市", "le shan shi"),
        ("乐清市", "yue qing shi"),
        ("厦门市", "xia men shi"),
        ("番禺区", "pan yu qu"),
        ("蔚县", "yu xian"),
        ("铅山县", "yan shan xian"),
        ("台州市", "tai zhou shi"),
        ("会理县", "hui li xian"),
        ("涡阳县", "guo yang xian"),
        ("洪洞县", "hong tong xian"),
        ("犍为县", "qian wei xian"),
        ("尉犁县", "yu li xian"),
        ("西藏自治区", "xi zang zi zhi qu"),
        ("柞水县", "zha shui xian"),
        ("宕昌县", "tan chang xian"),
        ("耒阳市", "lei yang shi"),
        ("丽水市", "li shui shi"),
        ("东阿县", "dong e xian"),
        ("怒江傈僳族自治州", "nu jiang li su zu zi zhi zhou"),
        ("大城县", "dai cheng xian"),
        ("那曲地区", "na qu di qu"),
    ],
)
def test_place_names_are_read_as_they_are_read_there(name: str, spelled: str) -> None:
    assert syllables(name) == spelled


def test_a_vowel_inside_takes_an_apostrophe() -> None:
    assert joined("xi an") == "Xi'an"
    assert joined("nu jiang") == "Nujiang"


def test_a_name_of_nothing_but_a_group_keeps_it() -> None:
    assert without_groups("东乡族") == "东乡"
    assert without_groups("蒙古") == "蒙古"


@pytest.mark.parametrize(
    ("code", "name", "kind"),
    [
        ("610000", "Shaanxi", "english"),
        ("540200", "Shigatse", "english"),
        ("650100", "Ürümqi", "english"),
        ("130705", "宣化县", "former"),
        ("533301", "泸水县", "former"),
        ("533300", "nu jiang", "pinyin"),
    ],
)
def test_shipped_names(shipped: dict[str, pl.DataFrame], code: str, name: str, kind: str) -> None:
    assert shipped["names"].filter(id=code, name=name, kind=kind).height == 1
