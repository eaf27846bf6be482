"""One reading in a process of its own: bounds first, then the work, then its answer through a pipe."""

from __future__ import annotations

import os
import traceback
from collections.abc import Callable, Mapping
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import polars as pl

from api.service.bounded.told import Defect, Done, Refusal, Told
from graph.errors import InputError, JieduiError, LimitReached
from graph.wording import following

try:
    import resource
except ImportError:  # a system without such limits
    resource = None  # type: ignore[assignment]  # a module, or nothing


def carry_out(
    pipe: Connection,
    memory: int,
    seconds: int,
    environ: Mapping[str, str],
    work: Callable[..., Any],
    arguments: tuple[Any, ...],
    named: Mapping[str, Any],
) -> None:
    """Run a function within bounds.

    Parameters
    ----------
    pipe : Connection
        Takes what came of it.
    memory : int
        Bytes of address space beside those that the process has now.
    seconds : int
        Of the processor.
    environ : mapping of str to str
        What the environment holds besides; these processes come from one that began before it was known.
    work, arguments, named
        The function, and what it is given.
    """
    _silent()
    os.environ.update(environ)
    bound(memory, seconds)
    with suppress(OSError):  # whoever asked has gone
        pipe.send(_outcome(work, arguments, named))


def _outcome(work: Callable[..., Any], arguments: tuple[Any, ...], named: Mapping[str, Any]) -> Told:
    with following():
        try:
            return Done(work(*arguments, **named))
        except JieduiError as error:
            return Refusal.of(error)
        except MemoryError:
            return Refusal.of(
                LimitReached(
                    "读取超出内存限度；请拆成小一些的文件",
                    "reading takes more memory than is given; split it into smaller files",
                )
            )
        except RecursionError:
            return Refusal.of(InputError("嵌套太深", "it is nested too deeply"))
        except pl.exceptions.PolarsError as error:
            return Refusal.of(InputError(f"文件读不出来（{error}）", f"the file cannot be read ({error})"))
        except UnicodeError:
            return Refusal.of(InputError("含有不能写成 UTF-8 的字符", "it has signs that UTF-8 cannot write"))
        except pl.exceptions.PanicException:
            return Refusal.of(
                InputError("文件读不出来；请重新导出", "the file cannot be read; write it again")
            )
        except Exception:
            return Defect(traceback.format_exc())


def bound(memory: int, seconds: int) -> None:
    """Bound this process's address space, processor time and core files from here on."""
    if resource is None:
        return
    pages = (
        int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        if Path("/proc/self/statm").exists()
        else 0
    )
    most = pages * os.sysconf("SC_PAGE_SIZE") + memory
    for limit, value in (
        (resource.RLIMIT_AS, most),
        (resource.RLIMIT_CPU, seconds + 1),
        (resource.RLIMIT_CORE, 0),
    ):
        with suppress(ValueError, OSError):  # it is bounded more narrowly already
            resource.setrlimit(limit, (value, value))


def _silent() -> None:
    """Libraries that give up tell it on standard error, which is the server's log."""
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 2)
    os.close(nothing)
