"""A plan of the whole country whose server is killed in its middle: found at the next start, followed to its end, verified."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

from benchmarks.service.following import heard
from benchmarks.service.running import Running, alive, wait_for

LONG_SECONDS = 3600.0


def cut_off(data: Path, *, scale: float = 1.0, share: float = 0.3) -> list[tuple[object, ...]]:
    """Plan the generated country, kill the server once so much is done, start it again; rows of the page.

    Parameters
    ----------
    data : Path
        An empty data folder.
    scale : float
        Share of villages and cadres of the country.
    share : float
        Of the work, after which the server is killed.
    """
    country = data / "scenarios" / "country"
    words = ("generate", "national", "-o", str(country), "--scale", str(scale))
    subprocess.run([sys.executable, "-m", "jiedui", *words], check=True, stdout=subprocess.DEVNULL)
    service = Running(data)
    began = time.perf_counter()
    job = service.order("plan", key="national", scenario="country")["id"]
    seen = []
    for event in heard(service.http, job):
        seen.append(event)
        if event.data.get("share", 0.0) >= share:
            break
    at = time.perf_counter() - began
    wait_for(service.solvers)
    doers = [service.worker(), *service.doers()]
    service.kill()
    killed = time.perf_counter()
    wait_for(lambda: not alive(doers))
    gone = time.perf_counter() - killed
    with Running(data) as service:
        ready = service.ready()
        rest = list(heard(service.http, job, after=seen[-1].number))
        whole = time.perf_counter() - began
        found = service.job(job)
        numbers = [e.number for e in (*seen, *rest)]
        once = numbers == sorted(set(numbers)) and [e.number for e in heard(service.http, job)] == numbers
        plan = service.http.get(f"/jobs/{job}/result").json()["id"]
        verified = service.ended(service.order("verify", plan=plan)["id"], LONG_SECONDS)
    ok = found["state"] == "done" and once and (verified["state"], verified["exit"]) == ("done", 0)
    told = (
        f"national plan (scale {scale:g}), server killed after {at:.1f} s at a share of {seen[-1].data['share']:.0%}: worker and solvers gone after "
        f"{gone:.2f} s, ready again after {ready:.1f} s, {found['state']} after {whole:.0f} s in all, {len(numbers)} events each once: {once}, "
        f"verify: {verified['state']} {verified['exit']}"
    )
    return [(told, 1, "", int(ok), int(not ok))]
