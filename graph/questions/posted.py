"""Who is posted where, with what is known of the village, the post and the cadre beside it."""

from __future__ import annotations

from datetime import date

import polars as pl

from graph.dates import holding, years_after
from graph.network import Network
from graph.schema import JOINED

READS = ("regions", "region_tags", "units", "cadres", "postings", "village_posts")
COUNTY = "county"
LANGUAGE = "language:"
STAYS, COMES, LEAVES = "stays", "comes", "leaves"
SEAT = ("cadre", "village", "post")
COLUMNS = tuple(JOINED["posted"].by_name)


def posted(
    network: Network, day: date, minimum_years: float | None, planned: pl.DataFrame | None = None
) -> pl.DataFrame:
    """Postings in force on a day, and those of a plan beside them.

    Parameters
    ----------
    network : Network
        See :data:`READS`.
    day : date
        The day.
    minimum_years : float or None
        Minimum term of a posting (years), a policy value.
    planned : DataFrame, optional
        A plan's table ``postings``.

    Returns
    -------
    DataFrame
        :data:`COLUMNS`, a row per posting. ``due``: the day on which its term is over, its own end or else its minimum term's;
        null where its beginning is not known. ``wanted``: skill that the post asks for; ``language``: what is spoken at the village, ``;``
        between. ``change``: ``stays`` (in force, and in the plan where there is one), ``comes`` (only in the plan), ``leaves`` (not in
        the plan).
    """
    held = network.frame("postings").filter(holding(day))
    rows = _changed(held, planned)
    rows = rows.with_columns(_due(rows, minimum_years))
    posts = network.frame("village_posts").select("village", "post", "tier", wanted="skill")
    cadres = network.frame("cadres").select("id", "skill", "languages", "unit")
    villages = places(network, rows["village"].unique().to_list())
    order = (
        villages.sort("province", "county", "village", nulls_last=True).select("village").with_row_index("at")
    )
    return (
        rows.join(posts, on=["village", "post"], how="left")
        .join(cadres, left_on="cadre", right_on="id", how="left")
        .join(villages, on="village", how="left")
        .join(_senders(network), on="unit", how="left")
        .join(order, on="village", how="left")
        .sort("at", "post", "cadre", maintain_order=True)
        .select(COLUMNS)
    )


def places(network: Network, villages: list[str]) -> pl.DataFrame:
    """``village, village_name, county, county_name, province, province_name, language`` of some villages.

    The county is the place in which the village lies where there is none; a language is spoken where the village or a place above it has
    the tag.
    """
    top = network.settings.levels[0] if network.settings.levels else ""
    found = {
        v: (network.at_level(v, COUNTY) or network.parents.get(v), network.at_level(v, top)) for v in villages
    }
    spoken = _spoken(network)
    rows = [
        (v, network.label(v), c, c and network.label(c), p, p and network.label(p), _tongues(network, spoken, v))
        for v, (c, p) in found.items()
    ]  # fmt: skip
    names = ("village", "village_name", "county", "county_name", "province", "province_name", "language")
    return pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")


def _changed(held: pl.DataFrame, planned: pl.DataFrame | None) -> pl.DataFrame:
    """All postings, with what the plan makes of each."""
    if planned is None:
        return held.with_columns(change=pl.lit(STAYS))
    theirs = planned.select(*SEAT, "role")
    stays = held.join(theirs, on=SEAT, how="semi").with_columns(change=pl.lit(STAYS))
    leaves = held.join(theirs, on=SEAT, how="anti").with_columns(change=pl.lit(LEAVES))
    comes = theirs.join(held, on=SEAT, how="anti").with_columns(change=pl.lit(COMES))
    return pl.concat([stays, comes, leaves], how="diagonal")


def _due(rows: pl.DataFrame, minimum_years: float | None) -> pl.Expr:
    """The day on which a term is over."""
    own = pl.col("until")
    if minimum_years is None:
        return own.alias("due")
    begun = rows["since"].drop_nulls().unique().to_list()
    over = [years_after(since, minimum_years) for since in begun]
    least = pl.col("since").replace_strict(begun, over, default=None, return_dtype=pl.Date)
    return own.fill_null(least).alias("due")


def _senders(network: Network) -> pl.DataFrame:
    """Name of each unit, and of each place that sends by itself."""
    units = network.frame("units").select(unit="id", unit_name="name")
    places = network.frame("regions").select(unit="code", unit_name="name")
    return pl.concat([units, places]).unique("unit", keep="first")


def _spoken(network: Network) -> dict[str, list[str]]:
    tags = network.frame("region_tags").filter(pl.col("tag").str.starts_with(LANGUAGE))
    found: dict[str, list[str]] = {}
    for region, tag in tags.select("region", "tag").unique().sort("region", "tag").iter_rows():
        found.setdefault(region, []).append(tag.removeprefix(LANGUAGE))
    return found


def _tongues(network: Network, spoken: dict[str, list[str]], village: str) -> str | None:
    if not spoken:
        return None
    told = [x for place in (village, *network.ancestors(village)) for x in spoken.get(place, ())]
    return ";".join(dict.fromkeys(told)) or None
