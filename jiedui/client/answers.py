"""What the service answers and takes, as types: made of docs/api/openapi-v1.json by ``python -m api.http.contract.answers``.

Names are those of the document's schemas. They are dicts, as they came; fields stand with their units.
"""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypeAlias, TypedDict

from jiedui.client.call import Day


class AboutNetwork(TypedDict):
    """The network that questions are asked of."""

    codes: str
    """code scheme of its places: `gb2260` or `free`"""
    date: str | None
    """day on which questions read it unless asked for another; null: today"""
    levels: list[str]
    """levels of its places, the widest first"""
    name: str
    """its name"""
    rules: list[AskedRule]
    """rules of coverage that may be asked"""
    tables: dict[str, int | None]
    """table → number of rows that the caller sees; null where a server would have to count them"""
    version: str
    """digest of its version; the same as long as every answer is"""


class AcceptArguments(TypedDict):
    """What `accept` is asked to do, as on the command line."""

    base: str
    """a plan's id"""
    candidate: str
    """a plan's id"""
    kpis: NotRequired[list[str]]
    """a condition such as "funds.points >= base * 0.98", "cadres.cost <= base + 5%", "exit.late = 0", or STAGE.KEY alone (no worse than the base plan); default: no figure with a better direction is worse"""


class Adopted(TypedDict):
    """A part of a plan that was adopted."""

    at: str
    """when (UTC)"""
    by: str
    """who"""
    decided: NotRequired[list[str]]
    """stages that it decided about"""
    regions: list[str]
    """only what is felt in these places or below; empty: all"""
    stages: list[str]
    """only these stages; empty: all"""
    version: NotRequired[int | None]
    """number of the version of the network that it made; none where it changed nothing"""
    without: list[str]
    """stages and places that were left out"""


AdoptionGiven = TypedDict(
    'AdoptionGiven',
    {
        'dry_run': NotRequired[bool],
        'except': NotRequired[list[str]],
        'note': NotRequired[str],
        'only': NotRequired[list[str]],
    },
)


class AdoptionTold(TypedDict):
    """What an adoption did, or would do."""

    counts: dict[str, tuple[int, int]]
    """table → rows put and removed; empty where the network was so already"""
    plan: str
    """the plan's id"""
    regions: list[str]
    """codes; only what is felt there or below; empty: all"""
    rows: NotRequired[dict[str, list[RowTouched]] | None]
    """table → rows that would change; only where it was only tried"""
    stages: list[str]
    """only these stages; empty: all"""
    version: VersionTold | None
    """the new head; null where it was only tried"""
    without: list[str]
    """stages and codes that were left out"""


class Alert(TypedDict):
    """An alert and how it stands."""

    at: str | None
    """when something was said of it last (UTC)"""
    by: str
    """who said something of it last; empty: nobody"""
    due: str | None
    """day by which something is to be done; null: there is none"""
    gone: bool
    """whether it is resolved because its condition is gone"""
    id: str
    """the same as long as the same thing is the matter"""
    kind: Literal['term_ending', 'posting_ending', 'overload', 'sole_support', 'thin_spot', 'missed_delivery', 'overdue_finding', 'waiting_request']
    """what kind of thing"""
    note: str
    """what they said"""
    region: str | None
    """code of the place whose business it is; null: nobody's alone"""
    revision: int
    """how often something was said of it"""
    severity: Literal['low', 'medium', 'severe']
    """how grave"""
    since: str | None
    """day from which it holds; null: the data do not say"""
    state: Literal['active', 'acknowledged', 'resolved']
    """`active`, `acknowledged` or `resolved`"""
    subject: str
    """id of the relation, place, unit, finding or request that it is about"""
    text: Message
    """what is the matter, in words"""
    until: str | None
    """day up to which it is acknowledged; null: until it is reopened"""


class AlertFound(TypedDict):
    """Something that wants attention."""

    due: str | None
    """day by which something is to be done; null: there is none"""
    id: str
    """the same as long as the same thing is the matter"""
    kind: Literal['term_ending', 'posting_ending', 'overload', 'sole_support', 'thin_spot', 'missed_delivery', 'overdue_finding', 'waiting_request']
    """what kind of thing"""
    region: str | None
    """code of the place whose business it is; null: nobody's alone"""
    severity: Literal['low', 'medium', 'severe']
    """how grave"""
    since: str | None
    """day from which it holds; null: the data do not say"""
    subject: str
    """id of the relation, place, unit, finding or request that it is about"""
    text: Message
    """what is the matter, in words"""


class AlertPage(TypedDict):
    """Some alerts, the gravest first, then the most urgent; those that are gone last."""

    alerts: list[Alert]
    """the alerts"""
    next: str | None
    """`cursor` of the page behind this one; null at the end"""


class AlertsWhere(TypedDict):
    """Which of ``alerts``."""

    state: NotRequired[Literal['active', 'acknowledged', 'resolved'] | list[Literal['active', 'acknowledged', 'resolved']] | None]
    """only in these states; active and acknowledged by default"""
    kind: NotRequired[Literal['term_ending', 'posting_ending', 'overload', 'sole_support', 'thin_spot', 'missed_delivery', 'overdue_finding', 'waiting_request'] | list[Literal['term_ending', 'posting_ending', 'overload', 'sole_support', 'thin_spot', 'missed_delivery', 'overdue_finding', 'waiting_request']] | None]
    """only of these kinds"""
    severity: NotRequired[Literal['low', 'medium', 'severe'] | list[Literal['low', 'medium', 'severe']] | None]
    """only so grave"""
    region: NotRequired[str]
    """only what is of this place or one below: code, name, pinyin or initials"""
    at: NotRequired[Day | None]
    """the day asked for; the network's own, else today, by default"""


class Alive(TypedDict):
    """The process answers."""

    status: str
    """always `ok`"""


class AllTimeline(TypedDict):
    """All relations, by period."""

    begun: list[int]
    """number of relations that begin, by period"""
    ended: list[int]
    """number of relations that end, by period"""
    in_force: list[int]
    """number of relations in force on the last day, by period: those of the period before, with what begun, without what ended"""


class AlternativesArguments(TypedDict):
    """What `alternatives` is asked to do, as on the command line."""

    most: NotRequired[int]
    """how many at most"""
    plan: str
    """a plan's id"""
    stage: Literal['pairing', 'designation', 'cadres', 'funds', 'exit', 'inspection']
    """which stage: pairing, designation or exit"""
    within: NotRequired[str | None]
    """how much worse the objective may be, such as 1% or 0.01"""


class Amounts(TypedDict):
    """What is entered; at least one of the two amounts."""

    delivered: NotRequired[int | None]
    """come (unit of the item); null: as it was"""
    pledged: NotRequired[int | None]
    """promised (unit of the item); null: as it was"""
    reason: NotRequired[str]
    """why; empty: said by the entry"""
    source: NotRequired[str | None]
    """where the figures are from; the caller's name where none is given"""


class AreaFigures(TypedDict):
    """Figures of a place."""

    ending: int
    """people whose term is over after the day and up to `by` (persons)"""
    filled: int
    """people in posts, as far as these ask for any (persons)"""
    first_secretaries: int
    """first secretaries among them (persons)"""
    language_there: int
    """of these, villages where somebody posted speaks one (number of villages)"""
    language_wanted: int
    """villages where a language is spoken (number of villages)"""
    minimum: int
    """people whom they ask for at least (persons)"""
    must_without: int
    """of these, villages that have to have somebody (number of villages)"""
    name: str | None
    """what it is called"""
    overdue: int
    """people whose term is over by the day (persons)"""
    posted: int
    """people posted, on the day or by the plan (persons)"""
    region: str | None
    """code of the place; null: of villages that lie in none"""
    skill_there: int
    """people in such posts who have it (persons)"""
    skill_wanted: int
    """people whom posts ask for with a skill (persons)"""
    target: int
    """people whom all posts ask for (persons)"""
    vacant: int
    """people whom posts still ask for (persons)"""
    villages: int
    """villages that have posts (number of villages)"""
    without: int
    """villages with nobody posted (number of villages)"""


class ArrayCell(TypedDict):
    """A cell of an array, with its place along each axis in `i0`, `i1` and so on (from 0)."""

    i0: NotRequired[int | None]
    """place along the first axis (a number from 0)"""
    value: NotRequired[float | None]
    """the cell (a number; docs/certificates.md tells what it counts)"""


class ArrayPage(TypedDict):
    """A page of an array."""

    next: str | None
    """`cursor` of the page behind this one; null at the end"""
    rows: list[ArrayCell]
    """its cells"""
    table: str
    """the array"""
    total: int
    """cells on all pages (a number)"""


class AskedRule(TypedDict):
    """A rule of coverage."""

    name: str
    """its name, for `gaps?rule=`"""
    title: Message
    """what it asks for"""


class AssessmentsPage(TypedDict):
    """Some rows of assessments."""

    next: str | None
    """`cursor` of the page behind this one; null at the end"""
    rows: list[AssessmentsRow]
    """the yearly assessment"""
    table: Literal['assessments']
    """the table"""
    total: int
    """rows on all pages"""


class AssessmentsRow(TypedDict):
    """assessments: the yearly assessment."""

    category: NotRequired[str | None]
    """结果 · category; values: enumeration `assessment_category`"""
    mark: NotRequired[str | None]
    """标记 · mark; values: enumeration `mark`; empty: from a source; recalled; synthetic; assumed"""
    region: NotRequired[str | None]
    """地区 · region"""
    source: NotRequired[str | None]
    """来源 · source; absent: the file's name"""
    year: NotRequired[int | None]
    """年份 · year (unit: a whole number)"""


class AuditEntry(TypedDict):
    """A row of the audit log."""

    address: str | None
    """from where"""
    at: str
    """when it was written (UTC)"""
    before: str
    """digest of the row before"""
    caller: str | None
    """who; null where nobody was known"""
    facts: dict[str, Any]
    """what the route adds: ids and counts"""
    hash: str
    """SHA-256 of all of this but itself"""
    method: str
    """HTTP method; `CLI` of the command line"""
    number: int
    """its number in the log, from 1 without gaps"""
    parameters: dict[str, str]
    """what the path names: ids as they are, all else as the beginning of its SHA-256"""
    request: str
    """number of the request, as in the log and in `X-Request-Id`"""
    route: str
    """template of the route, or the command"""
    status: int | None
    """HTTP status, or exit status; null as long as it is not known"""
    step: Literal['begun', 'ended', 'refused', 'event']
    """`begun`: a change was about to be made; `ended`: how it went; `refused`: it was not let in; `event`: something else"""
    via: str | None
    """how they were known"""


class AuditHead(TypedDict):
    """The newest row: note it elsewhere, and `jiedui audit verify --head` tells whether it is still there."""

    hash: str
    """its digest"""
    number: int
    """its number in the log; 0 where that is empty"""


class AuditPage(TypedDict):
    """Some rows, the newest first."""

    entries: list[AuditEntry]
    """the rows"""
    next: str | None
    """`cursor` of the page behind this one; null at the end"""


class AuditWhere(TypedDict):
    """Which of ``audit``."""

    caller: NotRequired[str | None]
    """only what they did"""
    request: NotRequired[str | None]
    """only of this request"""
    method: NotRequired[str | None]
    """only by this method"""
    route: NotRequired[str | None]
    """only routes that begin so"""
    status: NotRequired[int | None]
    """only with this status"""
    since: NotRequired[str | None]
    """only from then on (UTC)"""
    until: NotRequired[str | None]
    """only before then (UTC)"""
    whole: NotRequired[bool]
    """also what was begun, where its end is told, too"""


class CadreNamesPage(TypedDict):
    """Some rows of cadre_names."""

    next: str | None
    """`cursor` of the page behind this one; null at the end"""
    rows: list[CadreNamesRow]
    """optional, separate, masked unless allowed"""
    table: Literal['cadre_names']
    """the table"""
    total: int
    """rows on all pages"""


class CadreNamesRow(TypedDict):
    """cadre names: optional, separate, masked unless allowed."""

    id: NotRequired[str | None]
    """编号 · id"""
    mark: NotRequired[str | None]
    """标记 · mark; values: enumeration `mark`; empty: from a source; recalled; synthetic; assumed"""
    name: NotRequired[str | None]
    """姓名 · name"""
    source: NotRequired[str | None]
    """来源 · source; absent: the file's name"""


class CadresPage(TypedDict):
    """Some rows of cadres."""

    next: str | None
    """`cursor` of the page behind this one; null at the end"""
    rows: list[CadresRow]
    """one row per cadre, no names here"""
    table: Literal['cadres']
    """the table"""
    total: int
    """rows on all pages"""


class CadresRow(TypedDict):
    """cadres: one row per cadre, no names here."""

    available_from: NotRequired[str | None]
    """可派起 · available from"""
    available_until: NotRequired[str | None]
    """可派止 · available until"""
    home_region: NotRequired[str | None]
    """家庭所在地 · home region"""
    household: NotRequired[str | None]
    """家庭编号 · household; equal for spouses who are both posted"""
    id: NotRequired[str | None]
    """编号 · id"""
    languages: NotRequired[str | None]
    """语言 · languages"""
    mark: NotRequired[str | None]
    """标记 · mark; values: enumeration `mark`; empty: from a source; recalled; synthetic; assumed"""
    roles: NotRequired[str | None]
    """可任职务 · roles; values: enumeration `role`"""
    seniority_years: NotRequired[int | None]
    """工龄 · seniority (unit: years)"""
    skill: NotRequired[str | None]
    """专长 · skill; values: enumeration `skill`"""
    source: NotRequired[str | None]
    """来源 · source; absent: the file's name"""
    unit: NotRequired[str | None]
    """派出单位 · unit; a unit's id, or the code of the place that sends"""


class Candidate(TypedDict):
    """Who could take over a recipient."""

    capacity: int | None
    """Recipients of that kind today, and how many it can carry where that is known."""
    cost: float
    """``distance_km / 1000 + (load + 1) / fair load``: the capacity where it is known, else the mean load of the candidates; a missing distance counts as the farthest candidate's. Low is good."""
    distance_km: float | None
    """Great-circle distance from its seat to the recipient; None where a point is missing."""
    full: bool
    """Whether its capacity is used up."""
    load: int
    """Recipients of that kind today, and how many it can carry where that is known."""
    supporter: Place
    """A supporter that has relations of the same kind today."""


class CapacitiesPage(TypedDict):
    """Some rows of capacities."""

    next: str | None
    """`cursor` of the page behind this one; null at the end"""
    rows: list[CapacitiesRow]
    """how much can be verified, and the like"""
    table: Literal['capacities']
    """the table"""
    total: int
    """rows on all pages"""


class CapacitiesRow(TypedDict):
    """capacities: how much can be verified, and the like."""

    kind: NotRequired[str | None]
    """类型 · kind; values: enumeration `capacity_kind`"""
    mark: NotRequired[str | None]
    """标记 · mark; values: enumeration `mark`; empty: from a source; recalled; synthetic; assumed"""
    region: NotRequired[str | None]
    """地区 · region"""
    source: NotRequired[str | None]
    """来源 · source; absent: the file's name"""
    value: NotRequired[float | None]
    """值 · value (unit: a number)"""
    year: NotRequired[int | None]
    """年份 · year (unit: a whole number)"""


class Card(TypedDict):
    """What is known of a place or unit."""

    at: str
    """The day on which the network was read."""
    changes: list[Succession]
    """mergers, splits and renamings in which the place stands"""
    hits: list[Hit]
    """Everything that the words may mean, this one first."""
    subject: Place
    """Whom the card is about."""
    supported_by: list[Tie]
    """Own relations first, then through places above, then through places below."""
    supports: list[Tie]
    """Own relations first, then through places above, then through places below."""
    sure: bool
    """Whether the words can only mean this one; otherwise look at ``hits``."""
    tags: list[str]
    """Tags that the place bears on that day."""


class CellSet(TypedDict):
    """One cell that is to change."""

    column: str
    """the column"""
    row: str
    """the row's key, `|` between its cells"""
    table: str
    """the table"""
    value: str | int | float | bool | list[str] | None
    """what is to stand there, in the column's unit; null empties it"""


class CentreRow(TypedDict):
    """How central a place or unit is."""

    betweenness: float
    """share of shortest ways that lead through it (0–1)"""
    degree: int
    """number of relations in force (relations)"""
    id: str
    """region code or unit id"""
    name: str | None
    """name"""


class CertificateInside(TypedDict):
    """An array of a certificate."""

    dtype: str
    """type of its cells"""
    name: str
    """its name in the address"""
    shape: list[int]
    """cells along each axis"""
    stage: str
    """the stage whose bound it proves"""


class ChangedRelation(TypedDict):
    """A relation that holds on one of the days only."""

    id: str
    """id"""
    kind: str
    """kind; values: enumeration `relation_kind`"""
    mark: str | None
    """mark; values: enumeration `mark`; empty: from a source; recalled; synthetic; assumed"""
    recipient: str
    """recipient"""
    recipient_name: str | None
    """name of the recipient"""
    since: str | None
    """since"""
    supporter: str
    """supporter"""
    supporter_name: str | None
    """name of the supporter"""
    until: str | None
    """until (excluded)"""


class CheckArguments(TypedDict):
    """What `check` is asked to do, as on the command line."""

    csv: NotRequired[Literal['csv'] | None]
    """write every finding as CSV; here the ending; the file is among the job's files"""
    scenario: str
    """a scenario's name"""
    skip_bad_rows: NotRequired[bool]
    """leave out rows with errors, and say which"""
    strict: NotRequired[bool]
    """exit 1 where there are findings of the domain"""


class CheckOptions(TypedDict):
    """Further words of ``CheckArguments``."""

    csv: NotRequired[Literal['csv'] | None]
    """write every finding as CSV; here the ending; the file is among the job's files"""
    skip_bad_rows: NotRequired[bool]
    """leave out rows with errors, and say which"""
    strict: NotRequired[bool]
    """exit 1 where there are findings of the domain"""


class ColumnToldOf(TypedDict):
    """A column of a table."""

    default: Any
    """what an absent column means"""
    enum: str | None
    """enumeration that its values are of"""
    example: str
    """an example cell"""
    key: bool
    """whether it is one of those that name a row"""
    kind: Literal['text', 'code', 'integer', 'number', 'share', 'money', 'date', 'boolean', 'enum', 'list']
    """what its cells are: `money` is whole yuan, `share` is 0 to 1, `list` has `;` between members"""
    links: list[str]
    """`table.column` that it names, the first that has it"""
    maximum: float | None
    """largest value that may be, in `unit`"""
    minimum: float | None
    """least value that may be, in `unit`"""
    name: str
    """its name, in files, filters and answers"""
    note: Message
    """what has to be known about it"""
    operators: list[str]
    """conditions that may be asked of it, as parameters of a table"""
    required: bool
    """whether no cell may be empty"""
    title: Message
    """its title; a file's header may be the Chinese one"""
    unit: str
    """of its cells; empty where they have none"""


class Commit(TypedDict):
    """Where the tables of an upload go."""

    into: Literal['scenario', 'network']
    """`scenario`: its tables, in the place of those there (`If-Match`); `network`: a draft request for change"""
    scenario: NotRequired[str | None]
    """the scenario's name"""
    why: NotRequired[str]
    """reason; a request has to have one"""


class CompareArguments(TypedDict):
    """What `compare` is asked to do, as on the command line."""

    plans: list[str]
    """a plan's id"""
    to: NotRequired[Literal['xlsx', 'html', 'graphml'] | None]
    """write an Excel workbook (.xlsx), a self-contained web page (.html) or the pairs that change as a graph (.graphml); here the ending; the file is among the job's files"""


class CompareOptions(TypedDict):
    """Further words of ``CompareArguments``."""

    to: NotRequired[Literal['xlsx', 'html', 'graphml'] | None]
    """write an Excel workbook (.xlsx), a self-contained web page (.html) or the pairs that change as a graph (.graphml); here the ending; the file is among the job's files"""


class CoveragePage(TypedDict):
    """Some rows of coverage."""

    next: str | None
    """`cursor` of the page behind this one; null at the end"""
    rows: list[CoverageRow]
    """whether a missing link is a gap or a hole in our data"""
    table: Literal['coverage']
    """the table"""
    total: int
    """rows on all pages"""


class CoverageRow(TypedDict):
    """coverage: whether a missing link is a gap or a hole in our data."""

    complete: NotRequired[str | None]
    """完整 · complete; values: enumeration `complete`; yes: a missing link is a gap; no: it may be a hole in our data; by_design: outside the programme"""
    mark: NotRequired[str | None]
    """标记 · mark; values: enumeration `mark`; empty: from a source; recalled; synthetic; assumed"""
    region: NotRequired[str | None]
    """地区 · region; this region and all below it"""
    rule: NotRequired[str | None]
    """规则 · rule"""
    source: NotRequired[str | None]
    """来源 · source; absent: the file's name"""


class DiffArguments(TypedDict):
    """What `diff` is asked to do, as on the command line."""

    first: str
    """a scenario's name"""
    limit: NotRequired[int]
    """rows per table"""
    second: str
    """a scenario's name"""
    sources: NotRequired[bool]
    """rows that differ only in source or mark count, too"""


class Difference(TypedDict):
    """Two days side by side."""

    after: str
    """The days."""
    before: str
    """The days."""
    begun: list[ChangedRelation]
    """relations in force on the later day only"""
    ended: list[ChangedRelation]
    """relations in force on the earlier day only"""
    kept: int | None
    """number of relations in force on both; null for who is limited to regions"""
    postings: PostingsChanged | None
    """postings that began, ended and stayed; null for who is limited to regions"""


class DocumentsPage(TypedDict):
    """Some rows of documents."""

    next: str | None
    """`cursor` of the page behind this one; null at the end"""
    rows: list[DocumentsRow]
    """agreements, notices, reports"""
    table: Literal['documents']
    """the table"""
    total: int
    """rows on all pages"""


class DocumentsRow(TypedDict):
    """documents: agreements, notices, reports."""

    date: NotRequired[str | None]
    """日期 · date"""
    id: NotRequired[str | None]
    """编号 · id"""
    link: NotRequired[str | None]
    """链接 · link"""
    mark: NotRequired[str | None]
    """标记 · mark; values: enumeration `mark`; empty: from a source; recalled; synthetic; assumed"""
    source: NotRequired[str | None]
    """来源 · source; absent: the file's name"""
    subject: NotRequired[str | None]
    """对象 · subject"""
    title: NotRequired[str | None]
    """标题 · title"""


class Draft(TypedDict):
    """A new request."""

    base: NotRequired[int | None]
    """version of the network that it was worked out from; null: the newest"""
    reason: str
    """why"""
    remove: NotRequired[list[RowNamed]]
    """rows that are to go"""
    rows: NotRequired[dict[str, list[dict[str, str | int | float | bool | list[str] | None]]]]
    """table → whole rows, new or changed; columns that are left out take their default"""
    set: NotRequired[list[CellSet]]
    """cells of rows that are there"""


class Edit(TypedDict):
    """Other content of a draft, or of one that was returned; it takes the place of all that was there."""

    base: NotRequired[int | None]
    """version of the network that it was worked out from; null: the newest"""
    reason: NotRequired[str]
    """another reason; empty: as it was"""
    remove: NotRequired[list[RowNamed]]
    """rows that are to go"""
    rows: NotRequired[dict[str, list[dict[str, str | int | float | bool | list[str] | None]]]]
    """table → whole rows, new or changed; columns that are left out take their default"""
    set: NotRequired[list[CellSet]]
    """cells of rows that are there"""


class EndingPosting(TypedDict):
    """A posting that ends, and why."""

    cadre: str
    """cadre"""
    due: str
    """day of the end"""
    mark: str | None
    """mark; values: enumeration `mark`; empty: from a source; recalled; synthetic; assumed"""
    post: str
    """post"""
    region: str
    """code of the region"""
    role: str | None
    """role; values: enumeration `role`"""
    village: str
    """village"""
    village_name: str | None
    """name of the village"""
    why: str
    """why it ends; `until`: its own end; `minimum_term`: may go or be extended from then on"""


class EndingPostings(TypedDict):
    """Postings that end in a county, by why."""

    first: str
    """earliest end"""
    first_secretaries: int
    """of these, number of first secretaries (postings)"""
    last: str
    """latest end"""
    mark: str | None
    """marks that occur; `;` between"""
    name: str | None
    """name"""
    postings: int
    """number of postings that end (postings)"""
    region: str
    """code of the region"""
    villages: int
    """number of villages (villages)"""
    why: str
    """why it ends; `until`: its own end; `minimum_term`: may go or be extended from then on"""


class EndingRelation(TypedDict):
    """A relation that ends."""

    id: str
    """id"""
    kind: str
    """kind; values: enumeration `relation_kind`"""
    mark: str | None
    """mark; values: enumeration `mark`; empty: from a source; recalled; synthetic; assumed"""
    recipient: str
    """recipient"""
    recipient_name: str | None
    """name of the recipient"""
    supporter: str
    """supporter"""
    supporter_name: str | None
    """name of the supporter"""
    until: str | None
    """until (excluded)"""


class Endings(TypedDict):
    """Terms in force on ``at`` that end by ``by``."""

    at: str
    """The days counted from and to; an end on ``by`` is included, one on ``at`` is over already."""
    by: str
    """The days counted from and to; an end on ``by`` is included, one on ``at`` is over already."""
    each: NotRequired[list[EndingPosting]]
    """a row per posting and reason; only with `each=true`"""
    minimum_term_years: float | None
    """minimum term that was counted with (years); null: none"""
    postings: list[EndingPostings]
    """postings that end, by county and why"""
    relations: list[EndingRelation]
    """relations in force that end, the earliest first"""


class Entered(TypedDict):
    """What became of an entry: carried out (200 or 201), or a request that waits for somebody (202)."""

    applied: bool
    """whether the network has it"""
    request: str | None
    """the request that it is: `/requests/{id}`; null where nothing had to change"""
    row: dict[str, Any] | None
    """the row as it is to be, by column"""
    state: Literal['draft', 'submitted', 'approved', 'returned', 'rejected', 'applied'] | None
    """the request's state"""
    version: int | None
    """version of the network that it made; null where it waits, or was made before"""
    waits: Message | None
    """what it waits for"""


class ExplainArguments(TypedDict):
    """What `explain` is asked to do, as on the command line."""

    all: NotRequired[str | None]
    """a reason for every row of this stage, and for what stayed open, into the file -o (.xlsx) or a folder (--format csv, parquet)"""
    count: NotRequired[int]
    """pairs of --dearest (how many)"""
    dearest: NotRequired[str | None]
    """the pairs of this stage (pairing, designation) that would be dearest to lose, each solved again"""
    instead: NotRequired[int | None]
    """what this amount instead would cost, in yuan (county:programme:year, county:year, or source>county:programme:year)"""
    out: NotRequired[Literal['txt', 'html', 'xlsx', 'csv', 'parquet'] | None]
    """write to a file; here the ending; the file is among the job's files"""
    plan: str
    """a plan's id"""
    price: NotRequired[bool]
    """what another choice would cost in all: solve again without the present one, or with the one asked for; of a fund source: with a million yuan more and less in its budgets"""
    stages: NotRequired[list[Literal['pairing', 'designation', 'cadres', 'funds', 'exit', 'inspection']]]
    """only these stages"""
    subject: NotRequired[str | None]
    """a region, a unit, a village, a cadre, an inspection team or a fund source, by code or name; supporter>recipient, cadre>village, team>county; county=year; or source>county:programme:year"""
    swap: NotRequired[bool]
    """supporter>recipient: what the way, each weight, the unit's strength and the poverty incidence would have to come to for a swap, solved again on both sides"""


class ExplainOptions(TypedDict):
    """Further words of ``ExplainArguments``."""

    all: NotRequired[str | None]
    """a reason for every row of this stage, and for what stayed open, into the file -o (.xlsx) or a folder (--format csv, parquet)"""
    count: NotRequired[int]
    """pairs of --dearest (how many)"""
    dearest: NotRequired[str | None]
    """the pairs of this stage (pairing, designation) that would be dearest to lose, each solved again"""
    instead: NotRequired[int | None]
    """what this amount instead would cost, in yuan (county:programme:year, county:year, or source>county:programme:year)"""
    out: NotRequired[Literal['txt', 'html', 'xlsx', 'csv', 'parquet'] | None]
    """write to a file; here the ending; the file is among the job's files"""
    price: NotRequired[bool]
    """what another choice would cost in all: solve again without the present one, or with the one asked for; of a fund source: with a million yuan more and less in its budgets"""
    stages: NotRequired[list[Literal['pairing', 'designation', 'cadres', 'funds', 'exit', 'inspection']]]
    """only these stages"""
    swap: NotRequired[bool]
    """supporter>recipient: what the way, each weight, the unit's strength and the poverty incidence would have to come to for a swap, solved again on both sides"""


class ExportArguments(TypedDict):
    """What `export` is asked to do, as on the command line."""

    plan: str
    """a plan's id"""
    to: Literal['xlsx', 'geojson', 'graphml', 'csv', 'parquet', 'certificate']
    """the file; its ending tells the format. CSV and Parquet of a plan go into a folder; here the ending; the file is among the job's files"""


class ExportNetworkArguments(TypedDict):
    """What `export-network` is asked to do, as on the command line."""

    at: NotRequired[str | None]
    """the day asked for (default: the scenario's date)"""
    to: Literal['xlsx', 'csv', 'parquet', 'geojson', 'graphml']
    """the file; its ending tells the format. CSV and Parquet of a plan go into a folder; here the ending; the file is among the job's files"""


class Fault(TypedDict):
    """One place of a request that is not written as it should be."""

    what: str
    """what is wrong with it"""
    where: str
    """`path`, `query`, `header` or `body`, then the names down to it"""


class Figures(TypedDict):
    """Figures of some villages."""

    ending: int
    """people whose term is over after the day and up to `by` (persons)"""
    filled: int
    """people in posts, as far as these ask for any (persons)"""
    first_secretaries: int
    """first secretaries among them (persons)"""
    language_there: int
    """of these, villages where somebody posted speaks one (number of villages)"""
    language_wanted: int
    """villages where a language is spoken (number of villages)"""
    minimum: int
    """people whom they ask for at least (persons)"""
    must_without: int
    """of these, villages that have to have somebody (number of villages)"""
    overdue: int
    """people whose term is over by the day (persons)"""
    posted: int
    """people posted, on the day or by the plan (persons)"""
    skill_there: int
    """people in such posts who have it (persons)"""
    skill_wanted: int
    """people whom posts ask for with a skill (persons)"""
    target: int
    """people whom all posts ask for (persons)"""
    vacant: int
    """people whom posts still ask for (persons)"""
    villages: int
    """villages that have posts (number of villages)"""
    without: int
    """villages with nobody posted (number of villages)"""


class File(TypedDict):
    """A file that a job has written."""

    bytes: int
    """its size in bytes"""
    name: str
    """under which it is asked for"""


class FileList(TypedDict):
    """Files of a job, by name."""

    files: list[File]
    """the files"""


class Finding(TypedDict):
    """Something that was found, and what becomes of it."""

    closed_on: NotRequired[str | None]
    """销号日期 · closed on"""
    due: NotRequired[str | None]
    """期限 · due"""
    evidence: NotRequired[str | None]
    """佐证 · evidence"""
    id: NotRequired[str | None]
    """编号 · id"""
    kind: NotRequired[str | None]
    """来源类型 · kind; values: enumeration `finding_kind`"""
    mark: NotRequired[str | None]
    """标记 · mark; values: enumeration `mark`; empty: from a source; recalled; synthetic; assumed"""
    owner: NotRequired[str | None]
    """责任单位 · owner"""
    programme: NotRequired[str | None]
    """项目 · programme; values: enumeration `programme`"""
    received: NotRequired[str | None]
    """收到 · received"""
    region: NotRequired[str | None]
    """地区 · region"""
    severity: NotRequired[str | None]
    """程度 · severity; values: enumeration `severity`"""
    source: NotRequired[str | None]
    """来源 · source; absent: the file's name"""
    status: NotRequired[str | None]
    """状态 · status; values: enumeration `finding_status`"""
    year: NotRequired[int | None]
    """年份 · year (unit: a whole number)"""


class FindingGiven(TypedDict):
    """Further words of ``NewFinding``."""

    due: NotRequired[Day | None]
    """day by which"""
    evidence: NotRequired[str | None]
    """evidence"""
    id: NotRequired[str | None]
    """its number; null: it gets one"""
    kind: NotRequired[str]
    """where it comes from: a value of `finding_kind`"""
    owner: NotRequired[str | None]
    """who is to rectify it"""
    programme: NotRequired[str | None]
    """programme: a value of `programme`"""
    reason: NotRequired[str]
    """why it is entered; empty: said by its number"""
    received: NotRequired[Day | None]
    """day on which it came in"""
    severity: NotRequired[str]
    """`low`, `medium` or `severe`"""
    source: NotRequired[str | None]
    """where this is from; the caller's name where none is given"""
    year: NotRequired[int | None]
    """year that it is about"""


class FindingPage(TypedDict):
    """Some findings, those that are due first before the others."""

    findings: list[Finding]
    """the findings"""
    next: str | None
    """`cursor` of the page behind this one; null at the end"""


class FindingState(TypedDict):
    """A state of a finding."""

    recorded_at: int
    """version of the network from which it is known"""
    row: Finding
    """the row"""
    superseded_by: int | None
    """version from which it is known no longer; null: it stands"""


class FindingStates(TypedDict):
    """A finding, and all that it has been."""

    finding: Finding
    """as it is"""
    past: list[FindingState]
    """its states, the oldest first"""


class FindingStep(TypedDict):
    """What is said with a step."""

    due: NotRequired[str | None]
    """of `assign`: day by which; null: as it was"""
    evidence: NotRequired[str | None]
    """evidence; null: as it was"""
    on: NotRequired[str | None]
    """of `close`: the day; null: today"""
    owner: NotRequired[str | None]
    """of `assign`: who is to rectify it; null: as it was"""
    reason: NotRequired[str]
    """why; empty: said by the step"""


class FindingStepGiven(TypedDict):
    """Further words of ``FindingStep``."""

    due: NotRequired[Day | None]
    """of `assign`: day by which; null: as it was"""
    evidence: NotRequired[str | None]
    """evidence; null: as it was"""
    on: NotRequired[Day | None]
    """of `close`: the day; null: today"""
    owner: NotRequired[str | None]
    """of `assign`: who is to rectify it; null: as it was"""
    reason: NotRequired[str]
    """why; empty: said by the step"""


class FindingsPage(TypedDict):
    """Some rows of findings."""

    next: str | None
    """`cursor` of the page behind this one; null at the end"""
    rows: list[FindingsRow]
    """what was found and whether it is mended"""
    table: Literal['findings']
    """the table"""
    total: int
    """rows on all pages"""


class FindingsRow(TypedDict):
    """findings: what was found and whether it is mended."""

    closed_on: NotRequired[str | None]
    """销号日期 · closed on"""
    due: NotRequired[str | None]
    """期限 · due"""
    evidence: NotRequired[str | None]
    """佐证 · evidence"""
    id: NotRequired[str | None]
    """编号 · id"""
    kind: NotRequired[str | None]
    """来源类型 · kind; values: enumeration `finding_kind`"""
    mark: NotRequired[str | None]
    """标记 · mark; values: enumeration `mark`; empty: from a source; recalled; synthetic; assumed"""
    owner: NotRequired[str | None]
    """责任单位 · owner"""
    programme: NotRequired[str | None]
    """项目 · programme; values: enumeration `programme`"""
    received: NotRequired[str | None]
    """收到 · received"""
    region: NotRequired[str | None]
    """地区 · region"""
    severity: NotRequired[str | None]
    """程度 · severity; values: enumeration `severity`"""
    source: NotRequired[str | None]
    """来源 · source; absent: the file's name"""
    status: NotRequired[str | None]
    """状态 · status; values: enumeration `finding_status`"""
    year: NotRequired[int | None]
    """年份 · year (unit: a whole number)"""


class FindingsWhere(TypedDict):
    """Which of ``findings``."""

    region: NotRequired[str]
    """only what is of this place or one below: code, name, pinyin or initials"""
    status: NotRequired[str | list[str] | None]
    """only in these states"""
    kind: NotRequired[str | list[str] | None]
    """only from there"""
    programme: NotRequired[str]
    """only of this programme"""
    severity: NotRequired[str | list[str] | None]
    """only so grave"""
    owner: NotRequired[str]
    """only what is theirs to rectify"""
    overdue_on: NotRequired[Day | None]
    """only those that were not rectified and past their day on this day"""


class FlowRow(TypedDict):
    """Money from one to another in a year."""

    amount: int
    """amount (yuan)"""
    giver: str | None
    """id of who gave: region, unit or fund source"""
    giver_name: str | None
    """its name"""
    item: str
    """item of the ledger, or stage of a fund flow"""
    origin: str | None
    """table that it stands in; `ledger` or `fund_flows`; the two must not be added up"""
    taker: str | None
    """code of who was given to"""
    taker_name: str | None
    """its name"""
    year: int
    """year"""


class FlowsAnswer(TypedDict):
    """Where money went."""

    flows: list[FlowRow]
    """the largest first"""
    next: str | None
    """`cursor` of the page behind this one; null at the end"""


class Freeze(TypedDict):
    """A place whose rows do not change for a time."""

    by: str
    """who froze it"""
    name: str
    """its name"""
    reason: str
    """why"""
    region: str
    """code of the place"""
    since: str | None
    """first day; null: from the beginning"""
    until: str | None
    """day behind the last; null: until it is thawed"""


class FreezeList(TypedDict):
    """Freezes in force or to come, in the order in which they were set."""

    freezes: list[Freeze]
    """the freezes"""
    next: NotRequired[None]
    """always null: there is one page"""


class FreezeWanted(TypedDict):
    """A place that is to be frozen."""

    reason: NotRequired[str]
    """why"""
    region: str
    """code of the place; everything below it is frozen, too"""
    since: NotRequired[str | None]
    """first day; null: at once"""
    until: NotRequired[str | None]
    """day behind the last; null: until it is thawed"""


class FundBudgetsPage(TypedDict):
    """Some rows of fund_budgets."""

    next: str | None
    """`cursor` of the page behind this one; null at the end"""
    rows: list[FundBudgetsRow]
    """how much there is in a year"""
    table: Literal['fund_budgets']
    """the table"""
    total: int
    """rows on all pages"""


class FundBudgetsRow(TypedDict):
    """fund budgets: how much there is in a year."""

    amount: NotRequired[int | None]
    """金额 · amount (unit: yuan)"""
    carry_over_max: NotRequired[float | None]
    """可结转份额 · carry-over at most (unit: 0 to 1)"""
    fact_source: NotRequired[str | None]
    """数据来源 · source of the fact; absent: the file's name"""
    mark: NotRequired[str | None]
    """标记 · mark; values: enumeration `mark`; empty: from a source; recalled; synthetic; assumed"""
    source: NotRequired[str | None]
    """资金来源 · fund source"""
    year: NotRequired[int | None]
    """年份 · year (unit: a whole number)"""


class FundFlowsPage(TypedDict):
    """Some rows of fund_flows."""

    next: str | None
    """`cursor` of the page behind this one; null at the end"""
    rows: list[FundFlowsRow]
    """allotted, received, spent, audited"""
    table: Literal['fund_flows']
    """the table"""
    total: int
    """rows on all pages"""


class FundFlowsRow(TypedDict):
    """fund flows: allotted, received, spent, audited."""

    amount: NotRequired[int | None]
    """金额 · amount (unit: yuan)"""
    date: NotRequired[str | None]
    """日期 · date"""
    fact_source: NotRequired[str | None]
    """数据来源 · source of the fact; absent: the file's name"""
    mark: NotRequired[str | None]
    """标记 · mark; values: enumeration `mark`; empty: from a source; recalled; synthetic; assumed"""
    region: NotRequired[str | None]
    """地区 · region"""
    source: NotRequired[str | None]
    """资金来源 · fund source"""
    stage: NotRequired[str | None]
    """环节 · stage; values: enumeration `flow_stage`"""
    year: NotRequired[int | None]
    """年份 · year (unit: a whole number)"""


class FundSourcesPage(TypedDict):
    """Some rows of fund_sources."""

    next: str | None
    """`cursor` of the page behind this one; null at the end"""
    rows: list[FundSourcesRow]
    """one row per source of money"""
    table: Literal['fund_sources']
    """the table"""
    total: int
    """rows on all pages"""


class FundSourcesRow(TypedDict):
    """fund sources: one row per source of money."""

    direction: NotRequired[str | None]
    """方向 · direction; values: enumeration `direction`"""
    id: NotRequired[str | None]
    """编号 · id"""
    instrument: NotRequired[str | None]
    """工具 · instrument; values: enumeration `instrument`"""
    level: NotRequired[str | None]
    """级次 · level; values: enumeration `fund_level`"""
    mark: NotRequired[str | None]
    """标记 · mark; values: enumeration `mark`; empty: from a source; recalled; synthetic; assumed"""
    name: NotRequired[str | None]
    """名称 · name"""
    owner_region: NotRequired[str | None]
    """归属地区 · owner region; empty: country-wide; else only for that region and below (east–west money: the payer)"""
    poolable: NotRequired[bool | None]
    """可整合 · poolable"""
    programmes: NotRequired[str | None]
    """可用项目 · programmes; values: enumeration `programme`; empty: all"""
    source: NotRequired[str | None]
    """来源 · source; absent: the file's name"""


class Gap(TypedDict):
    """The answer for one rule."""

    amounts: dict[str, float]
    """state → sum of the amounts that are told, in the measure's unit; empty without one"""
    at: str
    """The day on which the network was read."""
    by_design: list[GapRow]
    """places outside the programme by design"""
    counts: dict[str, int]
    """state → number of places; they add up to `places`"""
    covered: list[GapRow]
    """places that are covered"""
    measure: str | None
    """measure of the amounts; null without one"""
    not_in_data: list[GapRow]
    """places of which our data do not tell"""
    places: int
    """How many places the rule names."""
    rule: str
    """Name of the rule."""
    stated: bool
    """Whether table ``coverage`` says anything about the rule; without it no missing link can be called a gap."""
    title: Message
    """What the rule asks for."""
    uncovered: list[GapRow]
    """gaps: the list for the rule is complete and has no link"""
    ways: dict[str, int]
    """`kind/way` → number of covered places, the commonest first"""


class GapRow(TypedDict):
    """A place that a rule names."""

    amount: float | None
    """the rule's measure (in the unit of the measure); null without one, and for a viewer where it counts one to four people"""
    kind: str | None
    """kind of the relation; values: enumeration `relation_kind`"""
    mark: str | None
    """marks that occur; `;` between"""
    name: str | None
    """name"""
    pinyin: str | None
    """English name or pinyin; empty where none is stored"""
    region: str
    """code of the region"""
    state: str
    """which kind of covered or nothing; `covered`, `uncovered` (a gap), `by_design` (outside the programme), `not_in_data`"""
    supporters: str | None
    """ids of the supporters; `;` between"""
    via: str | None
    """whose relation it is"""
    way: str | None
    """how it is reached; `own` relation, through a `parent`, or through all its `children`"""


class GapsAnswer(TypedDict):
    """Coverage by rule."""

    gaps: list[Gap]
    """an answer for each rule"""


class Gate(TypedDict):
    """One gate."""

    at_least: bool
    """Whether the value has to reach the limit; else it has to stay below it (for findings: at zero)."""
    limit: float
    """What it is held against, in the same unit."""
    mark: str
    """Where the record is from, and its mark."""
    rule: str
    """The policy value that sets it, such as ``line_west``."""
    source: str
    """Where the record is from, and its mark."""
    state: Literal['pass', 'fail', 'no_data']
    """Whether the newest record passes; ``no_data`` where there is none that counts."""
    title: Message
    """What it is called."""
    value: float | None
    """What is recorded: a share (0–1), for ``severe_findings`` the number of open ones."""
    year: int | None
    """Year of the record."""


class GatesAnswer(TypedDict):
    """A place and those above it before the gates of exit."""

    at: str
    """the day that is asked for"""
    places: list[Standing]
    """the place itself, then those above that exit"""


class GenerateArguments(TypedDict):
    """What `generate` is asked to do, as on the command line."""

    out: str
    """folder of the scenario (new or empty); name of the scenario to be made"""
    scale: NotRequired[float]
    """share of villages and cadres; 1 is 195,000 villages, 775,000 people"""
    seed: NotRequired[int]
    """another seed: the same totals, other villages (a whole number)"""
    what: Literal['national']
    """what"""


class Group(TypedDict):
    """Rows that are alike in some columns."""

    rows: int
    """number of these rows"""
    values: dict[str, bool | int | float | str | None]
    """column → the cell that they share"""


class Groups(TypedDict):
    """Rows of a table counted by the values of some columns."""

    by: list[str]
    """the columns"""
    groups: list[Group]
    """the groups, in the order of the columns; the first 10,000 where there are more"""
    rows: int
    """number of rows in all groups"""
    table: str
    """the table"""
    total: int
    """number of all groups"""


class Hit(TypedDict):
    """A place or unit that answers to a search."""

    above: list[str]
    """Names of the places above it (for a unit: its home), the widest first; pseudo levels are skipped."""
    how: Literal['code', 'name', 'short', 'former', 'english', 'pinyin', 'initials', 'succession', 'similar']
    """Which sort of name matched."""
    id: str
    """Region code or unit id."""
    level: str
    """Level of a region; ``unit`` for a unit."""
    matched: str
    """What matched, as stored."""
    name: str
    """Its name."""
    quality: int
    """How well it matches, as a number: 0 exact, 1 beginning, 2 part, 3 similar."""
    rank: float
    """Number of its level, 0 the widest."""


class HouseholdGroupsPage(TypedDict):
    """Some rows of household_groups."""

    next: str | None
    """`cursor` of the page behind this one; null at the end"""
    rows: list[HouseholdGroupsRow]
    """aggregated by village, year and cause; never a row per household"""
    table: Literal['household_groups']
    """the table"""
    total: int
    """rows on all pages"""


class HouseholdGroupsRow(TypedDict):
    """household groups: aggregated by village, year and cause; never a row per household."""

    cause: NotRequired[str | None]
    """致贫原因 · cause; values: enumeration `cause`"""
    households: NotRequired[int | None]
    """户数 · households (unit: households)"""
    lacking: NotRequired[str | None]
    """两不愁三保障缺什么 · what is lacking; values: enumeration `lacking`"""
    mark: NotRequired[str | None]
    """标记 · mark; values: enumeration `mark`; empty: from a source; recalled; synthetic; assumed"""
    persons: NotRequired[int | None]
    """人数 · persons (unit: persons)"""
    source: NotRequired[str | None]
    """来源 · source; absent: the file's name"""
    village: NotRequired[str | None]
    """村 · village"""
    year: NotRequired[int | None]
    """年份 · year (unit: a whole number)"""


class InspectionTeamsPage(TypedDict):
    """Some rows of inspection_teams."""

    next: str | None
    """`cursor` of the page behind this one; null at the end"""
    rows: list[InspectionTeamsRow]
    """one row per inspection team"""
    table: Literal['inspection_teams']
    """the table"""
    total: int
    """rows on all pages"""


class InspectionTeamsRow(TypedDict):
    """inspection teams: one row per inspection team."""

    days_max: NotRequired[int | None]
    """最多天数 · days at most (unit: days a year)"""
    home_region: NotRequired[str | None]
    """所在地 · home region"""
    id: NotRequired[str | None]
    """编号 · id"""
    languages: NotRequired[str | None]
    """语言 · languages"""
    mark: NotRequired[str | None]
    """标记 · mark; values: enumeration `mark`; empty: from a source; recalled; synthetic; assumed"""
    size: NotRequired[int | None]
    """人数 · size (unit: persons)"""
    source: NotRequired[str | None]
    """来源 · source; absent: the file's name"""
    unit: NotRequired[str | None]
    """牵头单位 · unit"""


class InspectionVisitsPage(TypedDict):
    """Some rows of inspection_visits."""

    next: str | None
    """`cursor` of the page behind this one; null at the end"""
    rows: list[InspectionVisitsRow]
    """who inspected where in which year; nobody goes twice running"""
    table: Literal['inspection_visits']
    """the table"""
    total: int
    """rows on all pages"""


class InspectionVisitsRow(TypedDict):
    """inspection visits: who inspected where in which year; nobody goes twice running."""

    kind: NotRequired[str | None]
    """类别 · kind; values: enumeration `inspection_kind`"""
    mark: NotRequired[str | None]
    """标记 · mark; values: enumeration `mark`; empty: from a source; recalled; synthetic; assumed"""
    region: NotRequired[str | None]
    """地区 · region"""
    source: NotRequired[str | None]
    """来源 · source; absent: the file's name"""
    team: NotRequired[str | None]
    """督查组 · team"""
    year: NotRequired[int | None]
    """年份 · year (unit: a whole number)"""


class Job(TypedDict):
    """A job as it stands."""

    arguments: dict[str, Any]
    """what was asked for"""
    attempts: int
    """how often it was begun; again once where its process was killed"""
    ended: str | None
    """when it ended (UTC)"""
    error: JobError | None
    """what went wrong, where something did"""
    exit: int | None
    """exit status of the command, once it has ended; 0: well, 1: it answered, and the answer is no"""
    id: str
    """the job's id"""
    kind: str
    """the command that is carried out"""
    owner: str
    """who ordered it"""
    priority: int
    """-10 to 10, the higher the sooner"""
    progress: Progress | None
    """the last that its work told"""
    shared: bool
    """whether an equal order came before, whose work answers this one, too"""
    started: str | None
    """when its work was begun last (UTC)"""
    state: Literal['waiting', 'running', 'done', 'failed', 'cancelled']
    """`waiting`, `running`, `done`, `failed` or `cancelled`"""
    submitted: str
    """when it was ordered (UTC)"""


class JobError(TypedDict):
    """What went wrong, as the command line's ``--json`` tells it."""

    exit: int
    """exit status of the command (3: the rules clash, 4: a limit is reached)"""
    message: Message
    """where, what and how to mend it"""


JobKind: TypeAlias = Literal['accept', 'alternatives', 'check', 'compare', 'diff', 'explain', 'export', 'export-network', 'generate', 'load', 'pareto', 'plan', 'recommend', 'repair', 'robust', 'roll', 'show', 'stability', 'sweep', 'verify', 'why-different']
"""Commands that may be ordered."""


class JobPage(TypedDict):
    """Some jobs, the newest first."""

    jobs: list[Job]
    """the jobs"""
    next: str | None
    """`cursor` of the page behind this one; null at the end"""


class KindTimeline(TypedDict):
    """Relations of a kind, by period."""

    begun: list[int]
    """number of relations that begin, by period"""
    ended: list[int]
    """number of relations that end, by period"""
    in_force: list[int]
    """number of relations in force on the last day, by period: those of the period before, with what begun, without what ended"""
    kind: str
    """kind of relation"""


class Kpi(TypedDict):
    """A key figure."""

    baseline: int | float | str | bool | None
    """what people do without an optimiser, in `unit`"""
    better: str
    """`more`, `less`, or empty where neither is"""
    key: str
    """its name"""
    plan: int | float | str | bool | None
    """the plan's, in `unit`"""
    title: Message
    """in words"""
    unit: str
    """of its values"""


class LabelGiven(TypedDict):
    """What is to stand on a plan; an empty text takes it off."""

    label: NotRequired[str]
    """a word or two"""
    note: NotRequired[str]
    """more"""


class LabelTold(TypedDict):
    """What colleagues wrote on a plan."""

    by: str
    """who wrote it last"""
    label: str
    """a word or two"""
    note: str
    """more"""


class LanguageSpoken(TypedDict):
    """A language that is spoken at villages."""

    fitting: int
    """of these, villages where somebody posted speaks it (number of villages)"""
    language: str
    """the language, as tags of regions name it"""
    people: int
    """people posted there who do (persons)"""
    villages: int
    """villages where it is spoken (number of villages)"""


class LedgerEntry(TypedDict):
    """What was promised and what came, of one item of one year of a relation."""

    delivered: int | None
    """delivered (in the unit of the item)"""
    item: str
    """item; values: enumeration `ledger_item`"""
    kind: str | None
    """kind of the relation; values: enumeration `relation_kind`"""
    mark: str | None
    """mark; values: enumeration `mark`; empty: from a source; recalled; synthetic; assumed"""
    pledged: int | None
    """pledged (in the unit of the item)"""
    ratio: float | None
    """share of what was pledged that was delivered (1: all of it); null where nothing was pledged"""
    recipient: str | None
    """code of the recipient"""
    recipient_name: str | None
    """name of the recipient"""
    relation: str
    """relation"""
    supporter: str | None
    """id of the supporter: region code or unit id"""
    supporter_name: str | None
    """name of the supporter"""
    unit: str
    """unit of the amounts"""
    year: int
    """year"""


class LedgerEntryPage(TypedDict):
    """Some entries, by relation, year and item."""

    entries: list[LedgerEntry]
    """the entries"""
    next: str | None
    """`cursor` of the page behind this one; null at the end"""


class LedgerPage(TypedDict):
    """Some rows of ledger."""

    next: str | None
    """`cursor` of the page behind this one; null at the end"""
    rows: list[LedgerRow]
    """what was promised and what came"""
    table: Literal['ledger']
    """the table"""
    total: int
    """rows on all pages"""


class LedgerRow(TypedDict):
    """ledger: what was promised and what came."""

    delivered: NotRequired[int | None]
    """兑现 · delivered (unit: of the item)"""
    item: NotRequired[str | None]
    """事项 · item; values: enumeration `ledger_item`"""
    mark: NotRequired[str | None]
    """标记 · mark; values: enumeration `mark`; empty: from a source; recalled; synthetic; assumed"""
    pledged: NotRequired[int | None]
    """承诺 · pledged (unit: of the item)"""
    relation: NotRequired[str | None]
    """关系编号 · relation"""
    source: NotRequired[str | None]
    """来源 · source; absent: the file's name"""
    year: NotRequired[int | None]
    """年份 · year (unit: a whole number)"""


class LedgerWhere(TypedDict):
    """Which of ``ledger``."""

    relation: NotRequired[str]
    """only of this relation"""
    year: NotRequired[int | None]
    """only of this year"""
    item: NotRequired[str]
    """only this item"""
    subject: NotRequired[str]
    """only of relations in which this place or unit stands itself: name, code or id"""
    short: NotRequired[bool]
    """only where less was delivered than pledged"""


class LoadArguments(TypedDict):
    """What `load` is asked to do, as on the command line."""

    replace: NotRequired[bool]
    """tables that the scenario does not have lose their rows"""
    scenario: str
    """a scenario's name"""
    why: NotRequired[str | None]
    """why"""


class LoadRow(TypedDict):
    """What a supporter carries."""

    capacity: int | None
    """capacity (counties (or the loads' unit)); counties it can carry; with own scores, in the unit of load"""
    fiscal_revenue: float | None
    """latest fiscal revenue (yuan); null: not known"""
    kinds: str | None
    """kinds of its relations; `;` between"""
    name: str | None
    """name"""
    over: int | None
    """recipients above the capacity (places); 0 where no capacity is told"""
    pinyin: str | None
    """English name or pinyin; empty where none is stored"""
    planned: NotRequired[float | None]
    """sum of the plan's loads (in the unit of the loads); only where a plan was named"""
    recipients: int
    """recipients in force (places)"""
    share: float | None
    """share of all recipients (0–1)"""
    supporter: str | None
    """id of the supporter: region code or unit id"""


class LoadsAnswer(TypedDict):
    """What supporters carry."""

    concentration: float | None
    """Herfindahl index of the loads (0–1; 1: one carries all); null for who is limited to regions"""
    supporters: list[LoadRow]
    """the heaviest first"""


class Logged(TypedDict):
    """A step that was taken."""

    at: str
    """when (UTC)"""
    by: str
    """who took it"""
    note: str
    """what was written beside"""
    revision: int
    """of the request, from 1"""
    state: Literal['draft', 'submitted', 'approved', 'returned', 'rejected', 'applied']
    """the state after it"""
    step: str
    """which: `draft`, `edit`, `submit`, `return`, `reject`, `approve`, `unapprove`, `apply`, `revert`"""


class LoggingIn(TypedDict):
    """A token to log in with."""

    token: str
    """the token, as it was shown once"""


class Lost(TypedDict):
    """One relation that would end."""

    candidates: list[Candidate]
    """Who could take over, the cheapest first, those with free capacity before full ones."""
    kind: str
    """The relation, its kind, its mark."""
    mark: str
    """The relation, its kind, its mark."""
    recipient: Place
    """Who loses its support."""
    relation: str
    """The relation, its kind, its mark."""
    remaining: list[Place]
    """Who still supports the recipient by the same kind: directly, through a place above, or all below it."""
    supporter: Place
    """Whose relation it is: who withdraws, or a place below it."""
    through: Literal['own', 'child']
    """Whether it is the relation of who withdraws, or of a place below."""


class Map(TypedDict):
    """Where regions lie."""

    features: list[MapFeature]
    """regions in the network's order, then lines that belong to none"""
    network: str
    """name of the network"""
    note: Message
    """what it must not be used for"""
    type: Literal['FeatureCollection']
    """always `FeatureCollection`"""
    without_place: list[str]
    """codes of regions of which nothing is known where they lie"""


class MapFeature(TypedDict):
    """A region, or a line of the map."""

    geometry: MapGeometry
    """where it lies"""
    id: NotRequired[str | None]
    """the region's code"""
    properties: MapProperties
    """what is told of it"""
    type: Literal['Feature']
    """always `Feature`"""


class MapGeometry(TypedDict):
    """A shape or point (WGS84)."""

    coordinates: list[Any]
    """longitude and latitude (degrees)"""
    type: Literal['Point', 'Polygon', 'MultiPolygon', 'LineString', 'MultiLineString']
    """kind of geometry"""


class MapProperties(TypedDict):
    """What is told of a region; of a line that belongs to none, only its name."""

    code: str | None
    """code; null for lines of no region"""
    lat: NotRequired[float | None]
    """latitude of its seat (degrees, WGS84)"""
    level: NotRequired[str | None]
    """level"""
    lon: NotRequired[float | None]
    """longitude of its seat (degrees, WGS84)"""
    mark: NotRequired[str | None]
    """`recalled`, `synthetic` or `assumed`; null: from a source"""
    name: str
    """name"""
    parent: NotRequired[str | None]
    """code of the place that it lies in"""
    shape: NotRequired[Literal['code', 'succession', 'containing', 'point', 'bare'] | None]
    """how its shape was found: by its `code`, by a code before or after it, as the one `containing` its seat; `point`: there is none; `bare`: a place of the map of which nothing else is told"""


class MapTopology(TypedDict):
    """Regions as TopoJSON: borders that neighbours share are told once."""

    arcs: list[Any]
    """lines of points, each as steps from the one before"""
    bbox: NotRequired[list[float] | None]
    """west, south, east, north (degrees); absent where there are no shapes"""
    level: str
    """level that was asked for"""
    network: str
    """name of the network"""
    note: Message
    """what it must not be used for"""
    objects: TopologyObjects
    """what is on the map"""
    source: str | None
    """package and version of the shapes; empty: a folder of the service; null: there are none"""
    transform: NotRequired[TopologyTransform | None]
    """absent where there are no shapes"""
    type: Literal['Topology']
    """always `Topology`"""
    without_place: list[str]
    """codes of regions of which nothing is known where they lie"""


class Me(TypedDict):
    """Who asks."""

    name: str
    """under which their doings are kept"""
    regions: list[str]
    """codes of the regions that they are limited to, with all below; empty: not limited"""
    role: Literal['viewer', 'coordinator', 'planner', 'admin']
    """what they may do: `viewer`, `coordinator`, `planner` or `admin`; each may what those before may"""
    scopes: list[Literal['read', 'write']]
    """`read`, `write` or both"""
    sees_names: bool
    """whether they see names of cadres"""
    via: Literal['loopback', 'token', 'session']
    """how they are known: `loopback` (no login), `token` or `session`"""


class Measure(TypedDict):
    """Something that regions can be coloured by."""

    levels: list[MeasureLevel]
    """where it is there, the widest level first"""
    measure: str
    """its name: a measure of `region_facts`, or one that is worked out"""
    of: Literal['fact', 'derived']
    """`fact`: told in `region_facts`; `derived`: worked out"""
    tables: list[str]
    """tables that it comes from"""
    title: Message
    """what people call it"""
    unit: str
    """`persons`, `yuan`, `share` (0–1), `year`, `km`, `supporters`; `state`: it has no figures; empty: not declared"""


class MeasureLevel(TypedDict):
    """Where a measure is there."""

    level: str
    """a level of the network"""
    marks: list[str]
    """marks that occur among the figures"""
    regions: int
    """number of regions at that level; of figures: of those that have one in any year"""
    years: list[int]
    """years for which it may be asked at that level, the earliest first"""


class MeasureToldOf(TypedDict):
    """A measure of `region_facts`."""

    name: str
    """as cells have it"""
    title: Message
    """in words"""
    unit: str
    """of its values"""


class Measured(TypedDict):
    """A measure of the regions of a level, in a year."""

    at: str
    """day on which relations were read, where it is worked out of them"""
    level: str
    """level of the regions"""
    measure: str
    """its name"""
    missing: int
    """number of regions at the level of which nothing is known"""
    regions: int
    """number of regions at the level"""
    states: list[MeasuredState]
    """states that occur"""
    title: Message
    """what people call it"""
    unit: str
    """of the values; `state`: there are states instead"""
    values: list[MeasuredValue]
    """in the network's order; what is not known is not there"""
    year: int
    """year of the values; of those whose unit is `year`: up to it"""


class MeasuredState(TypedDict):
    """A state that regions can be in."""

    state: str
    """its name"""
    title: Message
    """what people call it"""


class MeasuredValue(TypedDict):
    """A region with what is known of it."""

    mark: str | None
    """marks of what it comes from, `;` between; null: none"""
    region: str
    """code of the region"""
    source: str | None
    """where a figure is from; null: it is worked out of the measure's tables"""
    state: str | None
    """the state, where the measure tells states"""
    suppressed: bool
    """whether the figure is not told, as it counts one to four people"""
    value: float | None
    """the figure, in the measure's unit; null: it is a state, or so small a count that it is not told"""


class MeasuresAnswer(TypedDict):
    """What regions can be coloured by."""

    measures: list[Measure]
    """figures first, then what is worked out"""


class Message(TypedDict):
    """A text in both languages."""

    en: str
    """in English"""
    zh: str
    """in Chinese"""


class NamesPage(TypedDict):
    """Some rows of names."""

    next: str | None
    """`cursor` of the page behind this one; null at the end"""
    rows: list[NamesRow]
    """other names of regions and units"""
    table: Literal['names']
    """the table"""
    total: int
    """rows on all pages"""


class NamesRow(TypedDict):
    """names: other names of regions and units."""

    id: NotRequired[str | None]
    """地区或单位 · region or unit"""
    kind: NotRequired[str | None]
    """类型 · kind; values: enumeration `name_kind`; official spellings win over machine pinyin"""
    mark: NotRequired[str | None]
    """标记 · mark; values: enumeration `mark`; empty: from a source; recalled; synthetic; assumed"""
    name: NotRequired[str | None]
    """别名 · name"""
    since: NotRequired[str | None]
    """起 · since"""
    source: NotRequired[str | None]
    """来源 · source; absent: the file's name"""
    until: NotRequired[str | None]
    """止 · until"""


class NeedsPage(TypedDict):
    """Some rows of needs."""

    next: str | None
    """`cursor` of the page behind this one; null at the end"""
    rows: list[NeedsRow]
    """what a county needs for a programme in a year"""
    table: Literal['needs']
    """the table"""
    total: int
    """rows on all pages"""


class NeedsRow(TypedDict):
    """needs: what a county needs for a programme in a year."""

    amount: NotRequired[int | None]
    """金额 · amount (unit: yuan)"""
    mark: NotRequired[str | None]
    """标记 · mark; values: enumeration `mark`; empty: from a source; recalled; synthetic; assumed"""
    programme: NotRequired[str | None]
    """项目 · programme; values: enumeration `programme`"""
    quantity: NotRequired[int | None]
    """数量 · quantity (unit: of the unit)"""
    region: NotRequired[str | None]
    """地区 · region"""
    source: NotRequired[str | None]
    """来源 · source; absent: the file's name"""
    unit: NotRequired[str | None]
    """计量单位 · unit; values: enumeration `quantity_unit`"""
    unit_cost: NotRequired[int | None]
    """单位成本 · unit cost (unit: yuan)"""
    year: NotRequired[int | None]
    """年份 · year (unit: a whole number)"""


class Net(TypedDict):
    """Places, units and the edges between them."""

    cut: bool
    """Whether the size limit left something out."""
    nodes: list[Place]
    """In order of the path, or nearest to the centre first."""
    steps: list[Step]
    """The edges."""


class NewFinding(TypedDict):
    """Something that was found."""

    due: NotRequired[str | None]
    """day by which"""
    evidence: NotRequired[str | None]
    """evidence"""
    id: NotRequired[str | None]
    """its number; null: it gets one"""
    kind: NotRequired[str]
    """where it comes from: a value of `finding_kind`"""
    owner: NotRequired[str | None]
    """who is to rectify it"""
    programme: NotRequired[str | None]
    """programme: a value of `programme`"""
    reason: NotRequired[str]
    """why it is entered; empty: said by its number"""
    received: NotRequired[str | None]
    """day on which it came in"""
    region: str
    """code of the place"""
    severity: NotRequired[str]
    """`low`, `medium` or `severe`"""
    source: NotRequired[str | None]
    """where this is from; the caller's name where none is given"""
    year: NotRequired[int | None]
    """year that it is about"""


class NewScenario(TypedDict):
    """A scenario to make."""

    base: NotRequired[str | None]
    """name of the scenario to overlay; null: an empty one"""
    name: str
    """one word of letters (of any script), digits, `-` and `_`, at most 64 of them"""
    title: NotRequired[str]
    """title; its name by default"""
    why: NotRequired[str]
    """reason, kept in the history"""


class NewToken(TypedDict):
    """A token, with its secret for this once."""

    ended: str | None
    """when it was revoked (UTC)"""
    expires: str
    """when it ends at the latest (UTC)"""
    id: str
    """the id; part of the token, and no secret"""
    label: str
    """what it was made for"""
    made: str
    """when it was made (UTC)"""
    made_by: str
    """who made it"""
    regions: list[str]
    """codes of the regions that they are limited to, with all below; empty: not limited"""
    role: Literal['viewer', 'coordinator', 'planner', 'admin']
    """what they may do: `viewer`, `coordinator`, `planner` or `admin`; each may what those before may"""
    scopes: list[Literal['read', 'write']]
    """`read`, `write` or both"""
    sees_names: bool
    """whether they see names of cadres"""
    token: str
    """the token; it is shown now and never again"""
    used: str | None
    """when it was last used, to the minute (UTC)"""
    user: str
    """who it is for"""


class Note(TypedDict):
    """What is written beside a step."""

    note: NotRequired[str]
    """for whoever reads the log"""


class OneScenario(TypedDict):
    """A scenario, and what comes out of its chain of files."""

    base: str | None
    """name of the scenario that it overlays"""
    edit: ScenarioEdit | None
    """the last edit; null where it came with jiedui"""
    name: str
    """its name"""
    resolved: ResolvedScenario | None
    """every value with where it is from, every table with its rows; null where it has no table yet"""
    shipped: bool
    """whether it came with jiedui, and is only read"""
    stages: list[str] | None
    """stages that it names; null: every one whose tables are there"""
    title: Message
    """title"""


class Overlap(TypedDict):
    """A row that another pending request wants to change, too."""

    author: str | None
    """who wants it; null likewise"""
    request: str | None
    """the other request; null where it reaches beyond the caller's regions"""
    row: str
    """the row's key"""
    state: Literal['draft', 'submitted', 'approved', 'returned', 'rejected', 'applied'] | None
    """its state; null likewise"""
    table: str
    """the table"""


class Pair(TypedDict):
    """Two that support, or supported, each other."""

    a: Place
    """The two, as they were named; of a relation that was named by its id supporter and recipient."""
    at: str
    """The day on which the network was read."""
    b: Place
    """The two, as they were named; of a relation that was named by its id supporter and recipient."""
    ledger: list[PledgedRow]
    """what was promised and what came, by relation, year and item"""
    relations: list[Tie]
    """All relations between the two, either way: those in force first, then those to come, then those that ended."""


class PairScoresPage(TypedDict):
    """Some rows of pair_scores."""

    next: str | None
    """`cursor` of the page behind this one; null at the end"""
    rows: list[PairScoresRow]
    """with objective = "scores" this replaces the computed cost; only listed pairs are eligible"""
    table: Literal['pair_scores']
    """the table"""
    total: int
    """rows on all pages"""


class PairScoresRow(TypedDict):
    """pair scores: with objective = "scores" this replaces the computed cost; only listed pairs are eligible."""

    cost: NotRequired[float | None]
    """成本 · cost (unit: a number)"""
    load: NotRequired[int | None]
    """负载 · load (unit: a whole number)"""
    mark: NotRequired[str | None]
    """标记 · mark; values: enumeration `mark`; empty: from a source; recalled; synthetic; assumed"""
    recipient: NotRequired[str | None]
    """受扶方 · recipient; in cadres: village/post"""
    source: NotRequired[str | None]
    """来源 · source; absent: the file's name"""
    stage: NotRequired[str | None]
    """阶段 · stage; values: enumeration `stage`"""
    supporter: NotRequired[str | None]
    """帮扶方 · supporter; in cadres: the cadre's id"""


class ParetoArguments(TypedDict):
    """What `pareto` is asked to do, as on the command line."""

    aims: NotRequired[list[str]]
    """what is to be small (large where marked ↑), two or three of one stage: [pairing] {distance|need|change|tie} {language|industry|cost|pairs}; [designation] {distance|profile|need|change} {cost|pairs}; [cadres] {open|must|further|distance} {skill_language|unit|new|cost}; [funds] {worth|fair|met|deep} {microcredit}; [exit] {risk|results|late|early} {village_late|village_early|short|cost}; [inspection] {travel|language|days|visits} {cost}"""
    points: NotRequired[int]
    """points at most; a front with more is cut, and that is told"""
    scenario: str
    """a scenario's name"""
    settings: NotRequired[list[str]]
    """change a policy value (may be repeated)"""


class PathsAnswer(TypedDict):
    """How two hang together."""

    paths: list[Net]
    """the shortest; none where nothing connects the two"""


class Place(TypedDict):
    """A region or unit."""

    above: list[str]
    """Names of the places above, the widest first."""
    id: str
    """Region code or unit id."""
    level: str
    """Level of a region; ``unit`` for a unit."""
    name: str
    """Its name, in Chinese where the data are."""
    pinyin: str
    """English name or pinyin; empty where none is stored."""


class PlanArguments(TypedDict):
    """What `plan` is asked to do, as on the command line."""

    again: NotRequired[bool]
    """compute although the plan is there, and solve everything anew"""
    certificate: NotRequired[Literal['json'] | None]
    """where people are too few for posts that must be filled: write the certificate, which jiedui verify SCENARIO --certificate FILE checks; here the ending; the file is among the job's files"""
    elastic: NotRequired[bool]
    """where rules cannot hold together, make the plan with the least broken promises and tell each; part of the plan's id"""
    freezes: NotRequired[list[str]]
    """the region's decisions, with all below it, stay as published; <YEAR-MONTH-DAY: before that day, <=YEAR: those for years up to it; * is everywhere (may be repeated)"""
    limits: NotRequired[list[str]]
    """changes of the stage against the published plan at most (may be repeated)"""
    no_reuse: NotRequired[bool]
    """use no answers of earlier plans for tasks that are the same, and keep none; changes no result"""
    prices: NotRequired[list[str]]
    """what each change of the stage costs (may be repeated)"""
    published: NotRequired[str | None]
    """the plan that is published: plan again beside it, keeping what can be kept; a plan's id"""
    scenario: str
    """a scenario's name"""
    settings: NotRequired[list[str]]
    """change a policy value (may be repeated)"""
    skip_bad_rows: NotRequired[bool]
    """leave out rows with errors, and say so"""
    stages: NotRequired[list[Literal['pairing', 'designation', 'cadres', 'funds', 'exit', 'inspection']]]
    """run only these stages (may be repeated)"""
    time_limit: NotRequired[float | None]
    """limit of each solve; part of the plan's id (seconds)"""


class PlanHead(TypedDict):
    """`plan.json`."""

    format: int
    """number of the format of its folder"""
    id: str
    """digest of the plan's inputs"""
    inputs: dict[str, Any]
    """what it was made from: date, stages, policy, limits, codes"""
    jiedui: str
    """version of the program that made it"""
    marks: dict[str, dict[str, int]]
    """table → mark → rows that are not from a source"""
    reproducible: bool
    """false where a time limit cut it short"""
    stages: dict[str, StageHead]
    """stage → what it decided and proved"""
    title: Message
    """its scenario's title"""


class PlanListed(TypedDict):
    """A plan in a list."""

    adopted: list[Adopted]
    """parts that were adopted"""
    id: str
    """digest of the plan's inputs"""
    label: LabelTold | None
    """what colleagues wrote on it"""
    made: str
    """when it was written (UTC)"""
    parent: str | None
    """the plan that it is told against"""
    scenario: str
    """name of its scenario; empty where nobody kept it"""
    settings: list[SettingChanged]
    """policy values that differ from the parent's"""
    stages: dict[str, StageListed]
    """stage → status and key figures"""
    state: str | None
    """of its request; none where it was never proposed: `submitted`, `approved`, `returned`, `rejected`, `applied`"""
    tables: list[str]
    """input tables that differ from the parent's"""
    title: Message
    """its scenario's title"""


class PlanOptions(TypedDict):
    """Further words of ``PlanArguments``."""

    again: NotRequired[bool]
    """compute although the plan is there, and solve everything anew"""
    certificate: NotRequired[Literal['json'] | None]
    """where people are too few for posts that must be filled: write the certificate, which jiedui verify SCENARIO --certificate FILE checks; here the ending; the file is among the job's files"""
    elastic: NotRequired[bool]
    """where rules cannot hold together, make the plan with the least broken promises and tell each; part of the plan's id"""
    freezes: NotRequired[list[str]]
    """the region's decisions, with all below it, stay as published; <YEAR-MONTH-DAY: before that day, <=YEAR: those for years up to it; * is everywhere (may be repeated)"""
    limits: NotRequired[list[str]]
    """changes of the stage against the published plan at most (may be repeated)"""
    no_reuse: NotRequired[bool]
    """use no answers of earlier plans for tasks that are the same, and keep none; changes no result"""
    prices: NotRequired[list[str]]
    """what each change of the stage costs (may be repeated)"""
    published: NotRequired[str | None]
    """the plan that is published: plan again beside it, keeping what can be kept; a plan's id"""
    skip_bad_rows: NotRequired[bool]
    """leave out rows with errors, and say so"""
    time_limit: NotRequired[float | None]
    """limit of each solve; part of the plan's id (seconds)"""


class PlanPage(TypedDict):
    """Some plans, the newest first."""

    next: str | None
    """`cursor` of the page behind this one; null at the end"""
    plans: list[PlanListed]
    """the plans"""
    unread: list[Message]
    """what in the folder cannot be read as a plan, and why"""


class PlanRead(TypedDict):
    """A plan."""

    adopted: list[Adopted]
    """parts that were adopted"""
    baseline: list[TableInside]
    """the baseline's, at `/plans/{id}/baseline/tables/{table}`"""
    certificates: list[CertificateInside]
    """what proves the bounds, at `/plans/{id}/certificates/{name}`"""
    id: str
    """digest of the plan's inputs"""
    label: LabelTold | None
    """what colleagues wrote on it"""
    made: str
    """when it was written (UTC)"""
    parent: str | None
    """the plan that it is told against"""
    plan: PlanHead | None
    """`plan.json`, as `jiedui show --json` tells it; null for who is limited to regions, as it tells of all"""
    results: list[TableInside]
    """what was decided, at `/plans/{id}/tables/{table}`"""
    scenario: str
    """name of its scenario; empty where nobody kept it"""
    settings: list[SettingChanged]
    """policy values that differ from the parent's"""
    stages: dict[str, StageListed]
    """stage → status and key figures"""
    state: str | None
    """of its request; none where it was never proposed: `submitted`, `approved`, `returned`, `rejected`, `applied`"""
    tables: list[str]
    """input tables that differ from the parent's"""
    title: Message
    """its scenario's title"""


class PlannedAllocationsPage(TypedDict):
    """Some rows of allocations."""

    next: str | None
    """`cursor` of the page behind this one; null at the end"""
    rows: list[PlannedAllocationsRow]
    """which money goes where"""
    table: Literal['allocations']
    """the table"""
    total: int
    """rows on all pages"""


class PlannedAllocationsRow(TypedDict):
    """allocations: which money goes where."""

    amount: NotRequired[int | None]
    """金额 · amount (unit: yuan)"""
    programme: NotRequired[str | None]
    """项目 · programme; values: enumeration `programme`"""
    quantity: NotRequired[int | None]
    """数量 · quantity (unit: of the need's unit)"""
    region: NotRequired[str | None]
    """地区 · region"""
    source: NotRequired[str | None]
    """资金来源 · fund source"""
    year: NotRequired[int | None]
    """年份 · year (unit: a whole number)"""


class PlannedExitsPage(TypedDict):
    """Some rows of exits."""

    next: str | None
    """`cursor` of the page behind this one; null at the end"""
    rows: list[PlannedExitsRow]
    """the year in which each county exits"""
    table: Literal['exits']
    """the table"""
    total: int
    """rows on all pages"""


class PlannedExitsRow(TypedDict):
    """exits: the year in which each county exits."""

    announced_year: NotRequired[int | None]
    """公告年份 · announced in (unit: a whole number)"""
    cost: NotRequired[float | None]
    """成本 · cost (unit: a number)"""
    incidence: NotRequired[float | None]
    """预计贫困发生率 · incidence expected (unit: 0 to 1)"""
    region: NotRequired[str | None]
    """地区 · region"""
    terms: NotRequired[str | None]
    """成本构成 · terms; JSON: each term of the cost"""
    year: NotRequired[int | None]
    """年份 · year (unit: a whole number); year of the result"""


class PlannedInspectionsPage(TypedDict):
    """Some rows of inspections."""

    next: str | None
    """`cursor` of the page behind this one; null at the end"""
    rows: list[PlannedInspectionsRow]
    """which team inspects where"""
    table: Literal['inspections']
    """the table"""
    total: int
    """rows on all pages"""


class PlannedInspectionsRow(TypedDict):
    """inspections: which team inspects where."""

    cost: NotRequired[float | None]
    """成本 · cost (unit: a number); the sum of its terms"""
    days: NotRequired[int | None]
    """天数 · days (unit: days)"""
    kind: NotRequired[str | None]
    """类别 · kind; values: enumeration `inspection_kind`"""
    region: NotRequired[str | None]
    """地区 · region"""
    sample: NotRequired[str | None]
    """抽样 · sample; JSON: villages and households"""
    team: NotRequired[str | None]
    """督查组 · team"""
    terms: NotRequired[str | None]
    """成本构成 · terms; JSON: each term of the cost"""
    year: NotRequired[int | None]
    """年份 · year (unit: a whole number)"""


class PlannedPairsPage(TypedDict):
    """Some rows of pairs."""

    next: str | None
    """`cursor` of the page behind this one; null at the end"""
    rows: list[PlannedPairsRow]
    """who supports whom"""
    table: Literal['pairs']
    """the table"""
    total: int
    """rows on all pages"""


class PlannedPairsRow(TypedDict):
    """pairs: who supports whom."""

    cost: NotRequired[float | None]
    """成本 · cost (unit: a number); the sum of its terms"""
    kind: NotRequired[str | None]
    """关系类型 · kind; values: enumeration `relation_kind`; pairing: east–west, counterpart (only shown) or county pair"""
    load: NotRequired[int | None]
    """负载 · load (unit: a whole number)"""
    recipient: NotRequired[str | None]
    """受扶方 · recipient"""
    stage: NotRequired[str | None]
    """阶段 · stage; values: enumeration `stage`"""
    supporter: NotRequired[str | None]
    """帮扶方 · supporter"""
    terms: NotRequired[str | None]
    """成本构成 · terms; JSON: each term of the cost"""


class PlannedPostingsPage(TypedDict):
    """Some rows of postings."""

    next: str | None
    """`cursor` of the page behind this one; null at the end"""
    rows: list[PlannedPostingsRow]
    """who is posted where"""
    table: Literal['postings']
    """the table"""
    total: int
    """rows on all pages"""


PlanTablePage: TypeAlias = PlannedPairsPage | PlannedPostingsPage | PlannedAllocationsPage | PlannedExitsPage | PlannedInspectionsPage
"""A page of a table of a plan."""


class PlannedPostingsRow(TypedDict):
    """postings: who is posted where."""

    cadre: NotRequired[str | None]
    """干部 · cadre"""
    cost: NotRequired[float | None]
    """成本 · cost (unit: a number)"""
    post: NotRequired[str | None]
    """岗位 · post"""
    role: NotRequired[str | None]
    """职务 · role; values: enumeration `role`"""
    village: NotRequired[str | None]
    """村 · village"""


class PledgedAnswer(TypedDict):
    """Pledged against delivered."""

    entries: list[PledgedRow]
    """the largest shortfall first"""
    next: str | None
    """`cursor` of the page behind this one; null at the end"""


class PledgedRow(TypedDict):
    """What was promised and what came, of one relation, year and item."""

    delivered: int | None
    """delivered (in the unit of the item)"""
    item: str
    """item; values: enumeration `ledger_item`"""
    kind: str | None
    """kind of the relation; values: enumeration `relation_kind`"""
    mark: str | None
    """mark; values: enumeration `mark`; empty: from a source; recalled; synthetic; assumed"""
    pledged: int | None
    """pledged (in the unit of the item)"""
    ratio: float | None
    """share of what was pledged that was delivered (1: all of it); null where nothing was pledged"""
    recipient: str | None
    """code of the recipient"""
    recipient_name: str | None
    """name of the recipient"""
    relation: str
    """relation"""
    supporter: str | None
    """id of the supporter: region code or unit id"""
    supporter_name: str | None
    """name of the supporter"""
    year: int
    """year"""


class PledgesPage(TypedDict):
    """Some rows of pledges."""

    next: str | None
    """`cursor` of the page behind this one; null at the end"""
    rows: list[PledgesRow]
    """children add up to the parent"""
    table: Literal['pledges']
    """the table"""
    total: int
    """rows on all pages"""


class PledgesRow(TypedDict):
    """pledges: children add up to the parent."""

    amount: NotRequired[int | None]
    """数量 · amount (unit: persons / villages / counties)"""
    mark: NotRequired[str | None]
    """标记 · mark; values: enumeration `mark`; empty: from a source; recalled; synthetic; assumed"""
    measure: NotRequired[str | None]
    """指标 · measure; values: enumeration `pledge_measure`"""
    region: NotRequired[str | None]
    """地区 · region"""
    signed_on: NotRequired[str | None]
    """签订日期 · signed on"""
    source: NotRequired[str | None]
    """来源 · source; absent: the file's name"""
    year: NotRequired[int | None]
    """年份 · year (unit: a whole number)"""


class PoliciesPage(TypedDict):
    """Some rows of policies."""

    next: str | None
    """`cursor` of the page behind this one; null at the end"""
    rows: list[PoliciesRow]
    """what a scenario's values cite"""
    table: Literal['policies']
    """the table"""
    total: int
    """rows on all pages"""


class PoliciesRow(TypedDict):
    """policies: what a scenario's values cite."""

    id: NotRequired[str | None]
    """编号 · id"""
    issuer: NotRequired[str | None]
    """发文单位 · issuer"""
    level: NotRequired[str | None]
    """层级 · level; values: enumeration `fund_level`"""
    mark: NotRequired[str | None]
    """标记 · mark; values: enumeration `mark`; empty: from a source; recalled; synthetic; assumed"""
    parent: NotRequired[str | None]
    """上位政策 · parent"""
    since: NotRequired[str | None]
    """起 · since"""
    source: NotRequired[str | None]
    """来源 · source; absent: the file's name"""
    title: NotRequired[str | None]
    """标题 · title"""
    until: NotRequired[str | None]
    """止 · until"""


class PolicyValue(TypedDict):
    """One policy value as it holds."""

    beneath: Any
    """what would hold if the scenario's own file said nothing"""
    choices: list[str]
    """words that may be chosen; empty: any"""
    cites: str
    """Policy that it cites."""
    default: Any
    """what holds where nobody sets it"""
    form: str
    """``integer``, ``number``, ``share`` (0 to 1), ``boolean``, ``text``, ``choice``, ``range``, ``texts`` or ``numbers``."""
    key: str
    """Name under the stage in ``scenario.toml``."""
    line: int
    """Line of that file, from 1; 0 where nobody sets it."""
    maximum: float | None
    """most that it may be, in `unit`, of each one of several; null where only what numbers can hold bounds it"""
    minimum: float | None
    """least that it may be, in `unit`, of each one of several; null where only what numbers can hold bounds it"""
    names: str
    """what its words name: `level`, `tag`, `role`; empty where they name nothing of these"""
    never_relax: bool
    """Whether it is never offered for softening (law, safety, arithmetic, support after exit)."""
    note: Message
    """One sentence of help, in both languages; empty where there is none."""
    reads: list[str]
    """`table.column` that the rule reads"""
    rule: bool
    """Whether it may be ``"off"``."""
    scenario: str
    """Name of the scenario whose file sets it; empty: the default."""
    title: Message
    """For people, in both languages."""
    unit: str
    """Of the value; empty where it has none."""
    value: Any
    """what holds; `"off"` for a rule that is off"""
    weighs: bool
    """Whether it only tells which plan is better, and forbids nothing."""


class Posted(TypedDict):
    """Somebody who is posted, or would be."""

    cadre: str
    """id of the cadre"""
    change: str
    """what the plan makes of it; values: enumeration `posting_change`"""
    due: str | None
    """day on which the term is over; null: not known"""
    languages: str | None
    """languages, `;` between"""
    mark: str | None
    """mark; values: enumeration `mark`"""
    role: str | None
    """role; values: enumeration `role`"""
    since: str | None
    """day of the beginning; null: not known, or not begun"""
    skill: str | None
    """skill; values: enumeration `skill`"""
    unit: str | None
    """id of the unit, or code of the place, that sends"""
    unit_name: str | None
    """what it is called"""


class PostedPage(TypedDict):
    """Some rows of posted."""

    next: str | None
    """`cursor` of the page behind this one; null at the end"""
    rows: list[PostedRow]
    """who is posted where, with village, post and cadre beside"""
    table: Literal['posted']
    """the table"""
    total: int
    """rows on all pages"""


class PostedRow(TypedDict):
    """people posted: who is posted where, with village, post and cadre beside."""

    cadre: NotRequired[str | None]
    """干部 · cadre"""
    change: NotRequired[str | None]
    """方案变动 · change by the plan; values: enumeration `posting_change`"""
    county: NotRequired[str | None]
    """县代码 · county code"""
    county_name: NotRequired[str | None]
    """县 · county"""
    days_in_village: NotRequired[int | None]
    """驻村天数 · days in village (unit: days)"""
    due: NotRequired[str | None]
    """任期届满 · term over; its end; where there is none, its beginning and the minimum term"""
    language: NotRequired[str | None]
    """当地语言 · spoken there"""
    languages: NotRequired[str | None]
    """语言 · languages"""
    mark: NotRequired[str | None]
    """标记 · mark; values: enumeration `mark`; empty: from a source; recalled; synthetic; assumed"""
    post: NotRequired[str | None]
    """岗位 · post"""
    province: NotRequired[str | None]
    """省代码 · province code"""
    province_name: NotRequired[str | None]
    """省 · province"""
    role: NotRequired[str | None]
    """职务 · role; values: enumeration `role`"""
    since: NotRequired[str | None]
    """起 · since"""
    skill: NotRequired[str | None]
    """专长 · skill; values: enumeration `skill`"""
    tier: NotRequired[int | None]
    """优先级 · tier (unit: a whole number); 1 comes first"""
    unit: NotRequired[str | None]
    """派出单位代码 · unit id; a unit's id, or the code of the place that sends"""
    unit_name: NotRequired[str | None]
    """派出单位 · unit"""
    until: NotRequired[str | None]
    """止 · until"""
    village: NotRequired[str | None]
    """村代码 · village code"""
    village_name: NotRequired[str | None]
    """村 · village"""
    wanted: NotRequired[str | None]
    """所需专长 · skill wanted; values: enumeration `skill`"""


class PostingsChanged(TypedDict):
    """Postings of two days."""

    begun: int
    """number of postings of the later day only"""
    ended: int
    """number of postings of the earlier day only"""
    kept: int
    """number of postings of both"""


class PostingsPage(TypedDict):
    """Some rows of postings."""

    next: str | None
    """`cursor` of the page behind this one; null at the end"""
    rows: list[PostingsRow]
    """who is posted where"""
    table: Literal['postings']
    """the table"""
    total: int
    """rows on all pages"""


class PostingsRow(TypedDict):
    """postings: who is posted where."""

    cadre: NotRequired[str | None]
    """干部 · cadre"""
    days_in_village: NotRequired[int | None]
    """驻村天数 · days in village (unit: days)"""
    ended_because: NotRequired[str | None]
    """结束原因 · ended because; values: enumeration `ended_because`"""
    mark: NotRequired[str | None]
    """标记 · mark; values: enumeration `mark`; empty: from a source; recalled; synthetic; assumed"""
    post: NotRequired[str | None]
    """岗位 · post"""
    role: NotRequired[str | None]
    """职务 · role; values: enumeration `role`"""
    since: NotRequired[str | None]
    """起 · since"""
    source: NotRequired[str | None]
    """来源 · source; absent: the file's name"""
    until: NotRequired[str | None]
    """止 · until"""
    village: NotRequired[str | None]
    """村 · village"""


class Problem(TypedDict):
    """What went wrong: where, what, and how to mend it. What an error holds besides (clashes, members of a conflict) stands beside."""

    candidates: NotRequired[list[dict[str, Any]] | None]
    """of `ambiguous`: everything that the words may mean, with the id by which to ask again; of `not-found`: what has a similar name"""
    detail: str
    """where, what and how to mend it, in the reader's language"""
    errors: NotRequired[list[Fault] | None]
    """of `bad-form`: every place that is not written as it should be"""
    instance: str
    """the path that was asked"""
    message: Message
    """`detail` in both languages"""
    report: NotRequired[Report | None]
    """of `bad-rows`: every bad row"""
    request_id: str
    """the request's number, as in `X-Request-Id`; give it when you report a defect"""
    status: int
    """HTTP status code of the answer (400 to 599)"""
    title: str
    """the kind in a few words"""
    type: str
    """kind of the problem, as a reference"""


class Progress(TypedDict):
    """What a work tells of itself while it runs."""

    bound: NotRequired[float | None]
    """what no answer is below (thousandths of a point)"""
    gap: NotRequired[float | None]
    """difference of the two as a share of the objective (0–1)"""
    label: NotRequired[str]
    """the part of the stage"""
    objective: NotRequired[float | None]
    """the best answer yet (thousandths of a point)"""
    share: NotRequired[float | None]
    """share of the whole work that is done (0–1), where it is known"""
    stage: str
    """what tells it: a stage, `verify`, `start` (the command begins), `plan`, `runs` of a sweep, `years` of a roll, …"""
    state: NotRequired[str | None]
    """`begun`, `done`, or `found` where the plan was there already"""


class ProposalGiven(TypedDict):
    """Why a plan is proposed."""

    why: NotRequired[str]
    """the reason; the scenario's title where none is given"""


class QuarterOfTerms(TypedDict):
    """Terms that are over in a quarter."""

    begins: str
    """first day of the quarter"""
    first_secretaries: int
    """first secretaries among them (persons)"""
    postings: int
    """people whose term is over in it (persons)"""


class Ready(TypedDict):
    """The service can answer questions."""

    checked: list[str]
    """what was looked at: the store, the service's records, free space on the disk, the worker of the jobs"""
    network: str
    """the network that questions are asked of"""
    status: str
    """always `ready`"""
    version: str
    """digest of its version"""


class RecommendArguments(TypedDict):
    """What `recommend` is asked to do, as on the command line."""

    plan: str
    """a plan's id"""
    stages: NotRequired[list[Literal['pairing', 'designation', 'cadres', 'funds', 'exit', 'inspection']]]
    """only these stages"""
    subject: str
    """a region, a unit, a village, a cadre, an inspection team or a fund source, by code or name; supporter>recipient, cadre>village, team>county; county=year; or source>county:programme:year"""
    top: NotRequired[int]
    """how many"""


class Record(TypedDict):
    """Everything of one place or unit on one sheet."""

    card: Card
    """Its relations with their history: those in force, to come and ended."""
    ledger: list[PledgedRow]
    """what was promised and what came, by relation, year and item"""


class RegionFactsPage(TypedDict):
    """Some rows of region_facts."""

    next: str | None
    """`cursor` of the page behind this one; null at the end"""
    rows: list[RegionFactsRow]
    """one figure of a region in a year"""
    table: Literal['region_facts']
    """the table"""
    total: int
    """rows on all pages"""


class RegionFactsRow(TypedDict):
    """region facts: one figure of a region in a year."""

    mark: NotRequired[str | None]
    """标记 · mark; values: enumeration `mark`; empty: from a source; recalled; synthetic; assumed"""
    measure: NotRequired[str | None]
    """指标 · measure; values: enumeration `measure`"""
    region: NotRequired[str | None]
    """地区 · region"""
    source: NotRequired[str | None]
    """来源 · source; absent: the file's name"""
    value: NotRequired[float | None]
    """值 · value (unit: as the measure says); unit of the measure: persons, yuan, share (0–1), year, km"""
    year: NotRequired[int | None]
    """年份 · year (unit: a whole number)"""


class RegionSuccessionsPage(TypedDict):
    """Some rows of region_successions."""

    next: str | None
    """`cursor` of the page behind this one; null at the end"""
    rows: list[RegionSuccessionsRow]
    """mergers, splits, county to district: both codes answer, amounts count once"""
    table: Literal['region_successions']
    """the table"""
    total: int
    """rows on all pages"""


class RegionSuccessionsRow(TypedDict):
    """region successions: mergers, splits, county to district: both codes answer, amounts count once."""

    mark: NotRequired[str | None]
    """标记 · mark; values: enumeration `mark`; empty: from a source; recalled; synthetic; assumed"""
    new: NotRequired[str | None]
    """新代码 · new code"""
    old: NotRequired[str | None]
    """旧代码 · old code"""
    share: NotRequired[float | None]
    """份额 · share (unit: 0 to 1)"""
    since: NotRequired[str | None]
    """起 · since"""
    source: NotRequired[str | None]
    """来源 · source; absent: the file's name"""


class RegionTagsPage(TypedDict):
    """Some rows of region_tags."""

    next: str | None
    """`cursor` of the page behind this one; null at the end"""
    rows: list[RegionTagsRow]
    """what a region counts as"""
    table: Literal['region_tags']
    """the table"""
    total: int
    """rows on all pages"""


class RegionTagsRow(TypedDict):
    """region tags: what a region counts as."""

    mark: NotRequired[str | None]
    """标记 · mark; values: enumeration `mark`; empty: from a source; recalled; synthetic; assumed"""
    region: NotRequired[str | None]
    """地区 · region"""
    since: NotRequired[str | None]
    """起 · since"""
    source: NotRequired[str | None]
    """来源 · source; absent: the file's name"""
    tag: NotRequired[str | None]
    """标签 · tag; key_county_592, poor_county_832, contiguous_area, sanqu_sanzhou, deep_poverty, ethnic_prefecture, supporter, old_revolutionary, weak_organisation, pilot_pooling, language:*, industry:*, suits:*"""
    until: NotRequired[str | None]
    """止 · until"""
    value: NotRequired[str | None]
    """值 · value"""


class RegionsPage(TypedDict):
    """Some rows of regions."""

    next: str | None
    """`cursor` of the page behind this one; null at the end"""
    rows: list[RegionsRow]
    """one row per region"""
    table: Literal['regions']
    """the table"""
    total: int
    """rows on all pages"""


class RegionsRow(TypedDict):
    """regions: one row per region."""

    code: NotRequired[str | None]
    """代码 · code; gb2260: 6 digits (villages 12); free: any unique string"""
    coord_accuracy_km: NotRequired[float | None]
    """坐标精度 · coordinate accuracy (unit: km)"""
    lat: NotRequired[float | None]
    """纬度 · latitude (unit: degrees (WGS84))"""
    level: NotRequired[str | None]
    """层级 · level; values: enumeration `level`"""
    lon: NotRequired[float | None]
    """经度 · longitude (unit: degrees (WGS84))"""
    mark: NotRequired[str | None]
    """标记 · mark; values: enumeration `mark`; empty: from a source; recalled; synthetic; assumed"""
    name: NotRequired[str | None]
    """名称 · name"""
    parent: NotRequired[str | None]
    """上级代码 · parent"""
    pseudo: NotRequired[bool | None]
    """虚设层级 · pseudo level; such as 市辖区: skipped when parents are shown"""
    source: NotRequired[str | None]
    """来源 · source; absent: the file's name"""


class RegisterChangesPage(TypedDict):
    """Some rows of register_changes."""

    next: str | None
    """`cursor` of the page behind this one; null at the end"""
    rows: list[RegisterChangesRow]
    """start + in − out = end"""
    table: Literal['register_changes']
    """the table"""
    total: int
    """rows on all pages"""


class RegisterChangesRow(TypedDict):
    """register changes: start + in − out = end."""

    batch: NotRequired[str | None]
    """批次 · batch"""
    date: NotRequired[str | None]
    """日期 · date"""
    households: NotRequired[int | None]
    """户数 · households (unit: households)"""
    kind: NotRequired[str | None]
    """类型 · kind; values: enumeration `register_kind`"""
    mark: NotRequired[str | None]
    """标记 · mark; values: enumeration `mark`; empty: from a source; recalled; synthetic; assumed"""
    persons: NotRequired[int | None]
    """人数 · persons (unit: persons)"""
    source: NotRequired[str | None]
    """来源 · source; absent: the file's name"""
    village: NotRequired[str | None]
    """村（或地区） · village (or region)"""


class RelationsPage(TypedDict):
    """Some rows of relations."""

    next: str | None
    """`cursor` of the page behind this one; null at the end"""
    rows: list[RelationsRow]
    """who supports whom, half-open [since, until)"""
    table: Literal['relations']
    """the table"""
    total: int
    """rows on all pages"""


class RelationsRow(TypedDict):
    """relations: who supports whom, half-open [since, until)."""

    id: NotRequired[str | None]
    """编号 · id"""
    kind: NotRequired[str | None]
    """类型 · kind; values: enumeration `relation_kind`"""
    mark: NotRequired[str | None]
    """标记 · mark; values: enumeration `mark`; empty: from a source; recalled; synthetic; assumed"""
    recipient: NotRequired[str | None]
    """受扶方 · recipient"""
    since: NotRequired[str | None]
    """起 · since"""
    source: NotRequired[str | None]
    """来源 · source; absent: the file's name"""
    supporter: NotRequired[str | None]
    """帮扶方 · supporter"""
    until: NotRequired[str | None]
    """止（不含） · until (excluded)"""


class RepairArguments(TypedDict):
    """What `repair` is asked to do, as on the command line."""

    apply: NotRequired[int | None]
    """write way out N as an overlay scenario, to be planned as usual (its number)"""
    freezes: NotRequired[list[str]]
    """the region's decisions, with all below it, stay as published; <YEAR-MONTH-DAY: before that day, <=YEAR: those for years up to it; * is everywhere (may be repeated)"""
    limits: NotRequired[list[str]]
    """changes of the stage against the published plan at most (may be repeated)"""
    most: NotRequired[int]
    """ways out at most"""
    prices: NotRequired[list[str]]
    """what each change of the stage costs (may be repeated)"""
    published: NotRequired[str | None]
    """the plan that is published: plan again beside it, keeping what can be kept; a plan's id"""
    scenario: str
    """a scenario's name"""
    settings: NotRequired[list[str]]
    """change a policy value (may be repeated)"""
    stages: NotRequired[list[Literal['pairing', 'designation', 'cadres', 'funds', 'exit', 'inspection']]]
    """look at these stages only (may be repeated)"""
    to: NotRequired[str | None]
    """folder of the overlay (default: the scenario's name and -repaired); name of the scenario to be made"""
    whole: NotRequired[bool]
    """solve the stages after the mended one, too, for each way out"""


class Report(TypedDict):
    """A row report."""

    stats: dict[str, int]
    """how many tables, errors and warnings are listed"""
    tasks: list[TableTask]
    """a task for each table in which something was found"""
    valid: bool
    """whether nothing refuses the tables"""


class Request(TypedDict):
    """A request with everything that whoever decides about it looks at."""

    author: str
    """who wants it"""
    base: int
    """version of the network that it was worked out from"""
    hindrance: Message | None
    """what keeps it from being applied as things are; without place, request or reason where those are outside the caller's regions"""
    id: str
    """its number; of a plan the plan's id"""
    note: str
    """what whoever took the last step wrote"""
    overlaps: list[Overlap]
    """rows that other pending requests want, too"""
    pending: bool
    """whether something may still come of it"""
    plan: str
    """the plan's id; empty for an edit"""
    reason: str
    """why"""
    revision: int
    """from 1; every step is one more; the ETag names it"""
    side_by_side: list[SideBySide]
    """row by row: as it is, as it is to be; of a plan none"""
    size: int
    """rows that are put or removed"""
    state: Literal['draft', 'submitted', 'approved', 'returned', 'rejected', 'applied']
    """where it stands"""
    step: str
    """the last step"""
    tables: list[str]
    """tables that change"""
    told: Message
    """the same in words; of a plan also how much of it stands"""
    version: NotRequired[int | None]
    """version of the network that applying it made, where that was just done"""


class RequestListed(TypedDict):
    """A request in a list."""

    author: str
    """who wants it"""
    base: int
    """version of the network that it was worked out from"""
    id: str
    """its number; of a plan the plan's id"""
    note: str
    """what whoever took the last step wrote"""
    pending: bool
    """whether something may still come of it"""
    plan: str
    """the plan's id; empty for an edit"""
    reason: str
    """why"""
    revision: int
    """from 1; every step is one more; the ETag names it"""
    size: int
    """rows that are put or removed"""
    state: Literal['draft', 'submitted', 'approved', 'returned', 'rejected', 'applied']
    """where it stands"""
    step: str
    """the last step"""
    tables: list[str]
    """tables that change"""
    told: Message
    """the same in words; of a plan also how much of it stands"""


class RequestLog(TypedDict):
    """Every step of a request, the oldest first."""

    steps: list[Logged]
    """the steps"""


class RequestPage(TypedDict):
    """Some requests: edits, the newest first, then plans."""

    next: str | None
    """`cursor` of the page behind this one; null at the end"""
    requests: list[RequestListed]
    """the requests"""


class RequestTold(TypedDict):
    """A plan's request, as `/requests` tells it."""

    author: str
    """who proposed it"""
    base: int
    """number of the version of the network that it was computed from"""
    id: str
    """the plan's id"""
    reason: str
    """why"""
    revision: int
    """of the request, from 1"""
    state: str
    """where it stands"""


class RequestsWhere(TypedDict):
    """Which of ``requests``."""

    state: NotRequired[Literal['draft', 'submitted', 'approved', 'returned', 'rejected', 'applied'] | list[Literal['draft', 'submitted', 'approved', 'returned', 'rejected', 'applied']] | None]
    """only in these states"""
    pending: NotRequired[bool | None]
    """only those of which something may (or may not) still come"""
    by: NotRequired[str]
    """only of this author"""
    table: NotRequired[str]
    """only those that change this table"""
    region: NotRequired[str]
    """only what is of this place or one below: code, name, pinyin or initials"""


class ResolvedScenario(TypedDict):
    """A scenario as it comes out of its chain of files."""

    chain: list[str]
    """Names of the scenario and of what it overlays, its own first."""
    changes: list[ScenarioChange]
    """Every ``[[change]]`` of the chain in the order in which they are applied, those of the lowest file first."""
    date: str
    """Day on which the network is read (ISO)."""
    name: str
    """Its name."""
    policies: dict[str, list[PolicyValue]]
    """Stage → its values."""
    seed: int
    """Seed of every draw (a whole number)."""
    stages: list[str]
    """Stages that are run, in order."""
    tables: list[ScenarioTable]
    """Its tables."""
    title: Message
    """For people, in both languages."""


class RibbonPlace(TypedDict):
    """A place at an end of a ribbon."""

    code: str
    """code; gb2260: 6 digits (villages 12); free: any unique string"""
    lat: float | None
    """latitude (degrees (WGS84))"""
    level: str | None
    """level; values: enumeration `level`"""
    lon: float | None
    """longitude (degrees (WGS84))"""
    mark: str | None
    """mark; values: enumeration `mark`; empty: from a source; recalled; synthetic; assumed"""
    name: str
    """name"""


class RibbonRow(TypedDict):
    """Who supports whom, between two places of the level."""

    assumed: int
    """relations marked `assumed` (relations); of those in force; where there is none, of the ended"""
    delivered: int | None
    """money delivered (yuan); null: nothing in the ledger"""
    ended: int
    """relations that ended before (relations)"""
    kinds: dict[str, int]
    """kind → number of relations in force"""
    money_mark: str | None
    """marks of the ledger's entries; `;` between; null: none has any"""
    pledged: int | None
    """money pledged (yuan); null: nothing in the ledger"""
    recalled: int
    """relations marked `recalled` (relations); of those in force; where there is none, of the ended"""
    recipient: str
    """code of the supported place"""
    relations: int
    """relations in force (relations)"""
    supporter: str
    """code of the supporting place"""
    synthetic: int
    """relations marked `synthetic` (relations); of those in force; where there is none, of the ended"""


class RibbonUnits(TypedDict):
    """Units at the ends of relations."""

    placed: int
    """number of units that stand at their home region"""
    without_home: int
    """number of units whose home region is not known: their relations are not drawn"""


class Ribbons(TypedDict):
    """Links between places of a level, on a day or in a range."""

    at: str | None
    """the day; null: a range was asked for"""
    level: str
    """level that both ends are raised to; places above it stay what they are"""
    places: list[RibbonPlace]
    """every place at an end of a ribbon, with its seat (degrees, WGS84)"""
    relations: int
    """number of relations in force that are drawn"""
    ribbons: list[RibbonRow]
    """who supports whom, the most relations first"""
    since: str | None
    """the range `[since, until)`; null: that end is open, or a day was asked for"""
    units: RibbonUnits
    """units at the ends of relations"""
    unplaced: int
    """number of relations in force that are not drawn, as an end lies in no region"""
    until: str | None
    """the range `[since, until)`; null: that end is open, or a day was asked for"""
    years: list[int | None]
    """first and last year of the money; null: open"""


class RobustArguments(TypedDict):
    """What `robust` is asked to do, as on the command line."""

    criteria: NotRequired[list[Literal['worst', 'regret', 'tail', 'mean', 'none']]]
    """by what robust plans are made (may be repeated): worst case, greatest regret, mean of the worst futures, expected value; none: no such plan; default: the first three"""
    method: NotRequired[Literal['lhs', 'sobol', 'random'] | None]
    """how they are drawn: Latin hypercube (default), Sobol sequence, independently"""
    sample: NotRequired[int]
    """how many futures are drawn (number of runs)"""
    scenario: str
    """a scenario's name"""
    seed: NotRequired[int]
    """seed of the draw (a whole number)"""
    settings: NotRequired[list[str]]
    """change a policy value (may be repeated)"""
    stages: NotRequired[list[Literal['pairing', 'designation', 'cadres', 'funds', 'exit', 'inspection']]]
    """plan only these stages (may be repeated)"""
    tail: NotRequired[float]
    """what share of the futures, the worst, tail looks at"""
    tolerance: NotRequired[float]
    """how far a county's money of a year may be off and still stay"""
    uncertain: NotRequired[list[str]]
    """uncertain cells (may be repeated): TABLE[COLUMN=VALUE].COLUMN*=a:b, each row that matches drawn on its own"""
    vary: NotRequired[list[str]]
    """one draw for all rows, or a policy value (may be repeated; as in sweep)"""


class RollArguments(TypedDict):
    """What `roll` is asked to do, as on the command line."""

    horizons: NotRequired[list[Literal['myopic', 'rolling', 'full']]]
    """play only these ways of looking ahead (may be repeated)"""
    outcome: NotRequired[Literal['seeded', 'expected', 'recorded'] | None]
    """what comes: drawn (default), as expected, or as the tables record it of later years (as expected where they do not)"""
    picture: NotRequired[Literal['svg'] | None]
    """draw the comparison as a picture (SVG) into this file; here the ending; the file is among the job's files"""
    reference: NotRequired[int | None]
    """persons a year against which each year is held (default: the mean of the years before, from the tables)"""
    scenario: str
    """a scenario's name"""
    seed: NotRequired[int]
    """seed of what is drawn (a whole number)"""
    settings: NotRequired[list[str]]
    """change a policy value (may be repeated)"""
    stages: NotRequired[list[Literal['pairing', 'designation', 'cadres', 'funds', 'exit', 'inspection']]]
    """run only these stages (may be repeated)"""
    until: NotRequired[int | None]
    """last year that is played (default: the deadline of exits, else the last year with a budget)"""


class Round(TypedDict):
    """What was new and what was gone when somebody looked."""

    at: str | None
    """when (UTC)"""
    by: str
    """who looked"""
    gone: list[str]
    """ids of those that were and are not active any more"""
    new: list[AlertFound]
    """alerts that are active and were not in the round before"""
    number: int
    """from 1; 0 where nothing has ever been found"""


class RoundList(TypedDict):
    """Rounds, the oldest first."""

    next: int | None
    """number of a round: `after` of the page behind this one; null at the end"""
    rounds: list[Round]
    """the rounds"""


class RowError(TypedDict):
    """One place where something is wrong or remarkable."""

    cell: str | None
    """what stands there"""
    fieldName: str | None
    """column; null where the whole row or table is meant"""
    file: str | None
    """the file it came from"""
    message: Message
    """what is wrong"""
    note: Message
    """what would be right, or how to mend it"""
    rowNumber: int | None
    """row as a person counts it; the first data row is 2"""
    severity: Literal['error', 'warning', 'notice']
    """only an `error` refuses the tables"""
    table: str
    """table"""
    type: str
    """stable machine name"""


class RowNamed(TypedDict):
    """A row that is to go."""

    row: str
    """the row's key, `|` between its cells"""
    table: str
    """the table"""


class RowTouched(TypedDict):
    """A row that would change."""

    current: dict[str, Any] | None
    """as it stands; null: it is new"""
    proposed: dict[str, Any] | None
    """as it would be; null: it goes"""
    row: str
    """its key as text"""


class Said(TypedDict):
    """What is said of an alert."""

    note: NotRequired[str]
    """beside it; a reason where it is resolved"""
    until: NotRequired[str | None]
    """day up to which it is acknowledged; null: until it is reopened"""


class Scenario(TypedDict):
    """A scenario in a list."""

    base: str | None
    """name of the scenario that it overlays"""
    edit: ScenarioEdit | None
    """the last edit; null where it came with jiedui"""
    name: str
    """its name"""
    shipped: bool
    """whether it came with jiedui, and is only read"""
    stages: list[str] | None
    """stages that it names; null: every one whose tables are there"""
    title: Message
    """title"""


class ScenarioChange(TypedDict):
    """One `[[change]]` of the chain of files."""

    change: dict[str, Any]
    """`table`, `where`, one of `set`, `scale`, `add`, `remove`, and `why`; days as ISO"""
    line: int
    """Line of that file on which it begins, from 1."""
    number: int
    """its place among those of that file, from 1"""
    scenario: str
    """Name of the scenario in whose file it stands."""


class ScenarioChecked(TypedDict):
    """What looking a scenario over tells."""

    counted: bool
    """always false: whether rules can hold together is counted with solvers, by the job `check`"""
    found: int
    """findings in all; the report lists at most 1000"""
    report: Report
    """the row report"""
    rows: int
    """their rows"""
    tables: int
    """tables that were read; 0 where rows are bad"""
    valid: bool
    """whether a plan can be made as far as reading tells"""


class ScenarioEdit(TypedDict):
    """One edit of a scenario."""

    at: str
    """when (UTC)"""
    by: str
    """who"""
    etag: str
    """of the state that it made"""
    of: int | None
    """revision that was restored"""
    revision: int
    """number of the edit, one more with every edit of a name; 0: a folder put there by hand"""
    tables: list[str]
    """tables that were put or taken away"""
    what: Literal['created', 'toml', 'tables', 'restored', 'deleted', 'found']
    """`created`, `toml`, `tables`, `restored`, `deleted`, or `found` (put there by hand)"""
    why: str
    """reason that was given"""


class ScenarioHistory(TypedDict):
    """Edits, the newest first."""

    edits: list[ScenarioEdit]
    """the edits"""
    next: str | None
    """`cursor` of the page behind this one; null at the end"""


class ScenarioPage(TypedDict):
    """Some scenarios: those made here first, each by name."""

    next: str | None
    """`cursor` of the page behind this one; null at the end"""
    scenarios: list[Scenario]
    """the scenarios"""


class ScenarioPatch(TypedDict):
    """What is to change in ``scenario.toml``; comments and everything else stay."""

    add_changes: NotRequired[list[dict[str, Any]]]
    """`[[change]]` entries to put behind those that are there"""
    drop_changes: NotRequired[list[int]]
    """numbers of `[[change]]` entries to take away, from 1"""
    values: NotRequired[dict[str, Any]]
    """`stage.key` (or a key at the top) → its value; null takes the key away"""
    why: NotRequired[str]
    """reason, kept in the history"""


class ScenarioState(TypedDict):
    """One state of a scenario, and how it differs from the one before."""

    at: str
    """when (UTC)"""
    by: str
    """who"""
    difference: str
    """unified diff of `scenario.toml` against the state before"""
    etag: str
    """of the state that it made"""
    of: int | None
    """revision that was restored"""
    revision: int
    """number of the edit, one more with every edit of a name; 0: a folder put there by hand"""
    rows: dict[str, int]
    """the scenario's own tables then, and their rows"""
    tables: list[str]
    """tables that were put or taken away"""
    toml: str
    """`scenario.toml` as it was; empty for a deletion"""
    what: Literal['created', 'toml', 'tables', 'restored', 'deleted', 'found']
    """`created`, `toml`, `tables`, `restored`, `deleted`, or `found` (put there by hand)"""
    why: str
    """reason that was given"""


class ScenarioTable(TypedDict):
    """One table as a plan would read it."""

    changes: int
    """Number of ``[[change]]`` entries that are about it, in all files of the chain."""
    marks: dict[str, int]
    """mark (`recalled`, `synthetic`, `assumed`) → number of rows that bear it"""
    rows: int
    """Number of rows, changes counted in."""
    scenario: str
    """Name of the scenario in whose folder it is; empty where it is a stored network's."""
    table: str
    """Name."""
    title: Message
    """For people, in both languages."""


class Schema(TypedDict):
    """Everything that the tables may hold."""

    enums: dict[str, list[ValueToldOf]]
    """enumeration → its values, those of the network that is served among them; `tag`: tags of regions"""
    joined: list[TableToldOf]
    """tables that are worked out of others, such as `posted`"""
    measures: list[MeasureToldOf]
    """measures of `region_facts`"""
    results: list[TableToldOf]
    """tables of a plan"""
    tables: list[TableToldOf]
    """tables of a network (inputs of a scenario)"""


class SearchAnswer(TypedDict):
    """What words may mean."""

    hits: list[Hit]
    """the likeliest first; `how` is `similar` where nothing matches"""


class Seat(TypedDict):
    """A post of a village, and who is in it."""

    language: str | None
    """what is spoken there, `;` between"""
    minimum: int | None
    """people whom it asks for at least (persons)"""
    people: list[Posted]
    """who is in it, and who would come or leave"""
    post: str
    """the post"""
    role: str | None
    """role that it is for; values: enumeration `role`"""
    state: str
    """`vacant`, `partly` filled, `ending` (filled, and a term is over or ends up to `by`), `filled`, or `beyond` (nobody is asked for, and nobody there)"""
    target: int | None
    """people whom it asks for (persons)"""
    tier: int | None
    """tier of the post, 1 comes first (a number); null: the network lists no such post"""
    village: str
    """code of the village"""
    village_name: str | None
    """what it is called"""
    wanted: str | None
    """skill that it asks for; values: enumeration `skill`"""


class Session(TypedDict):
    """A session of a browser."""

    csrf: str
    """to be sent as `X-CSRF-Token` with everything that changes something"""
    expires: str
    """when it ends at the latest (UTC)"""
    idle_seconds: float
    """seconds after which it ends when it is not used"""
    name: str
    """under which their doings are kept"""
    regions: list[str]
    """codes of the regions that they are limited to, with all below; empty: not limited"""
    role: Literal['viewer', 'coordinator', 'planner', 'admin']
    """what they may do: `viewer`, `coordinator`, `planner` or `admin`; each may what those before may"""
    scopes: list[Literal['read', 'write']]
    """`read`, `write` or both"""
    sees_names: bool
    """whether they see names of cadres"""
    via: Literal['loopback', 'token', 'session']
    """how they are known: `loopback` (no login), `token` or `session`"""


class SessionPage(TypedDict):
    """Some sessions, the newest first."""

    next: str | None
    """`cursor` of the page behind this one; null at the end"""
    sessions: list[Shown]
    """the sessions"""


class SettingChanged(TypedDict):
    """A policy value that differs from the parent's."""

    key: str
    """policy value"""
    parent: str
    """the parent's, as `scenario.toml` writes it"""
    stage: str
    """stage"""
    value: str
    """its own"""


class ShowArguments(TypedDict):
    """What `show` is asked to do, as on the command line."""

    fairness: NotRequired[bool]
    """the price of fairness: what raising the least met share costs (solves some ten times)"""
    html: NotRequired[Literal['html'] | None]
    """write one self-contained page with charts; here the ending; the file is among the job's files"""
    limit: NotRequired[int]
    """with --table and --prices: rows"""
    plan: str
    """a plan's id"""
    prices: NotRequired[bool]
    """money: what a million yuan more or less would change, one by one"""
    rules: NotRequired[bool]
    """list every rule"""
    svg: NotRequired[Literal['svg'] | None]
    """with --fairness: write it as a picture; here the ending; the file is among the job's files"""
    table: NotRequired[str | None]
    """show the rows of one result table"""


class Shown(TypedDict):
    """A token or session as it is kept: without its secret."""

    ended: str | None
    """when it was revoked (UTC)"""
    expires: str
    """when it ends at the latest (UTC)"""
    id: str
    """the id; part of the token, and no secret"""
    label: str
    """what it was made for"""
    made: str
    """when it was made (UTC)"""
    made_by: str
    """who made it"""
    regions: list[str]
    """codes of the regions that they are limited to, with all below; empty: not limited"""
    role: Literal['viewer', 'coordinator', 'planner', 'admin']
    """what they may do: `viewer`, `coordinator`, `planner` or `admin`; each may what those before may"""
    scopes: list[Literal['read', 'write']]
    """`read`, `write` or both"""
    sees_names: bool
    """whether they see names of cadres"""
    used: str | None
    """when it was last used, to the minute (UTC)"""
    user: str
    """who it is for"""


class SideBySide(TypedDict):
    """A row as it is and as it is to be."""

    current: dict[str, Any] | None
    """as it was at `base`; null: a new row"""
    proposed: dict[str, Any] | None
    """as it is to be; null: removed"""
    row: str
    """the row's key"""
    table: str
    """the table"""


class SkillWanted(TypedDict):
    """A skill that posts ask for."""

    fitting: int
    """people in these posts who have it (persons)"""
    people: int
    """all people posted who have it, wherever (persons)"""
    skill: str
    """the skill; values: enumeration `skill`"""
    wanted: int
    """people whom posts ask for with it (persons)"""


class StabilityArguments(TypedDict):
    """What `stability` is asked to do, as on the command line."""

    freezes: NotRequired[list[str]]
    """the region's decisions, with all below it, stay as published; <YEAR-MONTH-DAY: before that day, <=YEAR: those for years up to it; * is everywhere (may be repeated)"""
    limits: NotRequired[list[str]]
    """changes of the stage against the published plan at most (may be repeated)"""
    prices: NotRequired[list[str]]
    """what each change of the stage costs (may be repeated)"""
    published: NotRequired[str | None]
    """the plan that is published: plan again beside it, keeping what can be kept; a plan's id"""
    scenario: str
    """a scenario's name"""
    settings: NotRequired[list[str]]
    """change a policy value (may be repeated)"""
    stage: Literal['pairing', 'designation', 'cadres', 'funds', 'exit', 'inspection']
    """which stage"""
    steps: NotRequired[int | None]
    """solves at most (default: one for each step of the curve, exact for every limit)"""
    svg: NotRequired[Literal['svg'] | None]
    """draw the curve as SVG; here the ending; the file is among the job's files"""


class Staffing(TypedDict):
    """How villages are staffed."""

    areas: list[AreaFigures]
    """The figures by province, or within a region by county; most villages without anybody first."""
    at: str
    """The days counted from and to."""
    by: str
    """The days counted from and to."""
    languages: list[LanguageSpoken]
    """Languages that are spoken at villages; most villages missing first."""
    minimum_term_years: float | None
    """minimum term that was counted with (years); null: none"""
    name: str | None
    """What it is called."""
    quarters: list[QuarterOfTerms]
    """Terms that are over by quarter."""
    region: str | None
    """Within which the rest is; null: everywhere."""
    skills: list[SkillWanted]
    """Skills that posts ask for; most seats missing first."""
    tiers: list[TierFigures]
    """The figures by tier of the posts, the first tier first."""
    whole: Figures
    """The figures of all of it."""


class StageHead(TypedDict):
    """A stage of a plan, as `plan.json` has it."""

    bound: int | None
    """what no answer beats (the same unit)"""
    gap: float | None
    """distance of objective and bound (share of the objective)"""
    kpis: list[Kpi]
    """key figures beside the baseline's"""
    objective: int | None
    """value of the answer (parts of `scale` of a point or yuan)"""
    rows: dict[str, int]
    """result table → rows"""
    rules: list[dict[str, Any]]
    """each rule: its state, and where it is tightest"""
    scale: int
    """so many of the unit of objective and bound are one point"""
    status: Literal['OPTIMAL', 'FEASIBLE', 'INFEASIBLE', 'NO_SOLUTION_IN_TIME']
    """whether the best answer is proved, or found"""
    title: Message
    """in words"""
    warnings: list[Message]
    """what a reader has to beware of"""


class StageListed(TypedDict):
    """A stage of a plan in a list."""

    kpis: dict[str, int | float | str | bool | None]
    """key figure → its value, in the unit that the plan itself tells"""
    status: Literal['OPTIMAL', 'FEASIBLE', 'INFEASIBLE', 'NO_SOLUTION_IN_TIME']
    """whether the best answer is proved, or found"""


class Standing(TypedDict):
    """A place before the gates."""

    exited: int | None
    """Year of the result with which it has exited by the day; ``None``: it has not, or nobody says."""
    gates: list[Gate]
    """one for each rule that is on"""
    level: str
    """The place."""
    listed: bool
    """Whether it is one of those that exit: by the tag of counties, or of villages."""
    name: str
    """The place."""
    region: str
    """The place."""


class Step(TypedDict):
    """One edge of a path or ego network."""

    kind: str
    """Kind of the relation; ``lies_in`` for the tree of regions."""
    mark: str
    """Mark of the relation."""
    relation: str
    """Id of the relation; empty for the tree."""
    source: str
    """Ids, in the direction of the edge: supporter → recipient, or place → the place it lies in."""
    target: str
    """Ids, in the direction of the edge: supporter → recipient, or place → the place it lies in."""


class Structure(TypedDict):
    """The shape of the network of relations in force, directions left aside."""

    articulation_points: list[Place]
    """Places and units whose loss would split a connected part."""
    at: str
    """The day on which the network was read."""
    centrality: list[CentreRow]
    """how central each is, the largest betweenness first"""
    communities: list[list[Place]]
    """Groups that are denser inside than outside (Louvain), the largest first."""
    nodes: int
    """number of places and units with relations in force"""
    parts: int
    """number of connected parts"""
    relations: int
    """number of relations in force"""


class Succession(TypedDict):
    """A merger, split or renaming."""

    new: str
    """code since"""
    old: str
    """code before"""
    since: str | None
    """day of the change; null: not known"""


class SweepArguments(TypedDict):
    """What `sweep` is asked to do, as on the command line."""

    keep_plans: NotRequired[bool]
    """keep each run's plan; by default only a row of each is kept"""
    kpis: NotRequired[list[str]]
    """key figures told at the end (may be repeated; default: each stage's cost or points)"""
    method: NotRequired[Literal['lhs', 'sobol', 'random'] | None]
    """how they are drawn: Latin hypercube (default), Sobol sequence, independently"""
    no_reuse: NotRequired[bool]
    """let no run use another's answers for tasks that are the same; changes no result"""
    sample: NotRequired[int | None]
    """draw so many runs instead of every combination (number of runs)"""
    scenario: str
    """a scenario's name"""
    seed: NotRequired[int]
    """seed of the draw (a whole number)"""
    settings: NotRequired[list[str]]
    """change a policy value in all runs (may be repeated)"""
    stages: NotRequired[list[Literal['pairing', 'designation', 'cadres', 'funds', 'exit', 'inspection']]]
    """run only these stages (may be repeated)"""
    uncertain: NotRequired[list[str]]
    """uncertain cells (may be repeated, needs --sample): TABLE[COLUMN=VALUE].COLUMN*=a:b, each row that matches drawn on its own"""
    vary: NotRequired[list[str]]
    """what is varied (may be repeated): STAGE.KEY, or TABLE[COLUMN=VALUE].COLUMN (set) or …COLUMN* (scale); then = and a:b:n (n evenly spaced numbers from a to b), or values between commas; with --sample also a:b"""
    yes: NotRequired[bool]
    """do not ask, though there are more than 1000 runs"""


class TableInside(TypedDict):
    """A table of a plan."""

    bytes: int
    """size of its Parquet file (bytes)"""
    name: str
    """its name"""
    rows: int
    """rows"""


class TableList(TypedDict):
    """The tables of a network."""

    formats: list[str]
    """suffixes in which each is given"""
    tables: list[TableListed]
    """in the order of the schema"""


class TableListed(TypedDict):
    """A table of a network."""

    columns: list[str]
    """its columns"""
    key: list[str]
    """columns that together name a row"""
    name: str
    """its name"""
    title: Message
    """its title"""


class TableTask(TypedDict):
    """What was found in one table."""

    errors: list[RowError]
    """what refuses it"""
    name: str
    """table"""
    place: str | None
    """its file"""
    stats: dict[str, int]
    """how many errors and warnings"""
    type: str
    """always `table`"""
    valid: bool
    """whether nothing in it refuses it"""
    warnings: list[RowError]
    """what does not"""


class TableToldOf(TypedDict):
    """A table of the schema."""

    columns: list[ColumnToldOf]
    """its columns, in their order"""
    key: list[str]
    """columns that together name a row"""
    name: str
    """its name"""
    note: Message
    """what a row is"""
    room: str
    """chapter of the data dictionary; `results`: a plan has it; `joined`: worked out of others"""
    title: Message
    """its title"""


class Team(TypedDict):
    """Who is where in a county."""

    above: str
    """what the province is called; empty where there is none"""
    at: str
    """The days counted from and to."""
    by: str
    """The days counted from and to."""
    name: str
    """What it is called."""
    region: str
    """Code of the place."""
    seats: list[Seat]
    """A post of a village each, villages of the first tier first, with ``people`` in it and its ``state``: ``vacant``, ``partly`` filled, ``ending`` (a term is over or ends up to ``by``), ``filled``, or ``beyond`` (nobody is asked for)."""


class Tie(TypedDict):
    """One relation, seen from a place or unit."""

    id: str
    """The relation and its kind."""
    kind: str
    """The relation and its kind."""
    mark: str
    """Where it is known from; ``recalled``, ``synthetic`` or ``assumed``."""
    recipient: Place
    """Who supports whom."""
    since: str | None
    """Half-open; ``None``: unknown, or still running."""
    source: str
    """Where it is known from; ``recalled``, ``synthetic`` or ``assumed``."""
    state: Literal['in_force', 'ended', 'to_come']
    """On the day asked for."""
    supporter: Place
    """Who supports whom."""
    through: Literal['own', 'parent', 'child']
    """Whether the relation is the asked place's own, or comes through a place above or below it."""
    until: str | None
    """Half-open; ``None``: unknown, or still running."""
    yields_to: str
    """Id of a relation of the same kind that is more specific and wins for the asked place; empty where none is."""


class TierFigures(TypedDict):
    """Figures of the posts of a tier."""

    ending: int
    """people whose term is over after the day and up to `by` (persons)"""
    filled: int
    """people in posts, as far as these ask for any (persons)"""
    first_secretaries: int
    """first secretaries among them (persons)"""
    language_there: int
    """of these, villages where somebody posted speaks one (number of villages)"""
    language_wanted: int
    """villages where a language is spoken (number of villages)"""
    minimum: int
    """people whom they ask for at least (persons)"""
    must_without: int
    """of these, villages that have to have somebody (number of villages)"""
    overdue: int
    """people whose term is over by the day (persons)"""
    posted: int
    """people posted, on the day or by the plan (persons)"""
    skill_there: int
    """people in such posts who have it (persons)"""
    skill_wanted: int
    """people whom posts ask for with a skill (persons)"""
    target: int
    """people whom all posts ask for (persons)"""
    tier: int | None
    """the tier, 1 comes first (a number); null: of posts that the network does not list"""
    vacant: int
    """people whom posts still ask for (persons)"""
    villages: int
    """villages that have posts (number of villages)"""
    without: int
    """villages with nobody posted (number of villages)"""


class Timeline(TypedDict):
    """Relations by month or year."""

    kinds: list[KindTimeline]
    """relations of each kind"""
    periods: list[str]
    """first day of each"""
    since_unknown: int
    """number of relations whose beginning is not known: in force from the beginning"""
    step: Literal['month', 'year']
    """`month` or `year`"""
    total: AllTimeline
    """all of them"""
    until_open: int
    """number of relations that still run"""


class TokenPage(TypedDict):
    """Some tokens, the newest first."""

    next: str | None
    """`cursor` of the page behind this one; null at the end"""
    tokens: list[Shown]
    """the tokens"""


class Told(TypedDict):
    """Data of an event of a stream. ``event`` says which kind, ``id`` where to go on behind it."""

    again: NotRequired[bool | None]
    """of `state` `waiting`: its process was cut off, and it is begun again"""
    at: str
    """when (UTC)"""
    attempt: NotRequired[int | None]
    """of `state` `running`: how often it was begun, this time included"""
    bound: NotRequired[float | None]
    """what no answer is below (thousandths of a point)"""
    error: NotRequired[JobError | None]
    """of `state` `failed`: what went wrong"""
    gap: NotRequired[float | None]
    """difference of the two as a share of the objective (0–1)"""
    label: NotRequired[str | None]
    """of `progress`: the part of the stage"""
    objective: NotRequired[float | None]
    """the best answer yet (thousandths of a point)"""
    share: NotRequired[float | None]
    """share of the whole work that is done (0–1), where it is known"""
    stage: NotRequired[str | None]
    """of `progress`: what tells it"""
    state: NotRequired[str | None]
    """of `state`: the job's new state; of `progress`: `begun`, `done` or `found`"""


class TopologyGroup(TypedDict):
    """Parts of one kind."""

    geometries: list[TopologyPart]
    """the parts"""
    type: Literal['GeometryCollection']
    """always `GeometryCollection`"""


class TopologyObjects(TypedDict):
    """What is on the map."""

    lines: TopologyGroup
    """lines that belong to no region, the ten-dash line among them"""
    points: TopologyGroup
    """regions of which only the seat is known"""
    regions: TopologyGroup
    """shapes: a region each; regions that were merged since have the same arcs"""


class TopologyPart(TypedDict):
    """A region, its seat, or lines."""

    arcs: NotRequired[list[Any] | None]
    """numbers of arcs by ring; −1 − n: arc n the other way round"""
    coordinates: NotRequired[list[Any] | None]
    """of a point: steps of the grid, or degrees where there is no `transform`"""
    id: NotRequired[str | None]
    """code of the region"""
    properties: TopologyTold
    """what is told of it"""
    type: Literal['Point', 'Polygon', 'MultiPolygon', 'LineString', 'MultiLineString']
    """kind of geometry"""


class TopologyTold(TypedDict):
    """What is told of a region; what is not known is left out."""

    how: NotRequired[Literal['code', 'succession', 'containing', 'point', 'bare'] | None]
    """how its shape was found: by its `code`, by a code before or after it (`succession`), as the one `containing` its seat; `point`: only its seat is known; `bare`: a place of the map that is none of the network's, or none that the caller sees"""
    lat: NotRequired[float | None]
    """latitude of its seat (degrees, WGS84)"""
    level: NotRequired[str | None]
    """its level, where it is another than the one asked for"""
    lon: NotRequired[float | None]
    """longitude of its seat (degrees, WGS84)"""
    mark: NotRequired[str | None]
    """`recalled`, `synthetic` or `assumed`; absent: from a source"""
    name: str
    """name of the region; of `bare` ones that of the shapes' source"""
    parent: NotRequired[str | None]
    """code of the place that it lies in"""


class TopologyTransform(TypedDict):
    """From steps of the grid to degrees: step × scale + translate."""

    scale: list[float]
    """degrees of a step, east and north"""
    translate: list[float]
    """degrees of the grid's corner"""


class UnitsPage(TypedDict):
    """Some rows of units."""

    next: str | None
    """`cursor` of the page behind this one; null at the end"""
    rows: list[UnitsRow]
    """one row per supporting unit"""
    table: Literal['units']
    """the table"""
    total: int
    """rows on all pages"""


class UnitsRow(TypedDict):
    """units: one row per supporting unit."""

    capacity: NotRequired[int | None]
    """帮扶能力 · capacity (unit: counties (or the loads' unit)); counties it can carry; with own scores, in the unit of load"""
    home_region: NotRequired[str | None]
    """所在地 · home region"""
    id: NotRequired[str | None]
    """编号 · id; not a region's code: columns that name either would mean both"""
    kind: NotRequired[str | None]
    """类型 · kind; values: enumeration `unit_kind`"""
    mark: NotRequired[str | None]
    """标记 · mark; values: enumeration `mark`; empty: from a source; recalled; synthetic; assumed"""
    name: NotRequired[str | None]
    """名称 · name"""
    profile: NotRequired[str | None]
    """专长 · profile; values: enumeration `skill`"""
    since: NotRequired[str | None]
    """成立 · since"""
    source: NotRequired[str | None]
    """来源 · source; absent: the file's name"""
    strength: NotRequired[float | None]
    """实力 · strength (unit: 0 to 1)"""
    system: NotRequired[str | None]
    """系统 · system"""
    until: NotRequired[str | None]
    """撤并 · until; no longer exists from then on"""


class Upload(TypedDict):
    """An upload as it stands."""

    errors: int
    """number of bad places; where there is one nothing can be committed"""
    expires: str
    """when it is discarded by itself (UTC)"""
    filename: str
    """as it was sent"""
    form: Literal['csv', 'json', 'parquet', 'xlsx']
    """what was read"""
    id: str
    """its id"""
    left_out: bool
    """whether columns were left out because no table has them"""
    others: int
    """number of warnings and notices"""
    owner: str
    """who sent it"""
    result: dict[str, Any]
    """of a committed one: `scenario` and `etag` of its new state, or `request`, the request's id"""
    rows: dict[str, int]
    """tables in it, and their rows"""
    scenario: str
    """scenario whose own values and levels it was read with; empty: those of the network"""
    sent: str
    """when it was sent (UTC)"""
    size: int
    """of the file (bytes)"""
    state: Literal['ready', 'refused', 'committed']
    """`ready`, `refused` (rows are bad) or `committed`"""


class UploadPage(TypedDict):
    """Some uploads, the newest first."""

    next: str | None
    """`cursor` of the page behind this one; null at the end"""
    uploads: list[Upload]
    """the uploads"""


class Uploaded(TypedDict):
    """An upload that was just read."""

    errors: int
    """number of bad places; where there is one nothing can be committed"""
    expires: str
    """when it is discarded by itself (UTC)"""
    filename: str
    """as it was sent"""
    form: Literal['csv', 'json', 'parquet', 'xlsx']
    """what was read"""
    id: str
    """its id"""
    left_out: bool
    """whether columns were left out because no table has them"""
    others: int
    """number of warnings and notices"""
    owner: str
    """who sent it"""
    report: Report
    """the row report, its first 1000 findings; `report.csv` has them all"""
    result: dict[str, Any]
    """of a committed one: `scenario` and `etag` of its new state, or `request`, the request's id"""
    rows: dict[str, int]
    """tables in it, and their rows"""
    scenario: str
    """scenario whose own values and levels it was read with; empty: those of the network"""
    sent: str
    """when it was sent (UTC)"""
    size: int
    """of the file (bytes)"""
    state: Literal['ready', 'refused', 'committed']
    """`ready`, `refused` (rows are bad) or `committed`"""


class ValueToldOf(TypedDict):
    """A value of an enumeration."""

    title: Message
    """in words"""
    value: str
    """as cells have it"""


class VerifyArguments(TypedDict):
    """What `verify` is asked to do, as on the command line."""

    plan: str
    """a plan's id"""


class Version(TypedDict):
    """Versions of what answers."""

    api: str
    """of this interface"""
    jiedui: str
    """of the program"""
    plan_format: int
    """number of the format of plans that it writes"""


class VersionTold(TypedDict):
    """A version of the network."""

    at: str
    """when it was recorded (UTC)"""
    by: str
    """who made it"""
    counts: dict[str, tuple[int, int]]
    """table → rows put and removed"""
    digest: str
    """of the whole history up to it"""
    how: str
    """what made it"""
    number: int
    """its number, from 1; the head is the highest"""
    why: str
    """the reason; of an adoption the plan's id"""


class VillagePostsPage(TypedDict):
    """Some rows of village_posts."""

    next: str | None
    """`cursor` of the page behind this one; null at the end"""
    rows: list[VillagePostsRow]
    """the posts of each village"""
    table: Literal['village_posts']
    """the table"""
    total: int
    """rows on all pages"""


NetworkTablePage: TypeAlias = RegionsPage | NamesPage | RegionSuccessionsPage | RegionTagsPage | RegionFactsPage | HouseholdGroupsPage | RegisterChangesPage | UnitsPage | RelationsPage | LedgerPage | CoveragePage | PairScoresPage | CadresPage | CadreNamesPage | PostingsPage | VillagePostsPage | NeedsPage | FundSourcesPage | FundBudgetsPage | FundFlowsPage | CapacitiesPage | PledgesPage | AssessmentsPage | InspectionTeamsPage | InspectionVisitsPage | FindingsPage | PoliciesPage | DocumentsPage
"""A page of a table of a network."""


class VillagePostsRow(TypedDict):
    """village posts: the posts of each village."""

    mark: NotRequired[str | None]
    """标记 · mark; values: enumeration `mark`; empty: from a source; recalled; synthetic; assumed"""
    minimum: NotRequired[int | None]
    """最少 · minimum (unit: persons)"""
    post: NotRequired[str | None]
    """岗位 · post"""
    role: NotRequired[str | None]
    """职务 · role; values: enumeration `role`"""
    skill: NotRequired[str | None]
    """所需专长 · skill wanted; values: enumeration `skill`"""
    source: NotRequired[str | None]
    """来源 · source; absent: the file's name"""
    target: NotRequired[int | None]
    """目标 · target (unit: persons); the minimum included"""
    tier: NotRequired[int | None]
    """优先级 · tier (unit: a whole number); 1 comes first"""
    village: NotRequired[str | None]
    """村 · village"""


class WhyDifferentArguments(TypedDict):
    """What `why-different` is asked to do, as on the command line."""

    about: NotRequired[str | None]
    """tell also at which step what was decided about this subject changed"""
    first: str
    """a plan's id"""
    limit: NotRequired[int]
    """rows per step"""
    list: NotRequired[bool]
    """only list the changed inputs, solve nothing"""
    order: NotRequired[list[str]]
    """what is taken first (STAGE.KEY, date, or a table; may be repeated); default: policy values, then tables"""
    second: str
    """a plan's id"""


class Wish(TypedDict):
    """What a token shall be good for: not more than who asks may do."""

    days: NotRequired[float]
    """how long it holds, in days; at most the setting token_days"""
    label: NotRequired[str]
    """what for"""
    regions: NotRequired[list[str] | None]
    """codes of the regions that they are limited to, with all below; empty: not limited; null: one's own"""
    role: NotRequired[Literal['viewer', 'coordinator', 'planner', 'admin'] | None]
    """what they may do: `viewer`, `coordinator`, `planner` or `admin`; each may what those before may; null: one's own"""
    scopes: NotRequired[list[Literal['read', 'write']] | None]
    """`read`, `write` or both; null: one's own"""
    sees_names: NotRequired[bool]
    """whether they see names of cadres"""
    user: NotRequired[str]
    """who it is for; empty: oneself. Others' are made by admins"""


class Withdrawal(TypedDict):
    """What a withdrawal does."""

    at: str
    """The day on which the network was read."""
    below: int
    """How many of the lost relations are those of places below it."""
    broken_rules: dict[str, list[Place]]
    """Rule of coverage → places that it covers today and would no longer."""
    lost: list[Lost]
    """Its relations in force and those of all places below it, one by one."""
    supporter: Place
    """Who withdraws."""
    uncovered: list[Place]
    """Recipients that nobody supports by the same kind any more."""
    units_stay: list[Place]
    """Units whose home is there and that support somebody: they are not the place, and stay."""


class Withdrawn(TypedDict):
    """A plan that is proposed no more."""

    plan: str
    """the plan's id"""
    state: str
    """always `withdrawn`"""
