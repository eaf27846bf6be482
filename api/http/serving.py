"""What routes take as parameters: the service, and the network at the version that the request sees."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from api.service.networks import Asked
from api.service.service import Service


def service_of(request: Request) -> Service:
    """The service that the app was made for."""
    found: Service = request.app.state.service
    return found


def asked_of(request: Request) -> Asked:
    """The network as it is now."""
    return service_of(request).networks.asked()


TheService = Annotated[Service, Depends(service_of)]
TheNetwork = Annotated[Asked, Depends(asked_of)]
