"""The client against a service that runs."""

from __future__ import annotations

import asyncio

import pytest

from benchmarks.service.running import Running
from jiedui.client import AsyncClient, BadRequest, Client, JobFailed, NotFound, Stale, Unreachable, answers


def test_a_plan_from_order_to_result(teachers_served: Running) -> None:
    with Client(teachers_served.url) as client:
        job = client.plan("teachers", stages=["pairing"], again_with="k1")
        events = list(job.progress())
        assert [e.state for e in events if e.kind == "state"] == ["waiting", "running", "done"]
        assert any(e.stage == "pairing" for e in events)
        assert job.look().state == "done" and not job.open
        plan = job.result()
        assert plan["stages"]["pairing"]["status"] == "OPTIMAL"
        assert job.log() == ""
        assert list(job.progress(after=events[-1].number)) == []
        assert client.plan("teachers", stages=["pairing"], again_with="k1").id == job.id
        assert client.jobs.get(job.id).state == "done" and job.id in [
            j.id for j in client.jobs.all(state=["done"])
        ]
        pairs = client.plans.table(plan["id"], "pairs")
        assert set(pairs["stage"]) == {"pairing"} and pairs["cost"].dtype.is_numeric()
        verified = client.verify(plan["id"]).result()
        assert verified["ok"] is True


def test_what_is_wrong_is_told(teachers_served: Running) -> None:
    with Client(teachers_served.url) as client:
        with pytest.raises(NotFound, match="no job nix"):
            client.jobs.get("nix")
        with pytest.raises(
            NotFound, match=r"no kind of job plna; did you mean plan\? There are: plan, sweep, "
        ):
            client.jobs.order("plna", {})  # type: ignore[arg-type] # it is none
        with pytest.raises(BadRequest, match="scenario"):
            client.jobs.order("plan", {})
        with pytest.raises(BadRequest, match="nonsense"):
            client.plan("teachers", set={"nonsense": 1})
        plan = client.plan("teachers", stages=["pairing"]).result()["id"]
        with pytest.raises(JobFailed, match="nowhere"):
            client.jobs.order("explain", {"plan": plan, "subject": "nowhere"}).wait()


def test_who_edits_holds_what_they_have_read(teachers_served: Running) -> None:
    with Client(teachers_served.url) as client:
        mine = client.scenarios.create("held", base="teachers")
        yours = client.scenarios.get("held")
        mine.edit({"pairing.need_weight": 1})
        with pytest.raises(Stale):
            yours.edit({"pairing.need_weight": 2})
        yours.about()
        yours.edit({"pairing.need_weight": 2})
        assert "need_weight = 2" in mine.toml()
        mine.remove()


def test_an_upload_goes_into_the_scenario_that_was_read(teachers_served: Running) -> None:
    with Client(teachers_served.url) as client:
        mine, yours = client.scenarios.create("filled", base="teachers"), client.scenarios.get("filled")
        regions = client.network.table("regions")
        upload = client.uploads.send(regions, table="regions", scenario="filled")
        assert upload.valid and upload.report is not None and upload.report["valid"]
        assert upload.commit(scenario=mine).facts["state"] == "committed"
        mine.edit({"pairing.need_weight": 1})  # goes on with the state that the upload made
        again = client.uploads.send(regions.to_arrow(), table="regions")
        with pytest.raises(Stale):
            again.commit(scenario=yours)
        assert again.commit(scenario="filled").facts["result"]["scenario"] == "filled"
        mine.about()
        mine.remove()


def test_a_plans_result_is_the_plan(teachers_served: Running) -> None:
    with Client(teachers_served.url) as client:
        plan = client.plan("teachers", stages="pairing").result()
        assert answers.PlanHead.__annotations__.keys() <= plan.keys()
        [reason, *_] = client.explain(
            plan["id"], client.plans.table(plan["id"], "pairs")["recipient"][0]
        ).result()
        assert reason["stage"] == "pairing"


def test_awaited(teachers_served: Running) -> None:
    async def all_of_it() -> tuple[list[str | None], str]:
        async with AsyncClient(teachers_served.url) as client:
            one, two = await asyncio.gather(
                client.plan("teachers", stages=["pairing"]), client.plan("teachers", stages=["pairing"])
            )
            told = [e.state async for e in one.progress() if e.kind == "state"]
            return told, (await two.wait()).state

    assert asyncio.run(all_of_it()) == (["waiting", "running", "done"], "done")


def test_tables_with_their_types(teachers_served: Running) -> None:
    with Client(teachers_served.url) as client:
        regions = client.network.table("regions", sort=["code"], columns=["code", "name", "lon"], limit=5)
        assert (
            regions.columns == ["code", "name", "lon"]
            and regions["lon"].dtype.is_float()
            and regions.height == 5
        )
        assert regions["code"].is_sorted()


def test_nobody_at_the_address() -> None:
    with (
        pytest.raises(Unreachable, match="is the service running there"),
        Client("http://127.0.0.1:9", attempts=1) as client,
    ):
        client.version()
