"""``jiedui verify``: re-check a plan without the solver."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cloup

from api.cli.screen import print_json, print_line
from graph.errors import ReportFailed, UsageError
from graph.language import Text, several

if TYPE_CHECKING:
    from planner.verify.outcome import StageCheck


@cloup.command(
    "verify", help=str(Text("不用求解器，逐行复核方案", "re-check a plan row by row, without the solver"))
)
@cloup.argument("plan", default="plans")
@cloup.option("--plan", "handmade", metavar="FILE",
              help=str(Text("核查手工方案（CSV 或 Excel）；参数为场景", "check a hand-made plan (CSV or Excel); the argument is the scenario")))  # fmt: skip
@cloup.option(
    "--bound",
    metavar="PLAN",
    help=str(
        Text(
            "与 --plan 合用：以这个方案的界为准；文件没有的前面阶段的决定也取自它",
            "with --plan: measure against this plan's bound; decisions of earlier stages that the file lacks come from it too",
        )
    ),
)
@cloup.option("--certificate", default=None, metavar="FILE",
              help=str(Text("核查人手不足的证书（plan --certificate 写出）；参数为场景",
                            "check the certificate that people are too few, as plan --certificate wrote it; the argument is the scenario")))  # fmt: skip
@cloup.option("--json", "as_json", is_flag=True, help=str(Text("输出 JSON", "print JSON")))
def command(
    *, plan: str, handmade: str | None, bound: str | None, certificate: str | None, as_json: bool
) -> None:
    """Verify; exit status 1 where anything is wrong."""
    if certificate and handmade:
        raise UsageError("--plan 与 --certificate 不能合用", "--plan and --certificate do not go together")
    if certificate:
        check_certificate(plan, certificate, as_json)
        return
    if handmade:
        from api.cli.handmade import check_handmade

        check_handmade(plan, handmade, bound, as_json)
        return
    from planner.verify import verify

    found = verify(Path(plan))
    if as_json:
        print_json(found.as_dict())
    else:
        for name, check in found.stages.items():
            held, proof = said_rules(check), said_bound(found.plan.stages[name], check)
            print_line(Text(
                f"{name}：{held.zh}，目标重算一致，{proof.zh}", f"{name}: {held.en}, objective recomputed, {proof.en}"
            ))  # fmt: skip
        for broken in found.broken[:100]:
            print_line(f"✗ {broken.text}")
    if not found.ok:
        n = len(found.broken)
        raise ReportFailed(f"{found.plan.id}：{n} 处不对", f"{found.plan.id}: wrong in {several(n, 'place')}")
    if not as_json:
        print_line(Text(f"✓ 方案 {found.plan.id} 核查无误", f"✓ plan {found.plan.id} is what it says"))


def check_certificate(scenario: str, file: str, as_json: bool) -> None:
    """Count again whether people are too few, as a certificate says.

    Raises
    ------
    ReportFailed
        When it does not hold on this scenario.
    """
    from planner.shortage_certificate import check_certificate as check

    found = check(scenario, file)
    if as_json:
        print_json(found.as_dict())
    else:
        for wrong in found.wrong:
            print_line(f"✗ {wrong}")
    if found.wrong:
        n = len(found.wrong)
        raise ReportFailed(f"{file}：{n} 处不对", f"{file}: wrong in {several(n, 'place')}")
    if not as_json:
        told, under = found.shortage, other_policy(found.other)
        print_line(Text(
            f"✓ {under.zh}属实：{len(told.posts)} 处必须配齐的岗位要 {told.asked} 人，只有 {told.people} 名干部可到，缺 {told.asked - told.people} 人",
            f"✓ true{under.en}: {several(len(told.posts), 'row')} of village_posts that must be filled ask for {several(told.asked, 'person', 'people')}, and "
            f"only {told.people} may take any of them: {told.asked - told.people} too few",
        ))  # fmt: skip


def other_policy(other: Sequence[str]) -> Text:
    """Under which values a certificate holds, where they are not the scenario's own."""
    if not other:
        return Text("", "")
    return Text(
        f"按证书的政策值（与场景的不同：{'、'.join(other)}）",
        f" under the policy of the certificate, which differs from the scenario's: {', '.join(other)}",
    )


def said_rules(check: StageCheck) -> Text:
    """How many rules were checked; by own scores there may be none beside capacities and who may be chosen."""
    held = sum(r.state in ("binding", "slack") for r in check.rules)
    if broken := sum(r.state == "broken" for r in check.rules):
        return Text(
            f"{held} 条规则成立，{broken} 条如所述有违反",
            f"{several(held, 'rule holds', 'rules hold')}, {several(broken, 'is', 'are')} broken, as told",
        )
    if not held:
        return Text("容量与人数相符，未启用其他规则", "capacities are kept, no other rule is on")
    return Text(f"{held} 条规则成立", several(held, "rule holds", "rules hold"))


def said_bound(head: Mapping[str, Any], check: StageCheck) -> Text:
    """What stands behind a stage's bound."""
    if check.proves(head):
        return Text("界由证书证明", "bound proved by its certificate")
    if check.bound is None:
        return Text("界由求解器给出", "bound is the solver's word")
    proved = f"{check.bound / head['scale']:,.10g}"
    return Text(f"证书证明到 {proved}，其余由求解器给出", f"its certificate proves {proved}, the rest of the bound is the solver's word")  # fmt: skip
