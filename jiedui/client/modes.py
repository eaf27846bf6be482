"""One source for both clients: every method is written once, as ``async def``, and is either awaited or driven to its end at once.

What blocks instead of awaiting never suspends: a coroutine over a :class:`~jiedui.client.line.BlockingLine` runs to its end at its first
step. So :class:`method` and :class:`stream` hand the source out as it is to an asynchronous client, and driven to a synchronous one;
which of the two an object belongs to stands in its type, ``Job[Sync]`` or ``Job[Async]``, so that type checkers know as well.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Coroutine, Iterator
from functools import update_wrapper
from typing import TYPE_CHECKING, Any, Concatenate, Generic, ParamSpec, TypeVar, cast, overload

if TYPE_CHECKING:
    from jiedui.client.talk import Talk


class Sync:
    """Marks what belongs to :class:`jiedui.client.Client`: methods block."""


class Async:
    """Marks what belongs to :class:`jiedui.client.AsyncClient`: methods are awaited."""


M = TypeVar("M", Sync, Async)
P = ParamSpec("P")
T = TypeVar("T")
R = TypeVar("R")
"""What a source gives, whole: type checkers keep the names of answers then, which they lose where they look into it."""


class Group(Generic[M]):
    """Something of a service: its methods speak through one talk.

    Parameters
    ----------
    talk : Talk
    """

    def __init__(self, talk: Talk) -> None:
        self._talk = talk


class method(Generic[P, R]):  # a decorator
    """A method of both clients; the decorated function is a coroutine function.

    Parameters
    ----------
    source : callable
    """

    def __init__(self, source: Callable[Concatenate[Any, P], R]) -> None:
        self.source = source
        update_wrapper(self, source)  # type: ignore[arg-type] # for help(…)

    @overload
    def __get__(self, at: None, owner: Any) -> method[P, R]: ...
    @overload
    def __get__(self: method[P, Coroutine[Any, Any, T]], at: Group[Sync], owner: Any) -> Callable[P, T]: ...
    @overload
    def __get__(self, at: Group[Async], owner: Any) -> Callable[P, R]: ...
    def __get__(self, at: Any, owner: Any) -> Any:
        """The method of an object: as it is, or driven."""
        if at is None:
            return self
        bound = cast(Any, self.source).__get__(at)
        if not at._talk.blocking:
            return bound

        def at_once(*args: P.args, **kwargs: P.kwargs) -> Any:
            return driven(bound(*args, **kwargs))

        return update_wrapper(at_once, bound)


class stream(Generic[P, R]):  # a decorator
    """A method of both clients that gives one thing after the other; the decorated function is an asynchronous generator.

    Parameters
    ----------
    source : callable
    """

    def __init__(self, source: Callable[Concatenate[Any, P], R]) -> None:
        self.source = source
        update_wrapper(self, source)  # type: ignore[arg-type] # for help(…)

    @overload
    def __get__(self, at: None, owner: Any) -> stream[P, R]: ...
    @overload
    def __get__(
        self: stream[P, AsyncIterator[T]], at: Group[Sync], owner: Any
    ) -> Callable[P, Iterator[T]]: ...
    @overload
    def __get__(self, at: Group[Async], owner: Any) -> Callable[P, R]: ...
    def __get__(self, at: Any, owner: Any) -> Any:
        """The method of an object: as it is, or driven."""
        if at is None:
            return self
        bound = cast(Any, self.source).__get__(at)
        if not at._talk.blocking:
            return bound

        def one_by_one(*args: P.args, **kwargs: P.kwargs) -> Iterator[Any]:
            return _each(bound(*args, **kwargs))

        return update_wrapper(one_by_one, bound)


def driven(work: Coroutine[Any, Any, T]) -> T:
    """Drive a coroutine that never suspends to its end.

    Raises
    ------
    RuntimeError
        When it suspends: it awaits something that does not block.
    """
    try:
        work.send(None)
    except StopIteration as end:
        result: T = end.value
        return result
    work.close()
    raise RuntimeError("a blocking client awaited something")


def _each(source: AsyncGenerator[T, None]) -> Iterator[T]:
    try:
        while True:
            try:
                one = driven(_next(source))
            except StopAsyncIteration:
                return
            yield one
    finally:
        driven(source.aclose())


async def _next(source: AsyncGenerator[T, None]) -> T:
    return await anext(source)
