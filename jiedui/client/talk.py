"""How calls are spoken over a line: sent, sent again where that is safe, answers checked, event streams followed."""

from __future__ import annotations

import ssl
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import httpx2
from tenacity import AttemptManager

from graph.errors import UsageError
from jiedui.client.again import behind, plan_of_tries
from jiedui.client.call import Call
from jiedui.client.line import Line
from jiedui.client.problems import Unreachable, problem_of

SILENCE_SECONDS = 60.0
"""An event stream says that it lives every 15 s; one that is silent so long is dead."""


class Talk:
    """What groups speak through.

    Parameters
    ----------
    line : Line
    attempts : int
        How often a call is tried.
    patience : float
        Seconds after which nothing is tried again.
    """

    def __init__(self, line: Line, attempts: int, patience: float) -> None:
        self.line, self.attempts, self.patience = line, attempts, patience

    @property
    def blocking(self) -> bool:
        """Whether nothing of it ever suspends."""
        return self.line.blocking

    async def send(self, call: Call) -> httpx2.Response:
        """The answer, read whole.

        Raises
        ------
        ProblemError
            When the service answers with 400 and above.
        Unreachable
            When nobody answers.
        """
        with reached(self.line.base):
            async for attempt in self._tries(call):
                with attempt:
                    async with self._answer(call, attempt.retry_state.attempt_number) as answer:
                        await self.line.read(answer)
                        return answer
        raise AssertionError("a retry ends with an answer or an error")

    async def save(self, call: Call, file: Path) -> None:
        """Write the answer to a file piece by piece, whole or not at all; raises as :meth:`send`."""
        with reached(self.line.base):
            async for attempt in self._tries(call):
                with attempt:
                    async with self._answer(call, attempt.retry_state.attempt_number) as answer:
                        with whole(file) as write:
                            async for piece in self.line.pieces(answer):
                                write(piece)

    async def events(self, call: Call) -> AsyncGenerator[httpx2.ServerSentEvent, None]:
        """Server-sent events as they come; raises as :meth:`send`, and is not tried again."""
        with reached(self.line.base):
            async with self._answer(call, silence=SILENCE_SECONDS) as answer:
                if answer.status_code == 204:  # the stream has ended, and nothing is behind
                    return
                async for event in self.line.events(answer):
                    yield event

    async def pause(self, seconds: float) -> None:
        """Wait."""
        await self.line.pause(seconds)

    async def close(self) -> None:
        """Let go of the connections."""
        await self.line.close()

    def _tries(self, call: Call) -> AsyncIterator[AttemptManager]:
        return self.line.attempts(**plan_of_tries(call, self.attempts, self.patience))

    @asynccontextmanager
    async def _answer(
        self, call: Call, attempt: int = 1, *, silence: float | None = None
    ) -> AsyncIterator[httpx2.Response]:
        """An answer that is no problem, open; what is gone at a second DELETE was there for the first."""
        limit = {} if silence is None else {"timeout": httpx2.Timeout(silence)}
        headers = {"Accept": call.accept, **call.headers}
        request = self.line.request(
            call.content, method=call.verb, url=call.path, params=call.parameters, json=call.body, headers=headers, **limit
        )  # fmt: skip
        answer = await self.line.send(request)
        try:
            gone = call.verb == "DELETE" and answer.status_code == 404 and attempt > 1
            if answer.is_error and not gone:
                await self.line.read(answer)
                raise problem_of(answer)
            yield answer
        finally:
            await self.line.close(answer)


@contextmanager
def reached(base: httpx2.URL) -> Iterator[None]:
    """Tell errors of the connection in our words.

    Raises
    ------
    Unreachable
        When nobody answers, or one whose certificate is not known.
    """
    try:
        yield
    except httpx2.TransportError as error:
        raise _unreachable(base, error) from error


def _unreachable(base: httpx2.URL, error: httpx2.TransportError) -> Unreachable:
    unknown, why = behind(error, ssl.SSLCertVerificationError), str(error) or type(error).__name__
    if unknown is not None:
        return Unreachable(
            f"{base} 的证书无法核实（{unknown.verify_message}）；若是自己的证书，请用 ca= 给出签发它的证书文件（PEM）",
            f"the certificate of {base} cannot be verified ({unknown.verify_message}); where it is one of your own, give "
            'the file (PEM) of who issued it: Client(…, ca="ca.pem")',
        )
    if "WRONG_VERSION_NUMBER" in why:
        return Unreachable(
            f"{base} 不是 https；地址应以 http:// 开头？", f"{base} does not speak https; is it http://?"
        )
    return Unreachable(
        f"连不上 {base}（{why}）；请确认服务已开、地址无误",
        f"cannot reach {base} ({why}); is the service running there?",
    )


@contextmanager
def whole(file: Path) -> Iterator[Callable[[bytes], object]]:
    """A file that is there whole or not at all.

    Raises
    ------
    UsageError
        When it cannot be written there.
    """
    part = file.with_name(f".{file.name}.part")
    try:
        opened = part.open("wb")
    except OSError as error:
        raise UsageError(
            f"写不了 {file}：{error.strerror}", f"cannot write {file}: {error.strerror}"
        ) from error
    try:
        with opened:
            yield opened.write
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)
