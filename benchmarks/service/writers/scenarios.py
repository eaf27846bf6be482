"""Two who edit the same scenario, and one whose uploads are committed into another.

Every edit of the first raises a number in the file by one, from what its editor has read: as ``If-Match`` is held to, the number of each state
is that of its edit. One that was lost, or made from what somebody else had changed meanwhile, would show.
"""

from __future__ import annotations

import tomllib

import httpx2

from benchmarks.service.writers.writer import Acknowledged, Writer

EDITED, FILLED = "edited", "filled"
DOCUMENTS = "id,subject,title,date\n{id},S1-01,soak,2030-01-01\n"


def writers(url: str, run: str) -> list[Writer]:
    """Make the scenarios; two editors, one who fills."""
    for name in (EDITED, FILLED):
        made = httpx2.post(f"{url}/api/v1/scenarios", json={"name": name, "base": "teachers"}, timeout=60)
        made.raise_for_status()
    return [_edits(url, f"{run}-one", "edits of a scenario"), _edits(url, f"{run}-two", "… by another"), _uploads(url, run)]  # fmt: skip


def _edits(url: str, run: str, name: str) -> Writer:
    def one(http: httpx2.Client, number: int) -> httpx2.Response:
        read = http.get(f"/scenarios/{EDITED}/toml").raise_for_status()
        edit = {"values": {"seed": seed_of(read.text) + 1}, "why": f"{run} {number}"}
        return http.patch(f"/scenarios/{EDITED}/toml", json=edit, headers={"If-Match": read.headers["ETag"]})

    def found(http: httpx2.Client, write: Acknowledged) -> bool:
        state = http.get(f"/scenarios/{EDITED}/history/{write.told['revision']}").json()
        as_told = (state["etag"], state["why"]) == (write.told["etag"], f"{run} {write.number}")
        return as_told and seed_of(state["toml"]) == write.told["revision"]

    return Writer(name, url, one, found, 0.4)


def seed_of(text: str) -> int:
    """The number in a scenario's file; 1 where nobody has raised it."""
    return int(tomllib.loads(text).get("seed", 1))


def _uploads(url: str, run: str) -> Writer:
    """A file is sent and committed; where the service is killed in between it is sent again, and the first one stays in the tray."""

    def one(http: httpx2.Client, number: int) -> httpx2.Response:
        sent = http.post(
            "/uploads", params={"table": "documents", "scenario": FILLED}, content=DOCUMENTS.format(id=f"d{number}"),
            headers={"Content-Type": "text/csv"},
        )  # fmt: skip
        if not sent.is_success:
            return sent
        etag = http.get(f"/scenarios/{FILLED}/toml").raise_for_status().headers["ETag"]
        into = {"into": "scenario", "scenario": FILLED, "why": f"{run} {number}"}
        return http.post(f"/uploads/{sent.json()['id']}/commit", json=into, headers={"If-Match": etag})

    def found(http: httpx2.Client, write: Acknowledged) -> bool:
        etag = write.told["result"]["etag"]
        kept = http.get(f"/uploads/{write.told['id']}").json()
        state = http.get(f"/scenarios/{FILLED}/history/{etag[1:].partition('-')[0]}").json()
        committed = kept["state"] == "committed" and kept["result"]["etag"] == etag == state["etag"]
        return bool(committed and state["why"] == f"{run} {write.number}" and state["rows"]["documents"] == 1)

    return Writer("uploads committed", url, one, found, 0.7)
