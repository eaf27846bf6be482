"""What a store keeps of a network beside its tables: how codes, levels and values read, its day, its own words and rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import polars as pl

from graph.language import Text
from graph.network import Network, RegionSettings
from graph.questions.rules import Rule, read_rules
from graph.wording import Titles


@dataclass(frozen=True)
class About:
    """What a network is read with, beside its tables.

    Parameters
    ----------
    settings : RegionSettings
        Code scheme and levels.
    enums : mapping of str to tuple of str
        Values added to enumerations.
    on : date or None
        Day on which questions read it unless asked for another.
    titles : Titles
        Its own words; of a version that an older jiedui recorded there are none.
    rules : tuple of Rule
        Its own rules of coverage, in the order in which they are asked; of such a version there are none either.
    """

    settings: RegionSettings = field(default_factory=lambda: RegionSettings(codes="free"))
    enums: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    on: date | None = None
    titles: Titles = field(default_factory=dict)
    rules: tuple[Rule, ...] = ()

    @classmethod
    def of(cls, network: Network) -> About:
        """What a network in memory has."""
        return cls(network.settings, dict(network.enums), network.on, dict(network.titles), network.rules)

    def network(self, frames: Mapping[str, pl.DataFrame], name: str) -> Network:
        """Frames as a network again."""
        return Network(frames, self.settings, self.enums, name, self.on, self.titles, self.rules)

    def differences(self, before: About) -> list[Text]:
        """What is not as it was, setting by setting, for people."""
        told = [
            (Text("日期", "date"), before.on, self.on),
            (Text("代码体系", "code scheme"), before.settings.codes, self.settings.codes),
            (Text("层级", "levels"), _words(before.settings.levels), _words(self.settings.levels)),
        ]
        for name in dict.fromkeys([*before.enums, *self.enums]):
            was, now = (_words(about.enums.get(name, ())) for about in (before, self))
            told.append((Text(f"自定义的 {name}", f"own values of {name}"), was, now))
        words, mine = _title_words(before.titles), _title_words(self.titles)
        told += [
            (Text(f"自己的叫法 {key}", f"own title of {key}"), words.get(key, ""), mine.get(key, ""))
            for key in dict.fromkeys([*words, *mine])
        ]
        was_asked, asked = _rule_words(before.rules), _rule_words(self.rules)
        told += [
            (Text(f"自己的规则 {name}", f"own rule {name}"), was_asked.get(name, ""), asked.get(name, ""))
            for name in dict.fromkeys([*was_asked, *asked])
        ]
        if was_asked == asked:
            was_order, order = (_words([r.name for r in about.rules]) for about in (before, self))
            told.append((Text("自己的规则的次序", "order of own rules"), was_order, order))
        return [
            Text(f"{what.zh}由 {was or '无'} 改为 {now or '无'}", f"{what.en} from {was or 'none'} to {now or 'none'}")
            for what, was, now in told
            if was != now
        ]  # fmt: skip

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "codes": self.settings.codes,
            "levels": list(self.settings.levels),
            "enums": {k: list(v) for k, v in self.enums.items()},
            "on": self.on.isoformat() if self.on else None,
            **({"titles": _in_order(self.titles)} if self.titles else {}),
            **({"rules": [rule.to_dict() for rule in self.rules]} if self.rules else {}),
        }

    @classmethod
    def from_dict(cls, told: Mapping[str, Any]) -> About:
        """The same back."""
        return cls(
            RegionSettings(told["codes"], tuple(told["levels"])),
            {k: tuple(v) for k, v in told["enums"].items()},
            date.fromisoformat(told["on"]) if told["on"] else None,
            told.get("titles", {}),
            read_rules(told.get("rules", ()), "rules"),
        )


def _words(values: Sequence[str]) -> str:
    return " ".join(values)


def _title_words(titles: Titles) -> dict[str, str]:
    """``section.key`` → how it is called, for people."""
    return {
        f"{section}.{key}": " ".join(str(word) for _, word in sorted(title.items()))
        for section, named in titles.items()
        for key, title in named.items()
    }


def _rule_words(rules: Sequence[Rule]) -> dict[str, str]:
    """Name → what a rule says, for people."""
    return {
        rule.name: "; ".join(
            f"{key}: {_told(value)}" for key, value in rule.to_dict().items() if key != "name"
        )
        for rule in rules
    }


def _told(value: object) -> str:
    return _words(value) if isinstance(value, list) else str(value)


def _in_order(titles: Titles) -> dict[str, dict[str, dict[str, Any]]]:
    """The same whatever the order in which a file told them, so that no order makes a version."""
    return {
        section: {key: dict(sorted(title.items())) for key, title in sorted(named.items())}
        for section, named in sorted(titles.items())
    }
