"""At the root: figures for Prometheus."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST

from api.http.access import OPEN, needs
from api.http.measures import Measures
from api.service.caller import Role

EXAMPLE = 'jiedui_requests_total{method="GET",route="/healthz",status="200"} 12.0\njiedui_queue_length 0.0\n'


def router_for(*, anybody: bool) -> APIRouter:
    """The router; ``anybody``: whether everybody may read it, as the setting ``metrics_open`` says."""
    router = APIRouter(tags=["service"], dependencies=[OPEN if anybody else needs(Role.ADMIN, "whole")])
    router.add_api_route(
        "/metrics", metrics, methods=["GET"], summary="Figures for Prometheus", response_class=Response,
        responses={200: {"description": "Prometheus' text format", "content": {"text/plain": {"schema": {"type": "string"}, "example": EXAMPLE}}}},
    )  # fmt: skip
    return router


def metrics(request: Request) -> Response:
    """Requests by route, method and status, how long they take, jobs by state, the queue, event streams, memory and CPU.

    For admins; for anybody where the setting `metrics_open` says so.
    """
    measures: Measures = request.app.state.measures
    return Response(measures.text(), media_type=CONTENT_TYPE_LATEST)
