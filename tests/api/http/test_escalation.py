"""Nobody gets further than they were let: every role tries, at a server that runs."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from api.access.secret import Secret
from api.jobs.arguments import arguments_of
from api.jobs.job import Order
from api.jobs.kinds import KINDS
from api.service.caller import Role
from tests.api.http.running import Running, running

V1 = "/api/v1"
TINY = {
    "regions.csv": "code,name,level,parent\n53,云南,province,\n5333,怒江,prefecture,53\n44,广东,province,\n4404,珠海,prefecture,44\n",
    "cadres.csv": "id,unit,home_region\nc1,53,5333\nc2,44,4404\n",
    "cadre_names.csv": "id,name\nc1,张三\nc2,李四\n",
}


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A service that asks for a login, about a tiny network that has names of persons."""
    folder = tmp_path_factory.mktemp("tiny")
    (folder / "data").mkdir()
    (folder / "scenario.toml").write_text("format = 1\n")
    for name, content in TINY.items():
        (folder / "data" / name).write_text(content, encoding="utf-8")
    with running(tmp_path_factory.mktemp("data"), str(folder), login=True) as found:
        yield found


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Running]:
    """One at which nobody has tried a wrong word yet."""
    with running(tmp_path, login=True) as found:
        yield found


def higher(role: Role) -> list[Role]:
    """Roles above one."""
    return [other for other in Role if other > role]


@pytest.mark.parametrize("role", Role)
def test_no_token_of_more_than_one_has(role: Role, there: Running) -> None:
    with there.client(there.token(f"one-{role}", role, "53")) as client:
        for other in higher(role):
            assert client.post(f"{V1}/tokens", json={"role": other.name.lower()}).status_code == 403
        for regions in ([], ["44"], ["53", "44"], ["4404"]):
            assert client.post(f"{V1}/tokens", json={"regions": regions}).status_code == 403
        assert client.post(f"{V1}/tokens", json={"sees_names": True}).status_code == 403
        others = client.post(f"{V1}/tokens", json={"user": f"new-{role}"})
        assert others.status_code == (201 if role is Role.ADMIN else 403)
        mine = client.post(f"{V1}/tokens", json={"regions": ["5333"]})
        assert mine.status_code == 201
        with there.client(mine.json()["token"]) as smaller:  # and not back again
            assert smaller.get(f"{V1}/me").json()["regions"] == ["5333"]
            assert smaller.post(f"{V1}/tokens", json={"regions": ["53"]}).status_code == 403


@pytest.mark.parametrize("role", [r for r in Role if r is not Role.ADMIN])
def test_nobody_changes_what_they_are(role: Role, there: Running) -> None:
    token = there.token(f"self-{role}", role)
    with there.client(token) as client:
        before = client.get(f"{V1}/me").json()
        more = {"role": "admin", "regions": [], "sees_names": True, "name": "boss", "via": "loopback"}
        for method, path in (
            ("PUT", "me"),
            ("PATCH", "me"),
            ("POST", "me"),
            ("PUT", f"tokens/{token[3:19]}"),
            ("PATCH", f"tokens/{token[3:19]}"),
            ("PATCH", "session"),
        ):
            assert client.request(method, f"{V1}/{path}", json=more).status_code == 405
        for sent in (
            {"X-Role": "admin"},
            {"X-Forwarded-User": "boss"},
            {"X-Remote-User": "boss"},
            {"X-HTTP-Method-Override": "PUT"},
        ):
            assert client.get(f"{V1}/me", headers=sent).json() == before
        for name, value in more.items():  # a parameter that nobody reads is refused
            assert client.get(f"{V1}/me", params={name: value or "53"}).status_code == 422
        assert client.get(f"{V1}/me").json() == before
        assert client.post(f"{V1}/session", json={"token": token, "role": "admin"}).status_code == 422
        assert client.post(f"{V1}/tokens", json={"role": 4}).status_code == 422
        assert client.post(f"{V1}/tokens", json={"made_by": "local"}).status_code == 422


@pytest.mark.parametrize("role", Role)
def test_what_is_others_is_not_there(role: Role, there: Running) -> None:
    """Jobs are about all regions: who is limited to some has none, an admin neither."""
    ann = there.token("ann", Role.PLANNER)
    with there.client(ann) as owner, there.client(there.token(f"peeps-{role}", role, "53")) as other:
        job = owner.post(f"{V1}/jobs/plan", json={"scenario": "teachers"}).json()["id"]
        owner.post(f"{V1}/session", json={"token": ann})
        (session, *_) = [s["id"] for s in owner.get(f"{V1}/sessions").json()["sessions"]]
        of_job = (
            ("GET", ""),
            ("DELETE", ""),
            ("GET", "/result"),
            ("GET", "/log"),
            ("GET", "/events"),
            ("GET", "/files"),
        )
        for method, path in of_job:
            assert other.request(method, f"{V1}/jobs/{job}{path}").status_code == 403, path
        assert other.get(f"{V1}/jobs").status_code == 403
        for path in (f"sessions/{session}", f"tokens/{ann[3:19]}"):
            assert other.delete(f"{V1}/{path}").status_code == 404, path
        if role < Role.ADMIN:
            with there.client(there.token(f"whole-{role}", role)) as third:
                for method, path in of_job:
                    assert third.request(method, f"{V1}/jobs/{job}{path}").status_code == 404, path
                assert job not in third.get(f"{V1}/jobs").text
        assert (
            session not in other.get(f"{V1}/sessions").text
            and ann[3:19] not in other.get(f"{V1}/tokens").text
        )
        assert owner.get(f"{V1}/jobs/{job}").json()["state"] == "waiting"
        assert owner.delete(f"{V1}/jobs/{job}").status_code == 200
    with there.client(there.token("boss", Role.ADMIN)) as boss:
        assert job in boss.get(f"{V1}/jobs").text and boss.get(f"{V1}/jobs/{job}").status_code == 200


def test_another_token_of_the_same_name_shows_no_more_than_it_may(there: Running) -> None:
    """A job is its owner's, and yet names of persons in it are for tokens that see them, an admin's among them."""
    given = arguments_of(KINDS["check"]).model_validate({"scenario": "teachers"}).model_dump(mode="json")
    sees = Order("check", given, ["check", "teachers"], names=True)
    job, _ = there.service.desk.submit(sees, "root", key="k")
    for name, names in (("root", False), ("root", True), ("other", False), ("other", True)):
        with there.client(there.token(name, Role.ADMIN, names=names)) as client:
            for path in (
                "",
                "/result",
                "/log",
                "/files",
                *(() if names else ("/events",)),
            ):  # a stream of a job that waits does not end
                assert (client.get(f"{V1}/jobs/{job.id}{path}").status_code == 403) is not names, (name, path)
            assert (job.id in [j["id"] for j in client.get(f"{V1}/jobs").json()["jobs"]]) is names
            if name == "root":
                again = client.post(f"{V1}/jobs/check", json=given, headers={"Idempotency-Key": "k"})
                assert again.status_code == (200 if names else 403)
    there.service.desk.cancel(job.id)


def jwt(header: dict[str, Any], claims: dict[str, Any], signature: str = "") -> str:
    parts = (base64.urlsafe_b64encode(json.dumps(p).encode()).rstrip(b"=").decode() for p in (header, claims))
    return f"{'.'.join(parts)}.{signature}"


FORGED = {
    "alg none": jwt({"alg": "none"}, {"sub": "boss", "role": "admin"}),
    "alg none with typ": jwt({"alg": "none", "typ": "JWT"}, {"sub": "boss", "groups": ["root"]}),
    "HS256 with nothing": jwt({"alg": "HS256"}, {"sub": "boss"}, "AAAA"),
    "of nobody": Secret.new().token,
    "empty": "jd__",
    "percent": "jd_%00",
    "long": "jd_" + "a" * 8000,
}


@pytest.mark.parametrize("forged", FORGED)
def test_forged_words_are_nobody(forged: str, fresh: Running) -> None:
    with fresh.client(FORGED[forged]) as client:
        assert client.get(f"{V1}/me").status_code == 401
    with fresh.client(headers={"Cookie": f"jiedui={FORGED[forged]}"}) as client:
        assert client.get(f"{V1}/me").status_code == 401


def test_a_right_id_with_another_secret_is_nobody(fresh: Running) -> None:
    boss, ann = fresh.token("boss", Role.ADMIN), fresh.token("ann")
    mixed = boss[:20] + ann[20:]
    with fresh.client(mixed) as client:
        assert client.get(f"{V1}/me").status_code == 401
    for short in (boss[:-1], boss + "A", boss.upper(), boss.replace("jd_", "")):
        with fresh.client(short) as client:
            assert client.get(f"{V1}/me").status_code == 401


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("suffix", ["", ".json", ".csv", ".arrow", ".parquet", ".xlsx"])
def test_names_of_persons_are_masked_unless_allowed_in_every_format(
    suffix: str, role: Role, there: Running
) -> None:
    address = f"{V1}/network/tables/cadre_names{suffix}"
    with there.client(there.token("masked", role)) as client:
        told = client.get(address)
        assert told.status_code == 200 and told.content
        assert not any(name.encode() in told.content for name in ("张三", "李四"))
    if suffix in ("", ".json", ".csv"):
        with there.client(there.token("sees", role, names=True)) as client:
            assert "张三" in client.get(address).text and "李四" in client.get(address).text
        with there.client(there.token("limited", role, "53", names=True)) as client:
            assert "张三" in client.get(address).text and "李四" not in client.get(address).text


def test_filters_and_sorting_tell_nothing_of_a_masked_name(there: Running) -> None:
    address = f"{V1}/network/tables/cadre_names.json"
    with there.client(there.token("masked", Role.ADMIN)) as client:
        for query in ({"name": "张三"}, {"name__contains": "张"}, {"name__gte": "张"}):
            told = client.get(address, params=query)
            assert told.status_code in (200, 422) and "c1" not in told.text, query
        by_name = [client.get(address, params={"sort": order}).text for order in ("name", "-name")]
        assert by_name[0] == by_name[1] or "c1" not in by_name[0]
