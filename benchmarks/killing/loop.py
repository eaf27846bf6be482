"""Round after round: load, propose, adopt, load again; each step killed at a random moment, then done to its end, then looked at."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Literal

from benchmarks.killing.grounds import Fell, Ground
from benchmarks.killing.looking import Known, head_of, readable, settled
from benchmarks.killing.material import Material
from benchmarks.killing.work import step_named
from graph.errors import JieduiError, OutsideError
from graph.office.office import Office
from graph.store.protocol import Store

Who = Literal["client", "server", "both"]
STEPS = ("load", "propose", "adopt", "reload")
PATIENCE_S = 300.0
SHORT_S = 0.2
"""Of a step that no undisturbed round has."""
BY_TIME = 0.3
"""Share of the kills whose moment is drawn by the clock."""
EVERY_S = 0.004
OUTSIDE = OutsideError.exit_code
THEN = ("same", "same", "other", "other killed")
"""What comes after a kill: the same step again, or something else first, which is killed as well or not."""


@dataclass(frozen=True)
class Killed:
    """One kill.

    Parameters
    ----------
    step, who : str
        What was going on, and who was killed.
    fell : str
        ``before`` anything was staged, ``while`` it was, ``after`` the step had its effect.
    faults : tuple of str
        What is wrong afterwards; empty when all is well.
    """

    step: str
    who: Who
    fell: Fell
    faults: tuple[str, ...]


class Loop:
    """Kills on one ground.

    Parameters
    ----------
    ground : Ground
        Where.
    material : Material
        What is loaded and proposed.
    seed : int
        Of the draw; moments also depend on how fast the machine is.
    steps : sequence of str
        The steps of a round.
    """

    def __init__(
        self, ground: Ground, material: Material, *, seed: int = 0, steps: Sequence[str] = STEPS
    ) -> None:
        self.ground, self.material, self.steps = ground, material, steps
        self.draw = random.Random(seed)
        self.lasts: dict[str, float] = {}
        self.reaches: dict[str, int] = {}
        self.store: Store = ground.open()
        self._number = 0

    def close(self) -> None:
        """Close the store."""
        self.store.close()

    def measure(self, times: int = 2) -> list[str]:
        """Undisturbed rounds, to know how long each step takes (a server is slow at first); what is wrong after them."""
        faults: list[str] = []
        for number in range(times):
            network, known = f"undisturbed{number}", Known(self.material)
            for step in (*self.steps, "edit:0"):
                self.lasts[step.partition(":")[0]] = self._to_the_end(network, known, step, True)
            faults += settled(self.ground, self.store, network, known)
            self.ground.clear(self.store, network)
        return faults

    def rounds(self, whom: Sequence[Who]) -> Iterator[Killed]:
        """Kill in this order, a step each; further kills of clients come with some."""
        waiting = list(whom)
        while waiting:
            self._number += 1
            network, known = f"round{self._number}", Known(self.material)
            for step in self.steps:
                if not waiting:
                    break
                who = waiting.pop(0)
                try:
                    yield from self.disturbed(network, known, step, who, self.draw.choice(THEN))
                except (JieduiError, AssertionError) as error:
                    yield Killed(step, who, "while", (repr(error),))
                    break
            self.ground.clear(self.store, network)

    def disturbed(self, network: str, known: Known, step: str, who: Who, then: str) -> Iterator[Killed]:
        """Kill a step, look, do something else where ``then`` says so, do the step to its end, look again."""
        fell, done, faults = self._kill(network, known, step, who)
        other = "" if done or then == "same" else self._other(network, known, step)
        if other and then == "other killed":
            again, done_too, more = self._kill(network, known, other, "client")
            yield Killed(f"{other.partition(':')[0]} after half a {step}", "client", again, tuple(more))
            other = "" if done_too else other
        if other:
            self._to_the_end(network, known, other)
            faults += settled(self.ground, self.store, network, known)
        if done:
            self._finish(network, step)  # once more, which must change nothing
        else:
            self._to_the_end(network, known, step)
        faults += settled(self.ground, self.store, network, known)
        yield Killed(step, who, fell, tuple(faults))

    def _other(self, network: str, known: Known, step: str) -> str:
        """Something else that hinders the step not; nothing where there is no such thing."""
        if step == "propose":
            return "withdraw" if self.ground.staged(self.store, network) else ""
        if not known.head:
            return "reload"
        self._number += 1
        return f"edit:{self._number}"

    def _kill(self, network: str, known: Known, step: str, who: Who) -> tuple[Fell, bool, list[str]]:
        """Start a step, kill somebody, and look before anybody writes again.

        Returns
        -------
        str
            Where the kill fell.
        bool
            Whether the step is done, be it that a client whose server was killed went on by itself.
        list of str
            What is wrong with what readers see.
        """
        faults: list[str] = []
        with self._started(network, step) as worker:
            assert worker.stdout is not None
            worker.stdout.readline()
            self._wait(worker, network, step.partition(":")[0])
            ended = worker.poll() is not None
            if who != "client":
                self.ground.kill_server()
            if who != "server":
                worker.kill()
                worker.wait(PATIENCE_S)
            if who != "client" and self.ground.up():
                self.store.close()
                self.store = self.ground.open()
            if who == "server":
                said = worker.communicate(timeout=PATIENCE_S)[0]
                if worker.returncode not in (0, OUTSIDE) or "Traceback" in said:
                    faults.append(f"{step} ended with {worker.returncode}: {said}")
        fell = self._fell(network, known, step)
        done = fell == "after"
        if done:
            known.done(step)
        faults += readable(self.store, network, known)
        return "while" if who == "server" and not ended else fell, done, faults

    def _wait(self, worker: subprocess.Popen[str], network: str, word: str) -> None:
        """Until a drawn moment: of the time that the step takes, or (as most of that is reading) of what it stages."""
        by_time, share = self.draw.random() < BY_TIME, self.draw.random()
        if by_time or not self.reaches.get(word):
            time.sleep(share * self.lasts.get(word, SHORT_S))
            return
        target = int(share * self.reaches[word]) + 1
        while worker.poll() is None and self.ground.progress(self.store, network) < target:
            time.sleep(EVERY_S)
        time.sleep(self.draw.uniform(0, 5 * EVERY_S))

    def _fell(self, network: str, known: Known, step: str) -> Fell:
        word = step.partition(":")[0]
        if word in ("propose", "withdraw"):
            plan, head = self.material.plan.id, head_of(self.store, network)
            there = bool(head) and plan in {p.plan for p in self.store.proposals(network)}
            filed = [r for r in Office(self.store, network).requests() if r.id == plan]
            if there and not filed:
                return "while"  # the request follows the rows
            done = there == (word == "propose")
        else:
            done = head_of(self.store, network) == known.head + 1
        if done and not self.ground.staged(self.store, network):
            return "after"
        return "while" if self.ground.staged(self.store, network) else "before"

    def _to_the_end(self, network: str, known: Known, step: str, watched: bool = False) -> float:
        seconds = self._finish(network, step, watched)
        known.done(step)
        return seconds

    def _finish(self, network: str, step: str, watched: bool = False) -> float:
        """Do a step undisturbed, in this process; seconds that it took."""
        word, began = step.partition(":")[0], time.monotonic()
        with ThreadPoolExecutor(1) as at_work:
            doing = at_work.submit(step_named(step), self.store, network, self.material)
            while watched and not doing.done():
                now = self.ground.progress(self.store, network)
                self.reaches[word] = max(self.reaches.get(word, 0), now)
                time.sleep(EVERY_S)
            told = doing.result()
        if told.get("equal") is False:
            raise AssertionError(f"{step} of {network} reads back otherwise")
        return time.monotonic() - began

    def _started(self, network: str, step: str) -> subprocess.Popen[str]:
        words = [self.ground.point(network), step, self.material.folder]
        command = [sys.executable, "-m", "benchmarks.killing.work", *map(str, words)]
        return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
