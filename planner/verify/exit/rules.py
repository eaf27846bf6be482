"""The rules of `exit`: what breaks them, and how each stands."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

import numpy as np
import polars as pl

from graph.language import Text, several
from graph.percent import percent
from planner.verify.exit.book import Book
from planner.verify.exit.pledges import is_off, missing_of, pledges_of
from planner.verify.exit.rows import GATES, SCALE, ExitRow, Rows, broken
from planner.verify.exit.support import DECIDED_IN, Support
from planner.verify.exit.villages import VillageRows
from planner.verify.outcome import Broken, RuleState, State
from planner.verify.places import newest_rows

PUBLISHED_COUNTS = {2016: 28, 2017: 125, 2018: 283, 2019: 344, 2020: 52}
CENTRE_KEYS = ("line", "line_west", "wrongly_exited_max", "missed_max", "approval_min")


class Rules:
    """Counties and villages that the plan lets exit, rule by rule; ``broken`` and ``states`` collect what is found."""

    def __init__(self, book: Book, rows: Rows) -> None:
        self.book, self.rows = book, rows
        self.at = {region: i for i, region in enumerate(rows.region)}
        listed, years = set(book.listed), np.isin(rows.year, book.years)
        self.counties = [rows.one(i) for i, r in enumerate(rows.region) if r in listed and years[i]]
        number = np.array([book.villages.at.get(r, -1) for r in rows.region], dtype=np.int64)
        self.villages = VillageRows(book, rows, np.flatnonzero((number >= 0) & years), number)
        self.broken: list[Broken] = []
        self.states: list[RuleState] = []

    def check(self) -> None:
        """Every rule, in the order of the settings."""
        self._pins()
        self._line("line")
        self._line("line_west")
        for rule, measure, sign in GATES:
            self._gate(rule, measure, sign)
        self._standard()
        self._findings()
        self._deadline()
        self._announcement()
        self._capacity()
        self._pace()
        for rule in ("pledge_persons", "pledge_villages", "pledge_counties"):
            self._pledge(rule)
        self._village_line()
        self._village_first()
        self._support()
        for rule, term in (("risk_weight", "risk"), ("results_weight", "results"), ("late_weight", "late"),
                           ("early_weight", "early"), ("village_late_weight", "village_late"),
                           ("village_early_weight", "village_early")):  # fmt: skip
            self._cost(rule, term)

    def years(self) -> dict[str, int]:
        """County or village still to exit → its year."""
        return {r.region: r.year for r in self.counties} | self.villages.years()

    def closed(self) -> set[str]:
        """Counties whose row here a rule on years forbids, by themselves."""
        for rule in ("line", "line_west"):
            self._line(rule)
        for rule, measure, sign in GATES:
            self._gate(rule, measure, sign)
        self._findings()
        self._announcement()
        self._support()
        return {self.rows.region[b.row - 1] for b in self.broken if b.row is not None}

    def row(self, region: str) -> ExitRow | None:
        """The last row of a region."""
        return self.rows.one(self.at[region]) if region in self.at else None

    def _wrong(self, rule: str, row: ExitRow | None, zh: str, en: str, rests: tuple[str, ...] = ()) -> None:
        self.broken.append(broken(rule, row, None if row is None else "year", zh, en, rests))

    def _promise(
        self, rule: str, row: ExitRow | None, zh: str, en: str, of: tuple[str, float, float], rests: tuple[str, ...] = ()
    ) -> None:  # fmt: skip
        """A broken promise; ``of``: what it is about, what is required and what there is."""
        about, required, got = of
        found = broken(rule, row, None if row is None else "year", zh, en, rests)
        self.broken.append(replace(found, about=about, required=required, got=got))

    def _state(
        self,
        rule: str,
        binding: bool,
        told: Text,
        at: Iterable[str] = (),
        least: bool | Iterable[str] = False,
    ) -> None:
        """How a rule stands; ``least``: whether it is a least that is just met at all of these places, or at which of them."""
        wrong = any(b.rule == rule for b in self.broken)
        state: State = "broken" if wrong else "binding" if binding else "slack"
        places = tuple(at) if binding else ()
        met = (places if least else ()) if isinstance(least, bool) else tuple(least)
        self.states.append(RuleState(rule, state, told, places, met))

    def _off(self, rule: str) -> bool:
        if is_off(self.book, rule):
            self.states.append(RuleState(rule, "off"))
            return True
        return False

    def _pins(self) -> None:
        if self._off("pins"):
            return
        for region, year in self.book.value("pins").items():
            row = self.row(region)
            if row is None or row.year != year:
                name = self.book.network.label(region)
                self._promise(
                    "pins",
                    row,
                    f"{name} 应于 {year:g} 年退出",
                    f"{name} is pinned to {year:g}",
                    (region, 1, 0),
                )
        pins = self.book.value("pins")
        self._state("pins", bool(pins), Text(f"定了 {len(pins)} 处", f"{len(pins)} are pinned"), pins)

    def _line(self, rule: str) -> None:
        if self._off(rule):
            return
        book, line, least, where, first = self.book, float(self.book.value(rule)), math.inf, "", list[str]()
        for row in self.counties:
            if book.under(row.region, book.west) != (rule == "line_west"):
                continue
            t = row.year - book.years[0]
            share = book.ahead[row.region][t]
            if share >= line:
                zh, en = f"预计 {share:.2%}，不低于 {line:.2%}", f"{share:.2%} expected, not below {line:.2%}"
                self._promise(rule, row, zh, en, (f"{row.region}>{row.year}", 0, 1), book.by_funds)
            if line - share < least:
                least, where = line - share, book.network.label(row.region)
            first += [row.region] if t > 0 and book.ahead[row.region][t - 1] >= line else []
        told = (
            Text(
                f"{where} 余量最小：{percent(least, 2)}",
                f"{where} has the smallest margin: {percent(least, 2)}",
            )
            if where
            else Text("没有县归它管", "no county is under it")
        )
        closed = [
            c for c in book.listed
            if book.under(c, book.west) == (rule == "line_west") and any(share >= line for share in book.ahead[c])
        ]  # fmt: skip
        self._state(rule, bool(closed), told, first or closed)

    def _gate(self, rule: str, measure: str, sign: int) -> None:
        if self._off(rule):
            return
        book, limit, held = self.book, float(self.book.value(rule)), list[str]()
        facts = newest_rows(book.resolved, "region_facts", "region", pl.col("measure") == measure)
        newest = dict(facts.select("region", "year").iter_rows())
        for county in book.listed:
            recorded = book.facts[measure].get(county)
            if recorded is None or (recorded >= limit if sign > 0 else recorded < limit):
                continue
            until = newest[county] + int(book.value("gate_years"))
            held += [county] if until >= book.years[0] else []
            row = self.row(county)
            if row is not None and row.year <= until:
                zh, en = f"记录值 {recorded:.2%} 不合格", f"the recorded {recorded:.2%} fails"
                self._promise(rule, row, zh, en, (f"{county}>{row.year}", 0, 1))
        told = Text(f"挡住 {len(held)} 个县", f"holds back {several(len(held), 'county', 'counties')}")
        self._state(rule, bool(held), told, held)

    def _standard(self) -> None:
        if self._off("standard"):
            return
        central, departs = self.book.value("planning_level") == "central", []
        for key in CENTRE_KEYS:
            centre, given = self.book.value("standard").get(key), self.book.value(key)
            if centre is not None and (given is None or float(given) != float(centre)):
                shown = "off" if given is None else f"{given:g}"
                zh, en = f"{key} = {shown}，中央为 {centre:g}", f"{key} = {shown}, the centre's is {centre:g}"
                departs.append(Text(zh, en))
        told = Text("与中央标准一致", "as the centre's")
        if departs:
            told = Text("；".join(d.zh for d in departs), "; ".join(d.en for d in departs))
        if not central:
            for d in departs:
                self._wrong("standard", None, d.zh, d.en)
        # the standard holds something only where one of the limits that it prescribes does
        tight = any(s.rule in CENTRE_KEYS and s.state == "binding" for s in self.states)
        self._state("standard", tight and not central and not departs, told)

    def _findings(self) -> None:
        if self._off("severe_findings"):
            return
        book, held = self.book, set()
        later = book.on + timedelta(days=int(book.value("finding_days")))
        listed = set(book.listed)
        for region, severity, status, due in (
            book.network.frame("findings").select("region", "severity", "status", "due").iter_rows()
        ):
            if severity != "severe" or status == "closed":
                continue
            county = next((c for c in (region, *book.above(region)) if c in listed), None)
            mended = due if due is not None and due > book.on else later
            if county is None or mended.year < book.years[0]:
                continue
            held.add(county)
            row = self.row(county)
            if row is not None and row.year <= mended.year:
                zh, en = f"严重问题到 {mended} 未销号", f"a severe finding is open until {mended}"
                self._promise("severe_findings", row, zh, en, (f"{county}>{row.year}", 0, 1))
        told = Text(f"挡住 {len(held)} 个县", f"holds back {several(len(held), 'county', 'counties')}")
        self._state("severe_findings", bool(held), told, held)

    def _deadline(self) -> None:
        if self._off("deadline"):
            return
        missing = [c for c in (*self.book.listed, *self.book.villages.names) if c not in self.at]
        for place in missing:
            name = self.book.network.label(place)
            self._promise(
                "deadline",
                None,
                f"{name} 到期限未退出",
                f"{name} has not exited by the deadline",
                (place, 1, 0),
            )
        counties = [r.region for r in self.counties if r.year == self.book.years[-1]]
        villages = self.villages.names(self.villages.t == len(self.book.years) - 1)
        told = Text(
            f"最后一年 {len(counties)} 个县、{len(villages)} 个村",
            f"{several(len(counties), 'county', 'counties')} and {several(len(villages), 'village')} in the last year",
        )
        self._state("deadline", bool(counties or villages), told, [*counties, *villages])

    def _announcement(self) -> None:
        if not self._off("steps"):
            days, by = sum(self.book.value("steps").values()), self.book.value("announce_by")
            told = Text(f"共 {days:g} 天", f"{days:g} days in all")
            # they close a year only where its results would be in time without them
            self._state(
                "steps",
                by is not None and any(y <= by < self.book.announced(y) for y in self.book.years),
                told,
            )
        if self._off("announce_by"):
            return
        most = int(self.book.value("announce_by"))
        for row in self.counties:
            if self.book.announced(row.year) > most:
                zh, en = f"公告晚于 {most} 年", f"it is announced after {most}"
                self._promise("announce_by", row, zh, en, (f"{row.region}>{row.year}", 0, 1))
        late = [y for y in self.book.years if self.book.announced(y) > most]
        last = max((self.book.announced(r.year) for r in self.counties), default=0)
        told = Text(f"最晚 {last} 年公告", f"the last is announced in {last}")
        self._state("announce_by", bool(late), told)

    def _capacity(self) -> None:
        if self._off("exits_per_team"):
            return
        count = Counter((a, r.year) for r in self.counties for a in (r.region, *self.book.above(r.region)))
        tight: list[tuple[str, int]] = []
        capacities = self.book.network.frame("capacities").select("region", "year", "kind", "value")
        for region, year, kind, value in capacities.iter_rows():
            if kind != "verification_team" or year not in self.book.years:
                continue
            most, name = (
                math.floor(value * float(self.book.value("exits_per_team")) + 1e-9),
                self.book.network.label(region),
            )
            if count[region, year] > most:
                self._promise("exits_per_team", None, f"{name} {year} 年 {count[region, year]} 个县，只能核查 {most} 个",
                              f"{name} {year}: {count[region, year]} counties, {most} can be verified",
                              (f"{region}>{year}", most, count[region, year]))  # fmt: skip
            if count[region, year] == most > 0:
                tight.append((region, year))
        shown = [f"{self.book.network.label(region)} {year}" for region, year in tight[:3]]
        told = Text("都有余", "nowhere full")
        if tight:
            zh, en = "、".join(shown), ", ".join(shown)
            told = Text(f"{len(tight)} 处用满：{zh}", f"{len(tight)} are full: {en}")
        self._state("exits_per_team", bool(tight), told, (region for region, _ in tight))

    def _pace(self) -> None:
        if self._off("pace"):
            return
        book, slack, tight = self.book, float(self.book.value("pace_tolerance")), list[int]()
        wanted: dict[int, float] = {int(y): n for y, n in (book.value("exits_per_year") or {}).items()}
        if book.value("pace") == "published":
            wanted = dict(PUBLISHED_COUNTS)
        elif book.value("pace") == "even":
            share, more = divmod(len(book.listed), len(book.years))
            wanted = {y: share + (i < more) for i, y in enumerate(book.years)}
        per_year = Counter(r.year for r in self.counties)
        for year in book.years:
            if year not in wanted:
                continue
            low, high = (
                math.ceil(wanted[year] * (1 - slack) - 1e-9),
                math.floor(wanted[year] * (1 + slack) + 1e-9),
            )
            if not low <= per_year[year] <= high:
                self._promise("pace", None, f"{year} 年 {per_year[year]} 个县，应为 {low}–{high}",
                              f"{year}: {per_year[year]} counties, should be {low}–{high}",
                              (str(year), low if per_year[year] < low else high, per_year[year]))  # fmt: skip
            tight += [year] if per_year[year] in (low, high) else []
        zh, en = "、".join(map(str, tight)), ", ".join(map(str, tight))
        told = (
            Text(f"到界限的年份：{zh}", f"years at a limit: {en}")
            if tight
            else Text("都有余", "all have room")
        )
        self._state("pace", bool(tight), told)

    def _pledge(self, rule: str) -> None:
        if self._off(rule):
            return
        missing = missing_of(self.book, rule, self.counties, self.villages)
        short = [(r, y, n) for r, y, n in missing if n > 0]
        if not self.book.value("pledge_elastic"):
            least = {(region, last): amount for region, _, last, amount in pledges_of(self.book, rule)}
            for region, year, n in short:
                name = self.book.network.label(region)
                rests = self.book.by_funds if rule == "pledge_persons" else ()
                asked = least[region, year]
                zh, en = f"{name} 到 {year} 年短缺 {n}", f"{name} is {n} short by {year}"
                self._promise(rule, None, zh, en, (f"{region}>{year}", asked, asked - n), rests)
        worst = max(short, key=lambda s: s[2], default=None)
        told = Text("都完成", "all are kept")
        if worst is not None:
            name = self.book.network.label(worst[0])
            told = Text(
                f"{name} 到 {worst[1]} 年短缺 {worst[2]:,}", f"{name} is {worst[2]:,} short by {worst[1]}"
            )
        at = [region for region, _, n in missing if n >= 0]
        self._state(rule, bool(at), told, at, sorted(set(at) - {region for region, _, _ in short}))

    def _village_line(self) -> None:
        if self._off("village_line"):
            return
        villages = self.villages
        early = villages.at[villages.t < villages.ready]
        homes = [
            self.book.villages.homes[h] for h in self.book.villages.home[villages.number[early]].tolist()
        ]
        abouts = [f"{home}>{self.rows.year[i]}" for home, i in zip(homes, early.tolist(), strict=True)]
        count = Counter(abouts)
        for i, about in zip(early.tolist(), abouts, strict=True):
            zh, en = "预计不低于退出线", "not below the line by then"
            self._promise(
                "village_line", self.rows.one(i), zh, en, (about, 0, count[about]), self.book.by_funds
            )
        first = villages.names((villages.t == villages.ready) & (villages.ready > 0))
        told = Text(
            f"{len(first)} 个村一低于退出线就退出",
            f"{several(len(first), 'village exits as soon as it is', 'villages exit as soon as they are')} below the line",
        )
        still = self.book.villages
        closed = [still.names[i] for i in np.flatnonzero(still.ready > 0).tolist()]
        self._state("village_line", bool(closed), told, first or closed)

    def _village_first(self) -> None:
        if self._off("village_first_share"):
            return
        share, tight = float(self.book.value("village_first_share")), list[str]()
        homes, years = self.book.villages.by_county(), self.villages.years_by_county()
        for row in self.counties:
            out = self.book.villages_out.get(row.region, 0)
            need = math.ceil(share * (homes.get(row.region, 0) + out) - 1e-9)
            gone = out + sum(y <= row.year for y in years.get(row.region, ()))
            if gone < need:
                zh, en = f"已退出 {gone} 村，应有 {need} 村", f"{gone} villages are out, {need} should be"
                self._promise(
                    "village_first_share", row, zh, en, (f"{row.region}>{row.year}", 0, gone - need)
                )
            tight += [row.region] if gone == need > out else []
        told = Text(
            f"{len(tight)} 个县刚够", f"{several(len(tight), 'county has', 'counties have')} just enough"
        )
        self._state("village_first_share", bool(tight), told, tight, least=True)

    def _support(self) -> None:
        if self._off("keep_after_exit"):
            return
        support, held = Support(self.book), list[str]()
        years = {**self.book.exited, **{r.region: r.year for r in self.counties}}
        for county, year in sorted(years.items()):
            lost = support.lost(county, year)
            if lost is not None:
                name = self.book.network.label(county)
                self._wrong("keep_after_exit", self.row(county), f"{name} 从 {lost[1]} 年起失去 {lost[0]}",
                            f"{name} loses its {lost[0]} from {lost[1]} on", (DECIDED_IN[lost[0]],))  # fmt: skip
            held += [county] if any(support.lost(county, y) for y in self.book.years) else []
        told = Text(
            f"挡住 {len(held)} 个县的某些年份", f"closes years to {several(len(held), 'county', 'counties')}"
        )
        self._state("keep_after_exit", bool(held), told, held)

    def _cost(self, rule: str, term: str) -> None:
        if not self.book.number(rule):
            self.states.append(RuleState(rule, "off"))
            return
        total = int(self.rows.told(term).sum()) / SCALE
        self._state(rule, total > 0, Text(f"合计 {total:,.3f}", f"{total:,.3f} in all"))
