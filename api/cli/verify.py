"""``jiedui verify``: re-check a plan without the solver."""

from __future__ import annotations

from pathlib import Path

import cloup

from api.cli.screen import print_json, print_line
from graph.errors import CheckFailed
from graph.language import Text, several


@cloup.command(
    "verify", help=str(Text("不用求解器，逐行复核方案", "re-check a plan row by row, without the solver"))
)
@cloup.argument("plan", default="plans")
@cloup.option("--plan", "handmade", metavar="FILE",
              help=str(Text("核查手工方案（CSV 或 Excel）；参数为场景", "check a hand-made plan (CSV or Excel); the argument is the scenario")))  # fmt: skip
@cloup.option(
    "--bound",
    metavar="PLAN",
    help=str(Text("与 --plan 合用：以这个方案的界为准", "with --plan: measure against this plan's bound")),
)
@cloup.option("--json", "as_json", is_flag=True, help=str(Text("输出 JSON", "print JSON")))
def command(*, plan: str, handmade: str | None, bound: str | None, as_json: bool) -> None:
    """Verify; exit status 1 where anything is wrong."""
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
            told = [r for r in check.rules if r.state in ("binding", "slack")]
            bound_words = Text("界由证书证明", "bound proved by its certificate") if check.bound is not None else Text(
                "界由求解器给出", "bound is the solver's word")  # fmt: skip
            print_line(Text(
                f"{name}：{len(told)} 条规则成立，目标重算一致，{bound_words.zh}",
                f"{name}: {several(len(told), 'rule holds', 'rules hold')}, objective recomputed, {bound_words.en}",
            ))  # fmt: skip
        for broken in found.broken[:100]:
            print_line(f"✗ {broken.text}")
    if not found.ok:
        n = len(found.broken)
        raise CheckFailed(f"{found.plan.id}：{n} 处不对", f"{found.plan.id}: wrong in {several(n, 'place')}")
    if not as_json:
        print_line(Text(f"✓ 方案 {found.plan.id} 核查无误", f"✓ plan {found.plan.id} is what it says"))
