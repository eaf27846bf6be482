"""What is said of ``--set`` for a stage that a command does not run."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import click

from graph.language import Text
from planner.stage_words import typed_stages


def tell_not_run(settings: Sequence[str], run: Collection[str]) -> None:
    """Say on the error stream which values of ``--set`` are of stages that are not run.

    No error: a stage that is run may look at what another one's value is, and a scenario may be planned stage by stage.

    Parameters
    ----------
    settings : sequence of str
        ``stage.key=value`` as the user gave them.
    run : collection of str
        Stages that are run, in order.
    """
    listed = typed_stages(run)
    for given in settings:
        stage = given.partition(".")[0].strip()
        if stage not in run:
            note = Text(
                f"--set {given}：此次不运行阶段 {stage}（运行：{listed.zh}），这个值不改变它的任何决定",
                f"--set {given}: the stage {stage} is not run here (these are: {listed.en}), so that the value decides nothing of it",
            )
            click.echo(f"! {note}", err=True)
