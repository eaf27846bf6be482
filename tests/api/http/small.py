"""A small network that can be checked by hand: what is within Poor's Northpoor, what is tied to it, and what is not."""

from __future__ import annotations

from pathlib import Path

TABLES = {
    "regions": "code,name,level,parent,lon,lat\nR,Rich,province,,120,30\nR1,Richtown,prefecture,R,121,30\nP,Poor,province,,100,25\n"
    "P1,Northpoor,prefecture,P,100,26\nP2,Southpoor,prefecture,P,100,24\nP1a,Hamlet,county,P1,100.1,26\nP1b,Mill,county,P1,100.2,26\n"
    "P1av,Hut,village,P1a,100.1,26.1\nP2a,Ridge,county,P2,,\nP2b,Dale,county,P2,,\nS,Shore,province,,121,25\n",
    "names": "id,name,kind\nP1,north poor,pinyin\n",
    "region_successions": "old,new,since\nP1old,P1b,2015-01-01\n",
    "region_tags": "region,tag\nP1,ethnic_prefecture\nP2,ethnic_prefecture\nS,ethnic_prefecture\n",
    "units": "id,name,home_region,capacity\nu1,Farm College,R1,1\nu2,Mine Company,P2,2\nu3,Farm Works,P1b,1\nu4,Sea Bank,S,1\nu5,Flood Team,S,1\n",
    "relations": "id,kind,supporter,recipient,since,until,mark\new0,east_west,R,P,2016-01-01,,\n"
    "ew1,east_west,R1,P1,2016-06-01,2018-01-01,recalled\new2,east_west,S,P2,2016-01-01,2017-01-01,\n"
    "d1,designated,u1,P1a,,,recalled\nd2,designated,u2,P2b,,,\nd3,designated,u2,P1b,2017-03-01,,\nd4,designated,u3,P2a,,,\n"
    "d5,designated,u4,P2b,,,\nd6,designated,u5,P2b,,,\n",
    "ledger": "relation,year,item,pledged,delivered\new1,2016,fiscal_funds,100,80\new2,2016,fiscal_funds,50,60\new0,2016,fiscal_funds,9,\n",
    "fund_sources": "id,name,level,owner_region\ncentral,Central grant,central,\neast,Eastern money,east_west,R1\n",
    "fund_flows": "source,region,year,stage,amount\ncentral,P1a,2016,spent,70\ncentral,P2a,2016,spent,30\neast,P1b,2016,spent,5\n",
    "cadres": "id,unit\nc1,u1\nc2,u2\nc5,u5\n",
    "village_posts": "village,post,role,minimum,target\nP1av,first,first_secretary,1,1\nP1av,second,member,1,1\n",
    "postings": "cadre,village,post,role,since,until\nc1,P1av,first,first_secretary,2016-01-01,\nc5,P1av,second,member,2016-01-01,\n",
    "coverage": "rule,region,complete\nautonomous_prefectures,P,yes\nautonomous_prefectures,S,by_design\n",
}  # fmt: skip
RULES = """
[[rule]]
name = "counties"
zh = "每个县"
en = "every county"
kinds = ["designated"]
level = "county"
"""


def write_small(folder: Path) -> str:
    """The scenario as a folder."""
    data = folder / "small" / "data"
    data.mkdir(parents=True)
    (data.parent / "scenario.toml").write_text('format = 1\ndate = "2016-12-31"\n', encoding="utf-8")
    (data.parent / "rules.toml").write_text(RULES, encoding="utf-8")
    for name, text in TABLES.items():
        (data / f"{name}.csv").write_text(text, encoding="utf-8")
    return str(data.parent)
