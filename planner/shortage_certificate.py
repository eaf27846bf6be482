"""The certificate that people are too few, as a small file: written where a plan is infeasible, checked against a scenario."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from graph.errors import InputError, reason_of
from graph.language import Text
from graph.schema import RESULTS
from graph.tables.write import disk_told, write_atomically
from planner.policy import toml
from planner.scenario import read_policies, read_scenario
from planner.shortage import Shortage
from planner.stage import Context
from planner.verify.cadres.shortage import check_shortage
from planner.verify.outcome import Resolved

FORMAT, STAGE = 1, "cadres"


def certificate_of(context: Context, shortage: Shortage, clashes: Sequence[Text]) -> dict[str, Any]:
    """JSON-ready: who is short of what, under which values, and the pairs that an earlier stage decided."""
    pairs = context.decided.get("pairs", pl.DataFrame(schema=RESULTS["pairs"].dtypes))
    ours = pairs.filter(pl.col("stage") == "designation").select("supporter", "recipient")
    return {
        "format": FORMAT,
        "stage": STAGE,
        "date": context.on.isoformat(),
        "told": [c.as_dict() for c in clashes],
        "asked": shortage.asked,
        "people": shortage.people,
        "posts": [list(post) for post in shortage.posts],
        "policy": dict(context.policy.values),
        "designated": [list(pair) for pair in ours.iter_rows()],
    }


def write_certificate(certificate: Mapping[str, Any], file: Path | str) -> Path:
    """Write it; the file appears whole or not at all.

    Raises
    ------
    OutsideError
        When the file cannot be written.
    """
    target = Path(file)
    text = json.dumps(certificate, ensure_ascii=False, indent=1) + "\n"
    with disk_told(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(target, lambda temporary: temporary.write_text(text, encoding="utf-8"))
    return target


@dataclass(frozen=True)
class CertificateCheck:
    """What came of a check: the claim, what is wrong with it, and values that are not the scenario's own.

    Parameters
    ----------
    shortage : Shortage
    wrong : sequence of Text
        Empty where the claim holds.
    other : sequence of str
        ``key = value`` of the certificate where the scenario says otherwise.
    """

    shortage: Shortage
    wrong: Sequence[Text]
    other: Sequence[str]

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {"ok": not self.wrong, "asked": self.shortage.asked, "people": self.shortage.people,
                "posts": len(self.shortage.posts), "wrong": [w.as_dict() for w in self.wrong], "other": list(self.other)}  # fmt: skip


def check_certificate(where: str | Path, file: str | Path) -> CertificateCheck:
    """Count a certificate again on the tables of a scenario, under the values that the certificate names.

    Raises
    ------
    InputError
        When the file is no such certificate, or the scenario cannot be read.
    """
    told = _read(Path(file))
    settings = [f"{STAGE}.{key}={toml(value)}" for key, value in told["policy"].items() if value is not None]
    scenario = read_scenario(where, settings=settings, stages=[STAGE], trust_shipped=True, domain=False)
    mine, theirs = scenario.policies[STAGE].values, read_policies(where)[STAGE].values
    other = [f"{STAGE}.{k} = {toml(v)}" for k, v in mine.items() if theirs[k] != v]
    pairs = pl.DataFrame(
        told["designated"], schema={"supporter": pl.String, "recipient": pl.String}, orient="row"
    )
    decided = {"pairs": pairs.with_columns(stage=pl.lit("designation"))}
    values = {STAGE: mine, "designation": {}}
    shortage = Shortage([(v, p) for v, p in told["posts"]], told["asked"], told["people"])
    wrong = check_shortage(Resolved(scenario.network, values, scenario.on), decided, shortage)
    if told["date"] != scenario.on.isoformat():
        wrong.append(Text(f"证书的基准日是 {told['date']}，场景的是 {scenario.on}",
                          f"the certificate is as of {told['date']}, the scenario as of {scenario.on}"))  # fmt: skip
    return CertificateCheck(shortage, wrong, other)


def _read(file: Path) -> dict[str, Any]:
    try:
        told = json.loads(file.read_text(encoding="utf-8"))
        pairs = [*told["posts"], *told["designated"]]
        right = told["format"] == FORMAT and told["stage"] == STAGE and isinstance(told["policy"], dict)
        right &= all(isinstance(told[k], int) for k in ("asked", "people")) and isinstance(told["date"], str)
        right &= all(len(pair) == 2 and all(isinstance(x, str) for x in pair) for pair in pairs)
    except OSError as error:
        why = reason_of(error)
        raise InputError(f"无法读取 {file}：{why.zh}", f"cannot read {file}: {why.en}") from error
    except (ValueError, KeyError, TypeError, AttributeError):
        right = False
    if not right:
        raise InputError(
            f"{file} 不是 jiedui plan --certificate 写出的证书",
            f"{file} is no certificate that jiedui plan --certificate wrote",
        )
    return dict(told)
