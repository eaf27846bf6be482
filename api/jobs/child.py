"""One work in a process of its own: a command of the command line, its answer in a file, its progress through a pipe.

The process stands in the data folder, and words name plans and scenarios as seen from there: so they hold wherever the folder is
moved to, and nobody far away reads in an answer where it is.
"""

from __future__ import annotations

import os
import signal
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import planner.run  # noqa: F401 # read once, before any work is forked off
from api.cli import progress
from api.cli.main import run
from api.jobs.job import Work
from api.jobs.kind import FILES, Kind
from api.jobs.kinds import KINDS
from api.jobs.means import FOLDER, GIVEN, LOG, RESULT, TEMPORARY, Means
from api.jobs.outcome import answered
from api.jobs.share import START, Share
from planner.solve.child import end_with_parent


def carry_out(work: Work, means: Means, pipe: Connection) -> None:
    """Run a command; the process ends with its exit status.

    Parameters
    ----------
    work : Work
        :data:`~api.jobs.kind.FILES` in its words is the folder of its files.
    means : Means
        What of it the command has an option for is added to the words.
    pipe : Connection
        Takes ``(stage, label, facts)`` for every event of the command's progress.
    """
    with suppress(OSError):
        os.setsid()  # so that its solvers end with it
    end_with_parent()
    place = means.place(work.id)
    _to_file(1, place / RESULT, anew=True)
    _to_file(2, place / LOG, anew=work.attempts < 2)  # it says how the attempt before ended
    _at_home(means, place)
    share = Share()

    def told(stage: str, label: str, facts: Mapping[str, Any]) -> None:
        try:
            pipe.send((stage, label, {**facts, **share(stage, facts)}))
        except OSError:  # whoever listened was killed: nobody wants this any more
            os.kill(os.getpid(), signal.SIGTERM)

    told(START, "", {"state": "begun"})
    progress.listener = told
    words = worded(KINDS[work.kind], work.words, means, f"{FOLDER}/{work.id}/{GIVEN}")
    code = run(["--lang", means.language, "-q", *words])
    sys.stdout.flush()
    sys.stderr.flush()
    for stage, facts in share.ended() if answered(code, place) else ():
        told(stage, "", facts)
    os._exit(code)  # nothing that the fork copied is tidied up twice


def worded(kind: Kind, words: Sequence[str], means: Means, files: str) -> list[str]:
    """A command line with the folder of its files in it, and the means that the command has options for."""
    known = [option for parameter in kind.command.params for option in parameter.opts]
    end = list(words).index("--") if "--" in words else len(words)
    named = [f"{files}{w.removeprefix(FILES)}" if w.startswith(FILES) else w for w in words[:end]]
    return [*named, *means.added(known), *words[end:]]


def _at_home(means: Means, place: Path) -> None:
    """Stand in the data folder, with a folder for temporary files that is the work's own."""
    (place / GIVEN).mkdir(exist_ok=True, mode=0o700)
    (place / TEMPORARY).mkdir(exist_ok=True, mode=0o700)
    os.environ["TMPDIR"] = tempfile.tempdir = str(place / TEMPORARY)
    os.chdir(means.data)


def _to_file(number: int, file: Path, *, anew: bool) -> None:
    opened = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND | (os.O_TRUNC if anew else 0), 0o600)
    os.dup2(opened, number)
    os.close(opened)
