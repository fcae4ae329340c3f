"""The vocabulary: every word that tables, settings, the model and the reports share.

A member's value is the English word of the files; :func:`simulator.terms.labels.label` gives the word a planner reads.
"""

from __future__ import annotations

from enum import StrEnum


class Stage(StrEnum):
    """学段: a stage of schooling."""

    KINDERGARTEN = "kindergarten"
    PRIMARY = "primary"
    JUNIOR = "junior"
    SENIOR = "senior"
    VOCATIONAL = "vocational"
    SPECIAL = "special"


class Regime(StrEnum):
    """招生方式: how children come to a section of a stage."""

    CATCHMENT = "catchment"
    SHARED_CATCHMENT = "shared_catchment"
    FEEDER = "feeder"
    CHOICE = "choice"
    POOL = "pool"


class AreaKind(StrEnum):
    """城乡分类 of a unit, from the 城乡分类代码 of the statistics bureau."""

    CITY = "city"
    TOWN = "town"
    VILLAGE = "village"


class Terrain(StrEnum):
    """地形, which sets the detour factor where there is no road layer."""

    PLAIN = "plain"
    HILL = "hill"
    MOUNTAIN = "mountain"
    ISLAND = "island"


class Affiliation(StrEnum):
    """隶属: who runs the school."""

    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    TOWNSHIP = "township"
    ENTERPRISE = "enterprise"
    PRIVATE = "private"


class Nature(StrEnum):
    """办别: the owner of the school."""

    EDUCATION_BUREAU = "education_bureau"
    OTHER_BUREAU = "other_bureau"
    COLLECTIVE = "collective"
    INCLUSIVE_PRIVATE = "inclusive_private"
    PRIVATE = "private"


class Status(StrEnum):
    """现状 of a campus."""

    OPERATING = "operating"
    UNDER_CONSTRUCTION = "under_construction"
    COMMITTED = "committed"
    RESERVED = "reserved"
    DISUSED = "disused"


class SectionKind(StrEnum):
    """办学类型 of the campus a section belongs to."""

    KINDERGARTEN = "kindergarten"
    ATTACHED_KINDERGARTEN = "attached_kindergarten"
    VISITING_POINT = "visiting_point"
    COMPLETE_PRIMARY = "complete_primary"
    TEACHING_POINT = "teaching_point"
    NINE_YEAR = "nine_year"
    JUNIOR_SCHOOL = "junior_school"
    COMPLETE_SECONDARY = "complete_secondary"
    SENIOR_SCHOOL = "senior_school"
    VOCATIONAL_SCHOOL = "vocational_school"
    SPECIAL_SCHOOL = "special_school"


class Robustness(StrEnum):
    """稳健性: whether a decision stays in every plan that is nearly as good."""

    FIXED = "fixed"
    ROBUST = "robust"
    LIKELY = "likely"
    UNDECIDED = "undecided"


class Lodging(StrEnum):
    """走读或寄宿."""

    DAY = "day"
    BOARDING = "boarding"


class Way(StrEnum):
    """通学方式 of a child.

    On its own (on foot, by public transport), by a bus that the plan provides, boarding, or from a home in the town to
    which its family moved when its school closed.
    """

    OWN = "own"
    SCHOOL_BUS = "school_bus"
    BOARDS = "boards"
    SETTLED = "settled"


class Serves(StrEnum):
    """招生对象."""

    ALL = "all"
    MIGRANT = "migrant"


class Delivery(StrEnum):
    """交付方式 of a planned education plot."""

    GOVERNMENT = "government"
    HANDOVER = "handover"
    LINKED = "linked"


class Preparation(StrEnum):
    """前期工作 of a project: how far it has come before building starts."""

    NONE = "none"
    SITE = "site"
    APPROVED = "approved"
    STUDY = "study"
    DESIGN = "design"
    TENDER = "tender"
    STARTED = "started"


class Lever(StrEnum):
    """What brings seats and children together: more classes, other districts of admission, year by year adjustment."""

    EXPAND = "expand"
    DIVERT = "divert"
    ADJUST = "adjust"
    PRIVATE = "private"
    NURSERY = "nursery"


class IndexHead(StrEnum):
    """综合评价指数: what the composite index is put together from."""

    RESOURCES = "resources"
    BALANCE = "balance"
    SEATS = "seats"
    JOURNEYS = "journeys"
    CLASS_SIZES = "class_sizes"


class TargetItem(StrEnum):
    """What a target is about: a share of children, or seats promised until a year."""

    MIGRANT_ENROLLED = "migrant_enrolled"
    MIGRANT_PUBLIC = "migrant_public"
    MIGRANT_PLACES = "migrant_places"
    KINDERGARTEN_GROSS = "kindergarten_gross"
    KINDERGARTEN_PUBLIC = "kindergarten_public"
    KINDERGARTEN_INCLUSIVE = "kindergarten_inclusive"
    PRIVATE_COMPULSORY = "private_compulsory"
    COMPULSORY_ENROLLED = "compulsory_enrolled"
    COMPULSORY_RETENTION = "compulsory_retention"
    SENIOR_GROSS = "senior_gross"
    VOCATIONAL_SHARE = "vocational_share"
    NEW_SEATS = "new_seats"
    NEW_SEATS_KINDERGARTEN = "new_seats_kindergarten"
    NEW_SEATS_SCHOOLS = "new_seats_schools"
    NURSERY_SEATS = "nursery_seats"


class Conflict(StrEnum):
    """用地冲突 of a plot."""

    NONE = "none"
    FARMLAND = "farmland"
    RED_LINE = "red_line"


class Action(StrEnum):
    """规划举措: what the plan does at a site."""

    KEEP = "keep"
    NEW_BUILD = "new_build"
    EXTENSION = "extension"
    RELOCATION = "relocation"
    CONSOLIDATION = "consolidation"
    ADD_SECTION = "add_section"
    STOP_SECTION = "stop_section"
    SUSPENSION = "suspension"
    CONVERSION = "conversion"


class Effect(StrEnum):
    """效力 of a rule: what it means to break it."""

    RIGID = "rigid"
    EVALUATION = "evaluation"
    ADVISORY = "advisory"
    OWN = "own"


class Basis(StrEnum):
    """依据类型 of a rule."""

    LAW = "law"
    POLICY = "policy"
    EVALUATION = "evaluation"
    TECHNICAL = "technical"
    LOCAL = "local"


class Network(StrEnum):
    """方案口径: the two networks that every output shows side by side."""

    PLAN = "plan"
    NO_ACTION = "no_action"


class FindingStatus(StrEnum):
    """性质 of an audit finding."""

    NEW = "new"
    INHERITED = "inherited"
    DECLARED = "declared"


class AlertLevel(StrEnum):
    """预警等级 of a stage of a place in a year."""

    RED = "red"
    YELLOW = "yellow"
    NONE = "none"
    SURPLUS = "surplus"
    DEEP_SURPLUS = "deep_surplus"


class AlertScope(StrEnum):
    """预警范围: what a warning is about."""

    DISTRICT = "district"
    AREA = "area"
    TOWNSHIP = "township"
    SCHOOL = "school"


class Subject(StrEnum):
    """学科 that a teacher teaches; `other` is 劳动、综合实践、地方课程 and the like."""

    CHINESE = "chinese"
    MATHS = "maths"
    ENGLISH = "english"
    MORALS = "morals"
    HISTORY = "history"
    GEOGRAPHY = "geography"
    SCIENCE = "science"
    PHYSICS = "physics"
    CHEMISTRY = "chemistry"
    BIOLOGY = "biology"
    PE = "pe"
    MUSIC = "music"
    ART = "art"
    COMPUTING = "computing"
    OTHER = "other"


class GroupKind(StrEnum):
    """集团化办学的形式."""

    GROUP = "group"
    COMMUNITY = "community"
    ALLIANCE = "alliance"
    CONSORTIUM = "consortium"


class TransferReason(StrEnum):
    """调动原因: why a teacher goes to another school."""

    CLOSING = "closing"
    SURPLUS = "surplus"
    STAGE = "stage"
    ROTATION = "rotation"
