"""Parts are made while others are sent: in order, one ahead, errors in their place."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator

import pytest

from api.http.frames.ahead import ahead


def test_all_parts_in_their_order() -> None:
    async def all_of(parts: Iterator[int]) -> list[int]:
        return [part async for part in ahead(parts)]

    assert asyncio.run(all_of(iter(range(1, 50)))) == list(range(1, 50))
    assert asyncio.run(all_of(iter(()))) == []


def test_the_next_is_made_while_one_is_sent_and_no_more() -> None:
    made, second = list[int](), threading.Event()

    def parts() -> Iterator[int]:
        for number in range(1, 6):
            made.append(number)
            if number == 2:
                second.set()
            yield number

    async def one_taken() -> int:
        stream = ahead(parts())
        first = await anext(stream)
        assert await asyncio.to_thread(second.wait, 10)
        await asyncio.sleep(0.05)  # time enough to make the third, were that allowed
        await stream.aclose()  # type: ignore[attr-defined] # a generator
        return first

    assert asyncio.run(one_taken()) == 1 and made == [1, 2]


def test_an_error_comes_where_its_part_would() -> None:
    def parts() -> Iterator[int]:
        yield 1
        raise ValueError("cut off")

    async def taken() -> int:
        stream = ahead(parts())
        first = await anext(stream)
        with pytest.raises(ValueError, match="cut off"):
            await anext(stream)
        return first

    assert asyncio.run(taken()) == 1


def test_an_error_that_nobody_waits_for_is_silent() -> None:
    failed = threading.Event()

    def parts() -> Iterator[int]:
        yield 1
        failed.set()
        raise ValueError("too late")

    async def left() -> None:
        stream = ahead(parts())
        assert await anext(stream) == 1
        await stream.aclose()  # type: ignore[attr-defined] # a generator
        assert await asyncio.to_thread(failed.wait, 10)

    asyncio.run(left())
