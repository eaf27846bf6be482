"""The service without HTTP: its data folder, its records, the network that it answers about. One per process."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from api.access.guesses import Guesses
from api.access.oidc.logins import Logins
from api.access.passes import Passes
from api.jobs.desk import Desk
from api.jobs.means import PLANS
from api.jobs.queue import open_queue, ticket
from api.service.alerts import Alerts
from api.service.audit.log import Audit
from api.service.bounded.guard import Guard
from api.service.kept import MB, Kept
from api.service.networks import Networks
from api.service.records import open_records
from api.service.scenarios.kept import FOLDER as SCENARIOS
from api.service.scenarios.shelf import Shelf
from api.service.settings import Settings
from api.service.uploads.tray import FOLDER as UPLOADS
from api.service.uploads.tray import Tray
from graph.store.opening import SERVED_AT, store_address
from graph.store.workspace.database import Database

if TYPE_CHECKING:
    from api.access.oidc.provider import Provider


@dataclass(frozen=True)
class Service:
    """What every route stands on.

    Parameters
    ----------
    settings : Settings
    records : Database
        ``service.sqlite3`` of the data folder.
    networks : Networks
        The network that questions are asked of.
    """

    settings: Settings
    records: Database
    networks: Networks

    @cached_property
    def desk(self) -> Desk:
        """Where jobs are ordered."""
        return Desk(self.records, waiting=self.settings.jobs_waiting, per_user=self.settings.jobs_per_user)

    @cached_property
    def audit(self) -> Audit:
        """Where every change is told."""
        return Audit(self.records, self.settings.data)

    @cached_property
    def guard(self) -> Guard:
        """Reads what somebody sent."""
        settings = self.settings
        return Guard(settings.reading_mb, settings.reading_seconds, settings.readings)

    @cached_property
    def shelf(self) -> Shelf:
        """Scenarios: those that came with jiedui, and those that are made here."""
        return Shelf(self.scenarios, self.guard, lambda: self.networks.asked().version)

    @cached_property
    def tray(self) -> Tray:
        """What was sent and is not yet committed."""
        settings = self.settings
        return Tray(self.uploads, self.guard, days=settings.uploads_days, per_user=settings.uploads_per_user)

    @cached_property
    def kept(self) -> Kept:
        """Answers about the network that were worked out before."""
        return Kept(self.settings.answers_mb * MB)

    @cached_property
    def passes(self) -> Passes:
        """Tokens and sessions."""
        return Passes(self.records)

    @cached_property
    def guesses(self) -> Guesses:
        """Wrong tokens, by address."""
        return Guesses()

    @cached_property
    def logins(self) -> Logins:
        """Logins at the provider that are under way."""
        return Logins(self.records)

    @cached_property
    def provider(self) -> Provider | None:
        """The OpenID provider, where one is set."""
        from api.access.oidc.provider import Provider

        return Provider(self.settings) if self.settings.oidc_issuer else None

    @cached_property
    def _ticket(self) -> Callable[[], object]:
        return ticket(open_queue(self.settings.data))

    @cached_property
    def alerts(self) -> Alerts:
        """What in the network wants attention."""
        return Alerts(self.networks, self.settings.thresholds)

    def ring(self) -> None:
        """Tell the worker that a job was ordered."""
        self._ticket()

    @property
    def plans(self) -> Path:
        """Folder of the plans."""
        return self.settings.data / PLANS

    @property
    def scenarios(self) -> Path:
        """Folder of the scenarios that were made here."""
        return self.settings.data / SCENARIOS

    @property
    def uploads(self) -> Path:
        """Folder of what was uploaded and not yet committed."""
        return self.settings.data / UPLOADS

    def begin(self) -> None:
        """Finish what an end in the middle left, before anybody asks; for the one process that serves the folder."""
        self.shelf.kept.mend()
        self.tray.mend()

    def close(self) -> None:
        """Let go of stores and files."""
        os.environ.pop(SERVED_AT, None)
        self.networks.close()
        self.records.close()


def open_service(settings: Settings, network: str) -> Service:
    """The service of a data folder; ``network``: the address or scenario that questions are asked of.

    Raises
    ------
    InputError, OutsideError
        When the folder's records cannot be used.
    """
    service = Service(settings, open_records(settings.data), Networks(network))
    for folder in (service.plans, service.scenarios, service.uploads):
        folder.mkdir(exist_ok=True, mode=0o700)
    _tell_address(network)
    return service


def _tell_address(network: str) -> None:
    """Tell processes of this service where its network is, for scenarios that stand on it."""
    address = store_address(network)
    os.environ.pop(SERVED_AT, None)
    if address is not None:
        folder = None if address.folder is None else address.folder.absolute()
        os.environ[SERVED_AT] = str(replace(address, folder=folder))
