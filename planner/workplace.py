"""Where a plan's tasks run: child processes here or a Dask cluster, and what may go wrong there, in words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from graph.errors import JieduiError, OutsideError, UsageError
from graph.language import Text
from planner.solve.executor import LocalProcesses
from planner.solve.pool import NO_WORKERS, Pool, SolverAway, SolverKilled, SolverMemory, SolverOther

FAILURES = (SolverKilled, SolverMemory, MemoryError, SolverAway, SolverOther)
"""What :func:`in_words` knows."""


@contextmanager
def workplace(workers: int | None, dask: str | None = None, executor: Pool | None = None) -> Iterator[Pool]:
    """The pool that was asked for; ended at the end, unless it is the caller's own ``executor``.

    Parameters
    ----------
    workers : int, optional
        Child processes (1 where it is not given); with ``dask`` the most tasks that run there at once.
    dask : str, optional
        Address of a Dask cluster's scheduler.
    executor : Pool, optional
        A pool of the caller's.

    Raises
    ------
    UsageError
        When Dask is asked for and not installed, or beside another pool.
    OutsideError
        When the cluster does not answer, has no workers, or workers with other software.
    """
    if executor is None:
        with _opened(workers, dask) as pool:
            yield pool
    elif dask is None:
        yield executor
    else:
        raise UsageError("dask 与 executor 只能给出一个", "give either dask or executor, not both")


def _opened(workers: int | None, dask: str | None) -> Pool:
    if dask is None:
        return LocalProcesses(workers or 1)
    try:
        from planner.solve.cluster import DaskCluster
    except ImportError as error:
        raise UsageError(
            f"使用 Dask 需要可选组件 dask：pip install 'jiedui[dask]'，克隆的仓库中为 pip install -e '.[dask]'（{error}）",
            f"Dask needs the extra dask: pip install 'jiedui[dask]', in a clone pip install -e '.[dask]' ({error})",
        ) from error
    try:
        return DaskCluster(dask, workers)
    except (SolverAway, SolverOther) as error:
        raise in_words(Text("Dask 集群", "Dask cluster"), error) from error


def in_words(about: Text, error: BaseException) -> JieduiError:
    """What failed outside, with what to do; ``about`` is what was being done, ``error`` one of :data:`FAILURES`."""
    zh, en = _words(error)
    return OutsideError(f"{about.zh}：{zh}", f"{about.en}: {en}")


def _words(error: BaseException) -> tuple[str, str]:
    if isinstance(error, SolverKilled):
        return (
            f"求解进程被终止（{error.code}）；没有写出任何内容",
            f"the solver process was killed ({error.code}); nothing was written",
        )
    if isinstance(error, SolverAway) and error.why == NO_WORKERS:
        return (
            f"{error.place} 没有工作进程；请用 dask worker {error.place} 启动",
            f"{error.place} has no workers; start some by dask worker {error.place}",
        )
    if isinstance(error, SolverAway):
        return (
            f"{error.place} 的调度器没有应答（{error.why}）；请检查地址",
            f"the scheduler at {error.place} does not answer ({error.why}); check the address",
        )
    if isinstance(error, SolverOther):
        zh, en = [], []
        for worker, packages in error.differences.items():
            for package, version in packages.items():
                here = error.ours[package]
                zh.append(f"  · {worker} 的 {package}：{version or '没有'}，这里是 {here}")
                en.append(f"  · {worker} has {package} {version or '(none)'}, here it is {here}")
        return (
            f"{error.place} 的工作进程与本机的软件不同，答案可能不同；请安装相同的版本：\n" + "\n".join(zh),
            f"workers of {error.place} have other software than this machine, and might answer otherwise; "
            "install the same versions:\n" + "\n".join(en),
        )
    return "内存不足；减少 --workers 或缩小场景", "out of memory; use fewer --workers or a smaller scenario"
