"""Answers as they are kept: under a key that holds everything that decides them, in one file that proves itself whole.

::

    32 bytes   BLAKE2b of all that follows
     8 bytes   length of the head
    head       JSON: status, facts, names of the arrays
    arrays     one after another, as in a .npy file
"""

from __future__ import annotations

import hashlib
import io
import json

import numpy as np

from planner.solve.stamp import stamp
from planner.solve.task import Answer, Task

DIGEST = 32
LENGTH = 8
FORM = 1
"""Of the file; part of every key, so that another form is never found."""


def task_key(task: Task) -> str:
    """40 hexadecimal digits: engine, every array's name, type, shape and bytes, options, versions of what computes.

    The label is left out, and so is everything about where and how fast it is computed.
    """
    digest = hashlib.blake2b(digest_size=20)
    arrays = sorted(task.arrays.items())
    kinds = [[k, a.dtype.str, list(a.shape), a.flags.fnc] for k, a in arrays]
    head = [FORM, task.engine, dict(task.options), kinds, stamp()]
    digest.update(json.dumps(head, sort_keys=True).encode())
    for name, array in arrays:
        if array.dtype.hasobject:
            raise TypeError(f"array {name} holds Python objects")
        digest.update(np.ascontiguousarray(array).reshape(-1).view(np.uint8).data)
    return digest.hexdigest()


def lasting(task: Task, answer: Answer) -> bool:
    """Whether the same task would be answered so again: whatever had a time limit must say that no clock decided."""
    cut_short = answer.facts.get("cut_short")
    return cut_short is False if task.options.get("time_limit") else not cut_short


def packed(answer: Answer) -> bytes:
    """An answer as the bytes of its file; the seconds are left out."""
    head = {"status": answer.status, "facts": dict(answer.facts), "arrays": list(answer.arrays)}
    text = json.dumps(head).encode()
    body = io.BytesIO()
    body.write(len(text).to_bytes(LENGTH, "big") + text)
    for array in answer.arrays.values():
        np.lib.format.write_array(body, np.asanyarray(array), allow_pickle=False)
    return hashlib.blake2b(body.getbuffer(), digest_size=DIGEST).digest() + body.getvalue()


def unpacked(kept: bytes) -> Answer | None:
    """The answer of such a file; ``None`` where it is damaged."""
    digest, body = kept[:DIGEST], memoryview(kept)[DIGEST:]
    if len(digest) < DIGEST or hashlib.blake2b(body, digest_size=DIGEST).digest() != digest:
        return None
    stream = io.BytesIO(body)
    head = json.loads(stream.read(int.from_bytes(stream.read(LENGTH), "big")))
    arrays = {name: np.lib.format.read_array(stream, allow_pickle=False) for name in head["arrays"]}
    return Answer(head["status"], arrays, head["facts"])
