"""Titles of what a scenario names by a code word: tags of regions, fund sources."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from graph.language import Text
from graph.network import Network
from graph.schema import ENUMS
from graph.wording import own_title, own_word

TAGS = {
    "key_county_592": Text("国家重点县", "key county"),
    "poor_county_832": Text("贫困县", "poor county"),
    "key_county_160": Text("乡村振兴重点帮扶县", "key county for rural revitalisation"),
    "contiguous_area": Text("连片特困地区", "contiguous poor area"),
    "sanqu_sanzhou": Text("三区三州", "three regions and three prefectures"),
    "deep_poverty": Text("深度贫困", "deep poverty"),
    "deep_poverty_prefecture": Text("深度贫困地区（州）", "deep-poverty prefecture"),
    "ethnic_prefecture": Text("民族自治州", "autonomous prefecture"),
    "supporter": Text("帮扶方", "supporter"),
    "old_revolutionary": Text("革命老区", "old revolutionary area"),
    "weak_organisation": Text("组织软弱涣散", "weak organisation"),
    "pilot_pooling": Text("统筹整合试点", "pilot of pooling"),
    "poor_village": Text("贫困村", "poor village"),
    "macro_region": Text("东中西部", "part of the country"),
}
"""Tags that jiedui itself knows; a scenario may use others, which stand as they are."""

KINDS_OF_TAG = {
    "language": Text("语言", "language"),
    "industry": Text("产业", "industry"),
    "suits": Text("适合", "suits"),
}
"""What stands before the colon of ``language:lisu``."""

BEHIND_THE_COLON = {
    "kazakh": Text("哈萨克语", "Kazakh"), "lisu": Text("傈僳语", "Lisu"), "miao": Text("苗语", "Miao"),
    "mongolian": Text("蒙古语", "Mongolian"), "tibetan": Text("藏语", "Tibetan"), "uyghur": Text("维吾尔语", "Uyghur"),
    "yi": Text("彝语", "Yi"), "fruit": Text("林果", "fruit"), "grain": Text("粮食", "grain"), "herbs": Text("中药材", "herbs"),
    "livestock": Text("畜牧", "livestock"), "tea": Text("茶叶", "tea"), "vegetables": Text("蔬菜", "vegetables"),
}  # fmt: skip
"""What stands behind it beside a programme: a language, a trade; other words are the scenario's own."""


def titled_values(network: Network, enum: str) -> dict[str, Text]:
    """Values of an enumeration in a network, its own ones among them, each with its title: the network's own, else jiedui's."""
    own, declared = network.titles.get(enum, {}), ENUMS[enum]
    standing = network.settings.levels if enum == "level" else declared
    return {
        value: Text(own[value]["zh"], own[value]["en"])
        if value in own
        else declared.get(value, Text(value, value))
        for value in dict.fromkeys([*standing, *network.enums.get(enum, ())])
    }


def tag_title(tag: str) -> Text:
    """A tag in words; its own word where it has no title."""
    if (own := own_title("tag", tag)) is not None:
        return own
    if tag in TAGS:
        return TAGS[tag]
    kind, colon, value = tag.partition(":")
    if not colon or kind not in KINDS_OF_TAG:
        return Text(tag, tag)
    title, said = (
        KINDS_OF_TAG[kind],
        ENUMS["programme"].get(value) or BEHIND_THE_COLON.get(value, Text(value, value)),
    )
    return Text(f"{title.zh}：{said.zh}", f"{title.en}: {said.en}")


def titled_tags(tags: Iterable[str]) -> dict[str, Text]:
    """Tags with their titles: those that jiedui knows, then the others of a network."""
    return {tag: tag_title(tag) for tag in dict.fromkeys([*TAGS, *sorted(tags)])}


@dataclass(frozen=True)
class Counties:
    """How the counties that bear a tag are called: ``zh``, one of them, several, and in Chinese those without it."""

    zh: str
    one: str
    many: str
    without_zh: str


KNOWN_COUNTIES = {
    "deep_poverty": Counties("深度贫困县", "deep-poverty county", "deep-poverty counties", "非深度贫困县"),
    "key_county_592": Counties("国家重点县", "key county", "key counties", "非国家重点县"),
    "key_county_160": Counties(
        "乡村振兴重点帮扶县",
        "key county for rural revitalisation",
        "key counties for rural revitalisation",
        "非乡村振兴重点帮扶县",
    ),
    "poor_county_832": Counties("贫困县", "poor county", "poor counties", "非贫困县"),
}
"""Tags whose counties have a word of their own."""


def counties_with(tag: str) -> Counties:
    """What to call the counties that bear ``tag``: a scenario's own tag must not be told as poverty."""
    if (own := own_word("tag", tag)) is not None:
        return Counties(own.zh, own.en, own.many, f"非{own.zh}")
    if tag in KNOWN_COUNTIES:
        return KNOWN_COUNTIES[tag]
    title = tag_title(tag)
    shown = f"标签“{title.zh}”"
    return Counties(
        f"带{shown}的县", f"county tagged {title.en}", f"counties tagged {title.en}", f"不带{shown}的县"
    )


def must_pair_words(tag: str) -> Text:
    """What to call the regions that bear the tag of those that must be paired."""
    if (own := own_word("tag", tag)) is not None:
        return Text(own.zh, own.many)
    if tag == "ethnic_prefecture":
        return Text("自治州", "autonomous prefectures")
    return Text("必须结对的地区", "regions that must be paired")


def role_title(role: str) -> Text:
    """A role in words; a scenario's own stands as it is."""
    return ENUMS["role"].get(role, Text(role, role))


def source_titles(network: Network) -> dict[str, str]:
    """Name of a fund source → what it is in English, by its level, instrument and direction."""
    found: dict[str, str] = {}
    for row in network.frame("fund_sources").iter_rows(named=True):
        if row["name"]:
            kind = (
                f"{_english('fund_level', row['level'])} {_english('instrument', row['instrument'])}".strip()
            )
            direction = _english("direction", row["direction"])
            found[row["name"]] = f"{kind}, {direction}" if direction else kind
    return found


def _english(enum: str, value: str | None) -> str:
    return ENUMS[enum].get(value, Text(value, value)).en if value else ""
