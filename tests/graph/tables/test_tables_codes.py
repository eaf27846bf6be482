"""Code schemes: which is taken, lengths, later vintages, codes that nobody knows."""

from __future__ import annotations

import pytest

from graph.network import RegionSettings
from graph.tables import codes, read_network
from tests.graph.tables.conftest import REGIONS

pytestmark = pytest.mark.usefixtures("three_codes")


def test_known_codes_are_taken_as_gb2260(folder):
    assert read_network(folder(regions=REGIONS)).network.settings.codes == "gb2260"


def test_one_unknown_code_makes_all_free(folder):
    read = read_network(folder(regions=REGIONS + "x1,新区,county,533300\n"))
    assert read.network.settings.codes == "free"
    assert "codes-nearly-gb2260" not in {f.code for f in read.findings}  # a quarter is not "nearly all"


def test_unknown_codes_are_named_where_nearly_all_are_known(folder, monkeypatch):
    many = {f"{i:06d}": "x" for i in range(100000, 100020)}
    monkeypatch.setattr(codes, "known_codes", lambda: codes.KnownCodes(many, {}))
    place = folder(regions="code\n" + "\n".join(many) + "\nx1\n")
    read = read_network(place)
    assert read.network.settings.codes == "free"
    assert [f.what.en[-2:] for f in read.findings if f.code == "codes-nearly-gb2260"] == ["x1"]


def test_villages_and_townships_do_not_decide(folder):
    place = folder(regions=REGIONS + "533325100201,某村,village,533325\n")
    assert read_network(place).network.settings.codes == "gb2260"


@pytest.mark.parametrize(("row", "code"), [
    ("53332,x,county,533300", "code-length"),
    ("5333251002,x,village,533325", "code-length"),
    ("53332a,x,county,533300", "code-length"),
    ("533326,x,county,533300", "unknown-code"),
])  # fmt: skip
def test_wrong_codes_are_errors_where_the_scenario_says_gb2260(errors, row, code):
    assert [f.code for f in errors(scheme="gb2260", regions=f"{REGIONS}{row}\n")] == [code]


def test_an_unknown_code_names_the_nearest(errors):
    found = errors(scheme="gb2260", regions=f"{REGIONS}533326,x,county,533300\n")
    assert "533325 兰坪白族普米族自治县" in found[0].mend.en


def test_a_reference_of_a_later_vintage_is_mapped_with_a_notice(folder):
    place = folder(regions=REGIONS, region_facts="region,year,measure,value\n533999,2016,gdp,1e9\n")
    read = read_network(place)
    assert read.network.frame("region_facts")["region"].to_list() == ["533325"]
    assert [(f.row, f.value) for f in read.findings if f.code == "code-mapped"] == [(2, "533999")]


def test_a_merger_of_two_regions_here_is_not_guessed(folder, errors):
    tables = {
        "regions": REGIONS,
        "region_successions": "old,new,since\n533325,533998,2020-01-01\n533300,533998,2020-01-01\n",
        "region_facts": "region,year,measure,value\n533998,2016,gdp,1e9\n",
    }
    assert [(f.code, f.table) for f in errors(scheme="gb2260", **tables)] == [("foreign-key", "region_facts")]


def test_a_region_under_its_later_code_is_kept_and_remarked(folder):
    place = folder(regions=REGIONS.replace("533325", "533999"))
    read = read_network(place)
    assert "533999" in read.network.names
    assert [f.code for f in read.findings if f.code == "later-vintage"] == ["later-vintage"]


def test_free_codes_are_any_unique_text(accepted):
    assert accepted(regions="code,level\nAlpha 7,county\n一,province\n").network.settings == RegionSettings(
        codes="free"
    )


def test_without_regions_codes_are_free(folder):
    scores = "stage,supporter,recipient,cost\ndesignation,a,b,1\n"
    assert read_network(folder(pair_scores=scores)).network.settings.codes == "free"


SUCCESSIONS = "old,new\n533321,533390\n533390,533325\n"


def test_a_reference_to_a_retired_code_names_its_successor_not_a_neighbour(errors):
    regions = REGIONS + "533322,邻县,county,533300\n"
    facts = "region,year,measure,value\n533321,2016,gdp,1e9\n"
    found = errors(regions=regions, region_successions=SUCCESSIONS, region_facts=facts)
    assert [f.mend.en for f in found if f.table == "region_facts"] == [
        "the code was retired; now 533325 兰坪白族普米族自治县"
    ]
    found = errors(regions=regions, region_successions="old,new\n", region_facts=facts)
    assert [f.mend.en for f in found if f.table == "region_facts"] == ["nearest known: 533322 邻县"]


def test_codes_that_are_no_region_any_more_may_be_listed(accepted):
    read = accepted(regions=REGIONS, region_successions="old,new\n533321,533325\n")
    assert read.network.frame("region_successions")["old"].to_list() == ["533321"]


def test_a_retired_code_among_the_regions_names_its_successor(errors):
    regions = f"{REGIONS}533321,x,county,533300\n"
    found = errors(scheme="gb2260", regions=regions, region_successions=SUCCESSIONS)
    assert [f.mend.en for f in found if f.code == "unknown-code"] == [
        "the code was retired; now 533325 兰坪白族普米族自治县"
    ]
