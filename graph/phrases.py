"""What jiedui says for things that a scenario may name in its own words (``[titles]``)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Forms:
    """The forms in which texts name a thing: ``zh``; ``en`` as (one, several)."""

    zh: tuple[str, ...] = ()
    en: tuple[tuple[str, str], ...] = ()


def _regular(zh: str, en: str) -> Forms:
    return Forms((zh,), ((en, f"{en}s"),))


WORDS: Mapping[str, Forms] = {
    "cadre": _regular("干部", "cadre"),
    "unit": _regular("单位", "unit"),
    "designated_unit": _regular("定点单位", "designated unit"),
    "team": Forms(("驻村工作队", "驻村队", "工作队"), (("team", "teams"),)),
    "village_posting": Forms(("驻村任职", "驻村"), (("village posting", "village postings"),)),
    "village": _regular("村", "village"),
    "poor_village": _regular("贫困村", "poor village"),
    "county": Forms(("县",), (("county", "counties"),)),
    "key_county": Forms(("国家重点县", "重点县"), (("key county", "key counties"),)),
    "poor_county": Forms(("贫困县",), (("poor county", "poor counties"),)),
    "own_county": Forms(("定点县",), (("own county", "own counties"),)),
    "prefecture": _regular("地市", "prefecture"),
    "autonomous_prefecture": _regular("自治州", "autonomous prefecture"),
    "province": _regular("省", "province"),
    "poor_person": Forms(("贫困人口",), (("poor person", "poor persons"), ("poor person", "poor people"))),
    "poor_household": _regular("贫困户", "poor household"),
    "deep_poverty": Forms(
        ("深度贫困",), (("deep poverty", "deep poverty"), ("deep-poverty", "deep-poverty"))
    ),
    "poverty": Forms(("贫困程度", "贫困"), (("poverty", "poverty"),)),
}
"""Word of ``[titles.words]`` → what jiedui says. A longer one wins over a shorter one within it."""

VALUES: Mapping[str, Mapping[str, Forms]] = {
    "relation_kind": {
        "east_west": Forms(
            ("东西部协作", "东西部"),
            (("east–west collaboration", "east–west collaborations"), ("east–west", "east–west")),
        ),
        "county_pair": Forms(("县县结对",), (("county pair", "county pairs"),)),
        "counterpart": Forms(("对口支援",), (("counterpart support", "counterpart support"),)),
        "designated": Forms(("定点帮扶",), (("designated assistance", "designated assistance"),)),
        "supervision": Forms(("民主监督",), (("democratic supervision", "democratic supervision"),)),
    },
    "stage": {
        "pairing": Forms(("区域结对",), (("region pair", "region pairs"),)),
        "designation": Forms(("定点帮扶",), (("designated assistance", "designated assistance"),)),
        "cadres": Forms(("驻村选派",), (("posting cadres", "posting cadres"),)),
    },
    "role": {
        "first_secretary": Forms(("第一书记",), (("first secretary", "first secretaries"),)),
        "member": _regular("驻村队员", "team member"),
    },
    "currency": {"name": Forms(("元",), (("yuan", "yuan"),))},
}
"""How texts name values of enumerations beside their titles, and money."""

FIXED = ("单元", "公元", "元数据", "缺省", "农村", "乡村")
"""Chinese words in which another word's character is no word."""

FIXED_EN = ("cadres:",)
"""A stage's name before what is told of it."""

ALONE: Mapping[str, frozenset[str]] = {"zh": frozenset({"单位"}), "en": frozenset({"unit"})}
"""Texts that mean something else where they stand alone: units of measurement."""


def forms_of(section: str, key: str) -> Forms:
    """What texts say for a thing of a section of ``[titles]``; nothing where they name it by its title alone."""
    return WORDS[key] if section == "words" else VALUES.get(section, {}).get(key, Forms())
