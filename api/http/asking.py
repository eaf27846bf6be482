"""How routes answer questions about the network: from kept bytes where the same was asked before, with a tag, 304 where nothing changed.

What is kept costs no thread and no work; what is not is worked out in a thread, so that nobody waits for others' questions.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Concatenate, ParamSpec

from fastapi import Depends, Request, Response
from pydantic_core import to_json
from starlette.concurrency import run_in_threadpool

from api.answers.sight import sight_of
from api.answers.told import Told
from api.http.access import Known
from api.http.again import Before, told, words_of
from api.http.conditional import not_modified, weak_tag
from api.http.serving import asked_of
from api.service.caller import Caller
from api.service.networks import Asked
from api.service.service import Service
from graph.wording import worded

Question = Callable[[Told], Any]
P = ParamSpec("P")


@dataclass(frozen=True)
class Asking:
    """Somebody's question about the network.

    Parameters
    ----------
    service : Service
    request : Request
    caller : Caller
    """

    service: Service
    request: Request
    caller: Caller

    async def __call__(
        self, question: Callable[Concatenate[Told, P], Any], *given: P.args, **named: P.kwargs
    ) -> Response:
        """The answer to a question of :class:`~api.answers.told.Told`, and what it is asked with."""
        return await self.answer(
            question.__name__, (given, *sorted(named.items())), lambda told: question(told, *given, **named)
        )

    async def answer(self, name: str, arguments: Hashable, question: Question) -> Response:
        """The answer.

        Parameters
        ----------
        name : str
            Of the question.
        arguments : hashable
            All that it was asked with.
        question : callable
            Gives the answer as plain values.
        """
        asked = await asked_of(self.request)
        key = (asked.version, self.caller.regions, date.today(), name, arguments)
        tag = weak_tag(*key)
        if same := not_modified(self.request, tag, there=False):
            return same
        kept = self.service.kept
        body = kept.get(key)
        if body is None:
            body = await run_in_threadpool(kept.make, key, lambda: self._told(asked, question))
        self._remember(asked, key, tag)
        return not_modified(self.request, tag) or told(body, tag)

    def _remember(self, asked: Asked, key: Hashable, tag: str) -> None:
        state, scope = self.request.app.state, self.request.scope
        needs = state.asks(scope)
        if needs is not None:
            state.remembered.put(words_of(scope, asked, self.caller), Before(needs, key, tag, scope["route"]))

    def _told(self, asked: Asked, question: Question) -> bytes:
        sight = sight_of(asked, self.caller)
        with worded(asked.wording):
            told_by = Told(self.service.networks.where, asked.questions, sight, self.service.plans)
            return as_bytes(question(told_by))


def as_bytes(answer: Any) -> bytes:
    """JSON; what is no number is null."""
    return to_json(answer, inf_nan_mode="null", fallback=str)


async def asking(request: Request, caller: Known) -> Asking:
    """The dependency."""
    return Asking(request.app.state.service, request, caller)


Ask = Annotated[Asking, Depends(asking)]
