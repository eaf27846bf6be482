"""Findings of the domain: remarked, never refused; each where it bites and where it does not."""

from __future__ import annotations

import pytest

RELATIONS = "id,kind,supporter,recipient,since,until\n"
POSTINGS = "cadre,village,post,since,until\n"
SUCCESSION = "old,new,since,share\n"
RETIRED = SUCCESSION + "A,B,2017-01-01,1\n"
NEEDS = "region,year,programme\n"
GROUPS = "village,year,cause,lacking,persons\nv,2015,illness,none,10\nv,2016,illness,none,{end}\n"
CHANGES = "village,date,kind,batch,persons\nv,2016-03-01,listed,,3\nv,2016-12-01,exited,,5\n"
REGIONS = "code,level,parent\nP,province,\nC1,county,P\nC2,county,P\n"
PLEDGES = "region,year,measure,amount\nP,2016,counties,3\nC1,2016,counties,1\nC2,2016,counties,{c2}\n"
FACTS = "region,year,measure,value\n"


def facts(measure: str, values: list[float]) -> str:
    return FACTS + "".join(f"r{i},2016,{measure},{v}\n" for i, v in enumerate(values))


CASES = {
    "overlapping-terms": (
        {"relations": RELATIONS + "1,east_west,A,B,2016-01-01,2018-01-01\n2,east_west,A,B,2017-01-01,\n"},
        {"relations": RELATIONS + "1,east_west,A,B,2016-01-01,2017-01-01\n2,east_west,A,B,2017-01-01,\n"},
    ),
    "supporter-ended": (
        {"units": "id,until\nu,2017-01-01\n", "relations": RELATIONS + "1,designated,u,B,,\n"},
        {"units": "id,until\nu,2017-01-01\n", "relations": RELATIONS + "1,designated,u,B,,2017-01-01\n"},
    ),
    "delivered-above-pledged": (
        {"ledger": "relation,year,item,pledged,delivered\nr,2016,jobs_placed,1,2\n"},
        {"ledger": "relation,year,item,pledged,delivered\nr,2016,jobs_placed,,2\n"},
    ),
    "cadre-in-two-villages": (
        {"postings": POSTINGS + "c,v1,p,2016-01-01,\nc,v2,p,2017-01-01,2018-01-01\n"},
        {"postings": POSTINGS + "c,v1,p,2016-01-01,2017-01-01\nc,v2,p,2017-01-01,\nc,v2,q,2017-01-01,\n"},
    ),
    "retired-code": (
        {"region_successions": RETIRED, "needs": NEEDS + "A,2018,industry\n"},
        {"region_successions": RETIRED, "needs": NEEDS + "A,2016,industry\n"},
    ),
    "aid-cycle": (
        {"relations": RELATIONS + "1,east_west,A,B,,\n2,east_west,B,C\n3,county_pair,C,A\n4,east_west,C,D\n"},
        {"relations": RELATIONS + "1,east_west,A,B,,2017-01-01\n2,east_west,B,A,2017-01-01\n"},
    ),
    "register-unbalanced": (
        {"household_groups": GROUPS.format(end=9), "register_changes": CHANGES},
        {"household_groups": GROUPS.format(end=8), "register_changes": CHANGES},
    ),
    "pledges-sum": (
        {"regions": REGIONS, "pledges": PLEDGES.format(c2=1)},
        {"regions": REGIONS, "pledges": PLEDGES.format(c2=2)},
    ),
    "succession-shares": (
        {"region_successions": SUCCESSION + "A,B,2017-01-01,0.6\nA,C,2017-01-01,0.5\n"},
        {"region_successions": SUCCESSION + "A,B,2017-01-01,0.6\nA,C,2017-01-01,0.4\n"},
    ),
    "succession-nowhere": (
        {"regions": REGIONS, "region_successions": "old,new\nX,Y\nY,Z\nold,C1\n"},
        {"regions": REGIONS, "region_successions": "old,new\nX,Y\nY,C2\nC1,later\n"},
    ),
    "outlier": (
        {"region_facts": facts("poor_population", [1000 + i for i in range(30)] + [5_000_000])},
        {"region_facts": facts("poor_population", [1000 + i for i in range(30)] + [2000])},
    ),
    "money-magnitude": (
        {"region_facts": facts("fiscal_revenue", [50_000.0, 60_000.0])},
        {"region_facts": facts("fiscal_revenue", [5e8, 6e8])},
    ),
    "empty-term": (
        {"relations": RELATIONS + "1,east_west,A,B,2016-01-01,2016-01-01\n"},
        {"relations": RELATIONS + "1,east_west,A,B,2016-01-01,2016-01-02\n"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("code", CASES)
def test_it_bites_once_and_refuses_nothing(remarks, code):
    found = remarks(**CASES[code][0])
    assert [f.code for f in found] == [code], [str(f.text) for f in found]
    assert found[0].severity != "error" and found[0].what.zh and found[0].file


@pytest.mark.parametrize("code", CASES)
def test_it_is_silent_where_all_is_well(remarks, code):
    assert [f.code for f in remarks(**CASES[code][1])] == []


def test_places_in_the_circle_are_named_in_order(remarks):
    found = remarks(**CASES["aid-cycle"][0])
    assert "A → B → C → A" in found[0].what.en


def test_one_figure_in_ten_thousands_among_others_in_yuan(remarks):
    amounts = [40_000_000, 50_000_000, 60_000_000, 70_000_000, 80_000_000, 5_500]
    found = remarks(region_facts=facts("fiscal_revenue", amounts))
    assert [(f.code, f.row, f.mend.en) for f in found] == [
        ("money-magnitude", 7, "if it is 万元, write 55000000")
    ]


def test_pledges_pass_over_levels_without_a_pledge(remarks):
    regions = "code,level,parent\nP,province,\nM,prefecture,P\nC,county,M\n"
    pledges = "region,year,measure,amount\nP,2016,persons,5\nC,2016,persons,4\n"
    assert [(f.code, f.row) for f in remarks(regions=regions, pledges=pledges)] == [("pledges-sum", 2)]


def test_a_long_term_overlaps_all_that_lie_within(remarks):
    rows = "1,east_west,A,B,,\n2,east_west,A,B,2016-01-01,2016-06-01\n3,east_west,A,B,2017-01-01,2017-06-01\n"
    assert [f.row for f in remarks(relations=RELATIONS + rows)] == [3, 4]


def test_supervision_is_no_aid(remarks):
    assert remarks(relations=RELATIONS + "1,east_west,A,B\n2,supervision,B,A\n") == []


def test_two_circles_that_share_a_place_are_both_named(remarks):
    rows = "1,east_west,A,B\n2,east_west,B,A\n3,east_west,C,D\n4,east_west,D,C\n5,east_west,B,C\n"
    found = remarks(relations=RELATIONS + rows)
    assert sorted(f.what.en[-9:] for f in found) == ["A → B → A", "C → D → C"]
