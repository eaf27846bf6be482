"""The office of a network: requests from draft to applied, locks and freezes; the same on every store."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

from graph.errors import InputError, JieduiError, UsageError
from graph.language import Text
from graph.office.drafting import Drafting
from graph.office.locked import Locked
from graph.office.register import Register
from graph.office.request import KIND, WRITING, Request, SameEyes, Step
from graph.store.changes import Changes
from graph.store.clash import StaleError
from graph.store.papers import StalePaper
from graph.store.version import How, Version


class Office(Drafting):
    """Requests for one network of a store, and the register that guards it; parameters as :class:`Watch`."""

    def step(self, id: str, step: Step, *, by: str, note: str = "", revision: int | None = None) -> Request:
        """Submit, return, reject a request, or take its approval back. Approving and applying have methods of their own.

        Raises
        ------
        StalePaper
            When the request is at another revision than the one given.
        WrongState
            When its state does not allow the step.
        StaleError, InputError
            When what is submitted could not be applied as things are.
        """

        def take() -> Request:
            request, register = self.request(id, revision).after(step, note), self.register()
            if step == "submit" and not request.plan:
                self._rehearsed(request.changes, request.base)
            filings = [request.filing()]
            if step in ("unapprove", "reject"):
                filings.append(register.without(id).filing())
            return self._filed(filings, by)

        return self._again(take, fixed="" if revision is None else KIND)

    def approve(self, id: str, *, by: str, note: str = "", revision: int | None = None) -> Request:
        """Approve a request; its rows are held until it is applied, rejected or its approval is taken back.

        Raises
        ------
        StalePaper
            When the request is at another revision than the one given.
        WrongState
            When its state does not allow it.
        SameEyes
            When the office wants four eyes, and these drafted, edited or submitted it.
        StaleError
            When what it changes has changed since it was drafted.
        Locked
            When another approved request holds one of its rows, or a place is frozen.
        """

        def take() -> Request:
            request, register = self.request(id, revision), self.register()
            request = self.agreed(request, register, by=by, note=note)
            self.store.rehearse(self.network, request.changes, base=request.base)
            self._guard(register, request.changes, id)
            held = register.holding(request.rows(), id)
            return self._filed([request.filing(), held.filing()], by)

        return self._again(take, fixed="" if revision is None else KIND)

    def hindrance(self, request: Request) -> Text | None:
        """What keeps a pending edit from being applied as things are: somebody changed its rows, holds or froze them."""
        found = self.hindered_by(request)
        return found.text if found else None

    def hindered_by(self, request: Request) -> JieduiError | None:
        """The same as the error that approving or applying would raise."""
        if not request.pending or request.plan:
            return None
        try:
            self._rehearsed(request.changes, request.base)
            self._guard(self.register(), request.changes, request.id)
        except (StaleError, Locked, InputError) as error:
            return error
        return None

    def agreed(self, request: Request, register: Register, *, by: str, note: str = "") -> Request:
        """A request as somebody who approves it makes it; not filed yet.

        Raises
        ------
        WrongState
            When its state does not allow it.
        SameEyes
            When the office wants four eyes, and these drafted, edited or submitted it.
        """
        after = request.after("approve", note)
        if (register.four_eyes or self.four_eyes) and by in self.writers(request):
            raise SameEyes(
                f"请求 {request.id} 由 {by} 起草、修改或提交过，须由他人批准",
                f"request {request.id} is {by}'s own (drafted, edited or submitted); somebody else must approve it",
            )
        return after

    def writers(self, request: Request) -> set[str]:
        """Who drafted, edited or submitted a request."""
        log = self.store.paper_log(self.network, KIND, request.id)
        return {request.author, *(p.by for p in log if p.content["step"] in WRITING)}

    def apply(self, id: str, *, by: str, note: str = "", revision: int | None = None) -> Version:
        """Carry out an approved edit, in one version.

        Raises
        ------
        WrongState
            When it is not approved.
        UsageError
            When it is a plan's: those are adopted.
        StaleError, Locked
            As for :meth:`approve`.
        StalePaper
            When a colleague took a step in the same moment.
        """
        request = self.request(id, revision)
        if request.plan:
            raise UsageError(
                f"{id} 是方案，须采纳而非执行（命令行：jiedui graph adopt {id}）",
                f"{id} is a plan, which is adopted, not applied (at the command line: jiedui graph adopt {id})",
            )
        done = request.after("apply", note)
        return self.write(request.changes, base=request.base, how="request", by=by, why=id, request=done)

    def write(
        self,
        changes: Changes,
        *,
        base: int,
        how: How,
        by: str,
        why: str,
        request: Request | None = None,
        still: Callable[[], None] = lambda: None,
        mark: Callable[[Request, int], Request] = lambda request, _: request,
    ) -> Version:
        """Change the network, guarded by the register, which is filed along so that nothing is approved in between.

        Parameters
        ----------
        changes, base, how, by, why
            As :meth:`graph.store.protocol.Store.write` has them.
        request : Request, optional
            Filed along; what it holds is let go.
        still : callable
            Raises where the change must not be made any more; between this and the change no office writes.
        mark : callable
            Gives the request that is filed; told the number of the version that the change makes.

        Raises
        ------
        StaleError, Locked, InputError
            When the ground has changed, is held or frozen, or rows name what is not there; nothing is done.
        StalePaper
            When a colleague took a step with the request in the same moment.
        """
        own = request.id if request is not None else ""

        def take() -> Version:
            register = self.register()
            if request is not None:
                self._refuse_stale(request)
            still()
            self._refuse_circle(changes)
            self._guard(register, changes, own)
            filings = [
                register.without(own).filing()
            ]  # even unchanged: so that nothing is approved in between
            next_one = self.store.head(self.network).number + 1
            if request is not None:
                filings.append(mark(request, next_one).filing())
            made = self.store.write(
                self.network, changes, base=base, how=how, by=by, why=why, filings=filings
            )
            if request is not None and made.number > next_one:  # somebody loaded meanwhile
                again = replace(mark(request, made.number), revision=request.revision + 1)
                with suppress(StalePaper):
                    self._filed([again.filing()], by)
            return made

        return self._again(take, fixed=KIND)

    def _refuse_stale(self, request: Request) -> None:
        """Say at once what the store would say after a wait among other writers."""
        now = self.request(request.id).revision
        if now != request.revision:
            raise StalePaper(request.filing(), now)
