"""Every question about the network: its address, the command that asks the same, its model, and where in the answer the command's stands."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import BaseModel

from api.http.models import network as models

NETWORK = "/api/v1/network"


@dataclass(frozen=True)
class Asked:
    """One question.

    Parameters
    ----------
    path : str
        Behind ``/api/v1/network``.
    model : type of BaseModel
        Of the answer.
    words : tuple of str
        The command; none where no command asks it.
    inside : str
        Key of the answer under which the command's is; empty: all of it.
    """

    path: str
    model: type[BaseModel]
    words: tuple[str, ...] = ()
    inside: str = ""


CHINA = (
    Asked("/search?q=nj", models.Search),
    Asked("/cards/怒江", models.Card, ("ask", "怒江")),
    Asked("/cards/香洲区", models.Card, ("ask", "香洲区")),
    Asked("/cards/361121", models.Card, ("ask", "361121")),
    Asked("/records/533300", models.Record),
    Asked("/pairs/珠海/怒江", models.Pair, ("ask", "--between", "珠海", "怒江")),
    Asked("/gaps", models.Gaps, ("gaps",), "gaps"),
    Asked("/withdrawals/珠海", models.Withdrawal, ("withdraw", "珠海")),
    Asked("/withdrawals/广东省", models.Withdrawal, ("withdraw", "广东省")),
    Asked("/loads", models.Loads, ("ask", "--loads")),
    Asked("/ledger?subject=怒江", models.Entries, ("ask", "怒江", "--ledger"), "entries"),
    Asked("/flows?level=prefecture&year=2016&limit=100000", models.Flows, ("ask", "--flows", "prefecture", "--year", "2016"), "flows"),
    Asked("/endings?months=12&each=true", models.Endings, ("ask", "--terms", "12", "--each")),
    Asked("/endings?months=60", models.Endings),
    Asked("/gates/533323", models.GatesOfExit),
    Asked("/gates/130125", models.GatesOfExit),
    Asked("/paths/怒江/上海", models.Paths, ("ask", "--paths", "怒江", "上海"), "paths"),
    Asked("/ego/福贡?depth=2", models.Net, ("ask", "福贡", "--ego", "2")),
    Asked("/structure", models.Structure, ("ask", "--structure")),
    Asked("/difference?before=2016-12-31&after=2017-12-31", models.Difference, ("ask", "--difference", "2016-12-31", "2017-12-31")),
    Asked("/ribbons?level=prefecture&at=2018-01-01", models.Ribbons),
    Asked("/timeline", models.Timeline),
    Asked("/measures", models.Measures),
    Asked("/measures/poor_population?level=county", models.Measured),
    Asked("/measures/coverage:poor_counties_supported?level=county&year=2018", models.Measured),
    Asked("", models.AboutNetwork),
)  # fmt: skip
"""Of ``china-2016``."""
