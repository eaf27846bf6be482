"""Policy values of the stage `cadres` and what it reads."""

from __future__ import annotations

from planner.cost import SCALE
from planner.policy import Policy, Setting
from planner.published import CHANGE_WEIGHT, settings
from planner.stages.pairs import OBJECTIVE_SETTINGS

NAME = "cadres"
HALF_ROUND_KM = 20_016.0  # half the Earth's circumference: no two places lie farther apart

PUBLISHED = settings(
    "persons", "person", "一名可调动的干部不在已公布的岗位上，或公布方案未派而现派：各计一次；不能照旧的不计",
    "a cadre who may be moved and is not at the published post, or is posted though not published: once each; who cannot be kept does not count",
    price_max=1_000_000,
)  # fmt: skip

SETTINGS = (
    *OBJECTIVE_SETTINGS,
    Setting("tiers", "text", "deep_poverty", "优先层级（标签）", "tiers: the tag that comes first",
            reads=("village_posts.tier", "region_tags.tag"),
            note_zh="必须岗位按 village_posts.tier 严格先后；同级中带此标签的村（或其上级）在先",
            note_en="must-posts strictly by village_posts.tier; within a tier villages with this tag (or below it) first"),
    Setting("must_fill_tier", "integer", "off", "必须配齐的层级", "tiers that must be filled", minimum=1,
            reads=("village_posts.tier",),
            note_zh="到此 tier 为止的最少人数是硬约束，否则无解", note_en="minima up to this tier are hard: else infeasible"),
    Setting("leader_role", "text", "first_secretary", "领队的职务", "role that leads a team", rule=False,
            reads=("village_posts.role",)),
    Setting("member_role", "text", "member", "队员的职务", "role of a team's members", rule=False, reads=("village_posts.role",)),
    Setting("team_minimum", "integer", 3, "工作队最少人数", "least size of a team", unit="persons", minimum=1,
            reads=("village_posts.role",),
            note_zh="有队员岗位的村，新派人后不得少于此数；岗位更少的村以全部岗位为准；只有领队岗位的村一人即可",
            note_en="in villages that have member posts; one with fewer seats is whole when all are filled, one with a leader's post alone with one"),
    Setting("team_led", "boolean", True, "有领队才有队员", "no team without its leader",
            reads=("village_posts.role",)),
    Setting("team_one_unit", "boolean", "off", "一村一单位", "a village's new people come from one unit",
            reads=("cadres.unit",), note_zh="同村新派的人同出一个单位；留任的人不计；未写单位的人算作同一个",
            note_en="who stays does not count; people whose unit is not told count as of one"),
    Setting("team_language", "boolean", "off", "每队有人会当地语言", "a team in which somebody speaks the language",
            reads=("cadres.languages", "region_tags.tag"),
            note_zh="村或其上级有 language:* 标签时，工作队（含在任者）至少一人会其中一种，否则不新派人",
            note_en="where the area has tags language:*, one of the team (in-term people too) speaks one of them, else nobody new comes"),
    Setting("spouses_together", "text", "off", "夫妻同派一地", "spouses serve together",
            reads=("cadres.household", "regions.level", "regions.parent"),
            note_zh="同一家庭（cadres.household）有人新派时，全家派到这一级的同一个地区，如 county；只派一人不限",
            note_en="the region of this level, such as county, in which all of one cadres.household serve if any is newly posted; "
                    "one of them alone may go anywhere"),
    Setting("role_allowed", "boolean", True, "任职资格", "who may hold which role",
            reads=("cadres.roles", "village_posts.role"),
            note_zh="roles 含该职务者方可担任", note_en="only those whose roles name the post's role"),
    Setting("posting_area", "text", "prefecture", "派驻范围", "area within which a cadre serves",
            reads=("cadres.home_region", "cadres.unit", "regions.level", "regions.parent"),
            note_zh="家庭所在地的这一级；派出地更大时为派出地；另加单位的定点县",
            note_en="the home's region of this level; the sending place where that is wider; and the unit's own counties"),
    Setting("own_county_area", "text", "province", "定点县范围", "own counties are open within",
            reads=("cadres.unit", "cadres.home_region", "regions.level", "regions.parent"),
            note_zh="只计家庭所在地同属此级的定点县；一个也没有时全部计入；off：不限",
            note_en="only the unit's counties in the home's region of this level; all of them where there is none; off: all"),
    Setting("availability", "boolean", True, "可派时间", "availability",
            reads=("cadres.available_from", "cadres.available_until"),
            note_zh="规划日须在可派期内；新派者须能任满最短任期",
            note_en="the day of planning lies in it; who is newly posted can serve the minimum term"),
    Setting("minimum_term_years", "number", 2, "最短任期", "minimum term", unit="years", minimum=0, maximum=20,
            reads=("postings.since", "postings.until", "postings.ended_because"),
            note_zh="未满者留任，除非写明结束原因；期满可续", note_en="who has not served it stays, unless a reason is given; extendable"),
    Setting("unit_release_share", "share", 1.0, "单位派出上限", "share of its listed cadres that a unit releases",
            reads=("cadres.unit",), note_zh="按人数向上取整；含在任者", note_en="rounded up to persons; those in their term count"),
    Setting("avoid_home_county", "boolean", "off", "回避家乡县", "avoid the home county",
            reads=("cadres.home_region",), note_zh="只限新派；家乡以县（或更低）登记者", note_en="new postings; homes given as a county or below"),
    Setting("home_level", "text", "county", "家乡的层级", "level that counts as home", rule=False,
            reads=("regions.level", "regions.parent"), note_zh="回避家乡县所指的层级", note_en="the level that avoid_home_county means"),
    Setting("distance_max_km", "number", "off", "距离上限", "distance at most", unit="km", minimum=0,
            reads=("cadres.home_region", "regions.lon", "regions.lat"), note_zh="只限新派", note_en="new postings"),
    Setting("skill", "choice", "prefer", "专长", "skill", choices=("prefer", "require"),
            reads=("cadres.skill", "village_posts.skill"),
            note_zh="岗位要求的专长；general 人人可任", note_en="the skill that a post asks for; general suits everyone"),
    Setting("language", "choice", "prefer", "语言", "language", choices=("prefer", "require"),
            reads=("cadres.languages", "region_tags.tag"),
            note_zh="村或其上级有 language:* 标签时，会其中一种", note_en="one of the area's tags language:*"),
    Setting("distance_weight", "number", 1.0, "距离权重", "weight of distance", unit="points per 10 km", minimum=0,
            maximum=1000, reads=("cadres.home_region", "regions.lon", "regions.lat")),
    Setting("skill_weight", "number", 4.0, "专长权重", "weight of skill", unit="points", minimum=0, maximum=10_000,
            reads=("cadres.skill", "village_posts.skill")),
    Setting("language_weight", "number", 6.0, "语言权重", "weight of language", unit="points", minimum=0, maximum=10_000,
            reads=("cadres.languages", "region_tags.tag")),
    Setting("own_county_weight", "number", 5.0, "本单位定点县权重", "weight of the own unit's county", unit="points",
            minimum=0, maximum=10_000, reads=("cadres.unit", "relations.supporter", "relations.recipient"),
            note_zh="单位有定点县而村不在其中时计", note_en="counted where the unit has counties and the village is in none of them"),
    Setting("profile_weight", "number", 2.0, "单位专长权重", "weight of the unit's profile", unit="points", minimum=0,
            maximum=10_000, reads=("cadres.unit", "units.profile", "household_groups.cause", "household_groups.lacking"),
            note_zh="乘以单位专长帮不上的贫困户比例", note_en="times the share of poor households that the profile does not serve"),
    Setting("keep_weight", "number", 6.0, "保持在任权重", "weight of keeping who is in place", unit="points", minimum=0,
            maximum=10_000, reads=("postings.cadre", "postings.village", "postings.post"),
            note_zh="每一名新派计；原岗续任不计", note_en="counted for each new posting; who stays at the post costs nothing"),
    *PUBLISHED,
)  # fmt: skip

READS: dict[str, tuple[str, ...]] = {
    "regions": ("code", "name", "level", "parent", "lon", "lat"),
    "region_tags": ("region", "tag", "since", "until"),
    "household_groups": ("village", "year", "cause", "lacking", "households"),
    "units": ("id", "name", "home_region", "profile"),
    "relations": ("kind", "supporter", "recipient", "since", "until"),
    "cadres": ("id", "unit", "home_region", "skill", "roles", "languages", "available_from", "available_until",
               "seniority_years", "household"),
    "postings": ("cadre", "village", "post", "since", "until", "ended_because"),
    "village_posts": ("village", "post", "role", "skill", "minimum", "target", "tier"),
    "pair_scores": ("stage", "supporter", "recipient", "cost"),
}  # fmt: skip

OWN_KINDS = ("designated", "provincial_designated", "village_unit")
"""Relations that make a place a unit's own."""

TEAM_RULES = ("team_one_unit", "team_language", "spouses_together")
"""Rules on teams and households that are off by default."""

WEIGHTS = ("skill_weight", "language_weight", "own_county_weight", "profile_weight", "keep_weight")


def active(policy: Policy) -> list[Setting]:
    """Settings that are in force: rules that are on, weights above zero whose rule is on."""
    found = []
    for setting in SETTINGS:
        rule = setting.key.removesuffix("_weight")
        follows = rule != setting.key and rule in policy.values
        if policy.on(setting.key) and policy[setting.key] != 0 and not (follows and not policy.on(rule)):
            found.append(setting)
    return found


def key_columns(policy: Policy) -> list[str]:
    """Columns of ``cadres`` that the active settings read: who agrees in all of them is of one class.

    Households are left out: few people share one, and :func:`~planner.stages.cadres.people.households` tells those apart.
    """
    read = {name for setting in active(policy) for name in setting.reads} - {"cadres.household"}
    return sorted(name.removeprefix("cadres.") for name in read if name.startswith("cadres."))


def most_cost(policy: Policy) -> int:
    """No posting costs more, in thousandths."""
    far = policy.weight("distance_weight") * HALF_ROUND_KM / 10
    return int(SCALE * (far + sum(policy.weight(w) for w in WEIGHTS))) + len(WEIGHTS) + 1


def change_price(policy: Policy) -> int:
    """Thousandths that each change costs."""
    return round(policy.weight(CHANGE_WEIGHT) * SCALE)


def step(posts: int, most: int) -> int:
    """Worth of one level: a power of ten above every difference in cost that moving people can make.

    Changing which seats are filled moves people along one simple path through the network; it takes at most one new
    posting per post, ``posts`` in all, each at most ``most``. So with worths ``k · step`` a seat of a higher level is never
    given up for lower ones or for cost: the sets of seats that can be filled form a matroid, for which any falling
    worths give the strict order (docs/stages/cadres.md).
    """
    found = 1
    while found <= (posts + 1) * most:
        found *= 10
    return found
