"""What a service says no to, as exceptions.

::

    JieduiError
    └── ProblemError           any problem document (RFC 9457)
        ├── NotFound           404   (UsageError)
        ├── BadRequest         422   (UsageError)   how the request is written, or a word in it
        ├── BadInput           422   (InputError)   a file, table or setting; bad rows in ``report``
        ├── Infeasible         422   (InfeasibleError)
        ├── NoAnswer           422   (LimitReached)
        ├── Refused            401, 403
        ├── Conflict           409   (CheckFailed)
        │   └── Stale          412             somebody else has changed it: read again
        ├── TooMany            429             ``retry_after`` seconds
        └── Outside            502, 503, 504   (OutsideError)
    JieduiError
    └── JobFailed              a job ended otherwise than well
        ├── JobInfeasible      (InfeasibleError)
        ├── JobStopped         (LimitReached)  no answer within the limit
        └── JobCancelled
    OutsideError
    └── Unreachable            nobody answers at the address

So ``except InputError`` catches the same whether a scenario is read here or over there.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx2

from graph.errors import (
    CheckFailed,
    InfeasibleError,
    InputError,
    JieduiError,
    LimitReached,
    OutsideError,
    UsageError,
)
from jiedui.client.answers import Report


class ProblemError(JieduiError):
    """The service answered with a problem document, in the words of the service.

    Parameters
    ----------
    status : int
        HTTP status.
    problem : mapping
        The whole document.
    retry_after : float, optional
        Seconds after which it is worth trying again.
    """

    def __init__(self, status: int, problem: Mapping[str, Any], retry_after: float | None = None) -> None:
        self.status, self.problem, self.retry_after = status, problem, retry_after
        words = str(problem.get("detail") or problem.get("title") or f"HTTP {status}")
        message = problem.get("message") or {}
        JieduiError.__init__(self, str(message.get("zh", words)), str(message.get("en", words)))

    @property
    def kind(self) -> str:
        """Which problem, as ``not-found``."""
        return str(self.problem.get("type", "")).rpartition("/")[2]

    @property
    def request_id(self) -> str:
        """Number of the request, for those who run the service."""
        return str(self.problem.get("request_id", ""))

    @property
    def report(self) -> Report | None:
        """Every bad row, in the shape of a Frictionless report; ``None`` where it is not about rows."""
        found: Report | None = self.problem.get("report")
        return found

    def details(self) -> dict[str, Any]:
        """The problem document."""
        return dict(self.problem)


class NotFound(ProblemError, UsageError):
    """What was named is not there."""


class BadRequest(ProblemError, UsageError):
    """The request's words are wrong."""


class BadInput(ProblemError, InputError):
    """A file, table or setting that was sent cannot be read as what it should be."""


class Infeasible(ProblemError, InfeasibleError):
    """The rules cannot hold together."""


class NoAnswer(ProblemError, LimitReached):
    """No answer within the limit."""


class Refused(ProblemError):
    """The caller may not do this, or nobody is known by the token."""


class Conflict(ProblemError, CheckFailed):
    """In conflict with how things are."""


class Stale(Conflict):
    """Somebody else has changed it since it was read."""


class TooMany(ProblemError):
    """Too many requests or jobs."""


class Outside(ProblemError, OutsideError):
    """Something that the service stands on failed."""


class Unreachable(OutsideError):
    """Nobody answers at the address, or the connection broke off."""


class JobFailed(JieduiError):
    """A job ended otherwise than well, in the words of the command.

    Parameters
    ----------
    id : str
        The job.
    error : mapping
        As the command line's ``--json`` tells it.
    """

    def __init__(self, id: str, error: Mapping[str, Any]) -> None:
        self.id, self.error = id, error
        message = error.get("message") or {}
        JieduiError.__init__(
            self,
            str(message.get("zh", f"任务 {id} 没有成功")),
            str(message.get("en", f"job {id} did not end well")),
        )

    def details(self) -> dict[str, Any]:
        """The error as the command told it."""
        return dict(self.error)


class JobInfeasible(JobFailed, InfeasibleError):
    """The rules cannot hold together; the clash stands in ``error``."""


class JobStopped(JobFailed, LimitReached):
    """No answer within the limit."""


class JobCancelled(JobFailed):
    """Somebody cancelled it."""


BY_KIND: Mapping[str, type[ProblemError]] = {
    "bad-rows": BadInput, "bad-input": BadInput, "infeasible": Infeasible, "limit": NoAnswer, "stale": Stale,
}  # fmt: skip
BY_STATUS: Mapping[int, type[ProblemError]] = {
    401: Refused, 403: Refused, 404: NotFound, 409: Conflict, 412: Stale, 422: BadRequest, 428: Stale, 429: TooMany,
    502: Outside, 503: Outside, 504: Outside,
}  # fmt: skip
BY_EXIT: Mapping[int, type[JobFailed]] = {3: JobInfeasible, 4: JobStopped}


def problem_of(response: httpx2.Response) -> ProblemError:
    """The error that an answer of 400 and above is; its body has been read."""
    try:
        found = response.json()
    except ValueError:
        found = None
    told: Mapping[str, Any] = (
        found
        if isinstance(found, dict)
        else {"detail": f"HTTP {response.status_code} {response.reason_phrase}"}
    )
    kind = str(told.get("type", "")).rpartition("/")[2]
    made = BY_KIND.get(kind) or BY_STATUS.get(response.status_code, ProblemError)
    return made(response.status_code, told, _seconds(response.headers.get("Retry-After")))


def failure_of(id: str, state: str, error: Mapping[str, Any] | None) -> JobFailed:
    """The error that a job's end is."""
    if state == "cancelled":
        return JobCancelled(
            id, {"message": {"zh": f"任务 {id} 已取消", "en": f"job {id} was cancelled"}, "exit": 130}
        )
    told = error or {}
    return BY_EXIT.get(int(told.get("exit") or 0), JobFailed)(id, told)


def _seconds(text: str | None) -> float | None:
    try:
        return None if text is None else max(0.0, float(text))
    except ValueError:  # a date: rare, and nothing to wait exactly for
        return None
