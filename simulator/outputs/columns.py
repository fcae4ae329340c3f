"""The columns of the stored tables that are read back, and what each must hold."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class StoredTable:
    """A stored table: column → `text`, `whole` (number), `number` or `yes_no`; further columns are kept as they are.

    Parameters
    ----------
    columns
        Columns that must be there.
    key
        Columns whose values together name a row; empty where rows may repeat.
    texts_if_there
        Further columns that hold codes and words, even where they look like numbers.
    """

    columns: dict[str, str]
    key: tuple[str, ...] = ()
    texts_if_there: frozenset[str] = frozenset()


def _table(
    texts: str = "", wholes: str = "", numbers: str = "", flags: str = "", key: str = "", others: str = ""
) -> StoredTable:
    columns: dict[str, str] = {}
    for names, kind in ((texts, "text"), (wholes, "whole"), (numbers, "number"), (flags, "yes_no")):
        columns |= dict.fromkeys(names.split(), kind)
    return StoredTable(columns, tuple(key.split()), frozenset(others.split()))


STORED: dict[str, StoredTable] = {
    "units": _table(
        "unit_id name township area_kind", numbers="x y", key="unit_id", others="county area terrain group"
    ),
    "admission_plan": _table("school_id stage", "year classes seats", key="school_id stage year"),
    "register": _table("school_id stage", "grade pupils", others="class_no"),
    "facts": _table("name value", key="name"),
    "facts_facilities": _table(
        "site_id county",
        "",
        "opening_year teaching_area_m2 sports_area_m2 building_area_m2 site_area_m2 equipment_yuan "
        "networked_rooms music_rooms music_room_m2 art_rooms art_room_m2",
        key="site_id",
    ),
    "facts_teachers": _table("section_id", "", "full_time above_degree backbone pe_arts", key="section_id"),
    "facts_declared": _table("item school_id reached evidence", "", "year value"),
    "facts_young": _table("county", "year", "children", key="county year"),
    "facts_migrants": _table("section_id", "", "pupils", key="section_id"),
    "facts_counties": _table("unit_id county", key="unit_id"),
    "facts_staffed": _table("section_id", "year", "above_degree backbone pe_arts", key="year section_id"),
    "facts_boarders": _table("section_id", "", "boarders", key="section_id"),
    "facts_budgets": _table("", "year", "education_wan staff_wan funds_wan training_wan", key="year"),
    "facts_children": _table("county", "year", "teens migrant", key="county year"),
    "facts_rotation": _table("county", "year", "eligible rotated backbone", key="county year"),
    "standards": _table("figure_id unit title basis effect source certainty file", "year", "value", key="figure_id"),
    "standards_replaced": _table(
        "figure_id unit title basis effect source certainty file "
        "new_figure_id new_unit new_title new_basis new_effect new_source new_certainty new_file",
        "year new_year",
        "value new_value",
    ),
    "standard_modules": _table("kind", "classes"),
    "assumptions": _table("part assumption"),
    "sites": _table(
        "site_id name kind township area_kind conflict delivery",
        "rooms max_rooms supply_year",
        "x y teaching_area_m2 sports_area_m2 canteen_seats land_area_m2 beds",
        "existing decided_here protected",
        key="site_id",
    ),
    "sections": _table(
        "section_id site_id name stage kind regime nature serves",
        "grade_from grade_to classes pupils rooms",
        "class_size class_size_max fill seats_fixed seats_for_district",
        "public decided_here protected existing can_close can_extend candidate",
        key="section_id",
    ),
    "modules": _table("site_id module stage", "classes", "capital_wan"),
    "committed": _table("project_id site_id stage kind", "classes year", "capital_wan"),
    "bands": _table("band", key="band"),
    "limits": _table("stage area_kind effect", "grade_from grade_to", "minutes"),
    "travel_pairs": _table(
        "unit_id site_id mode_young mode_older",
        "",
        "straight_km km walk_min transit_min minutes_young minutes_older",
        "ferry crosses_barrier",
        key="unit_id site_id",
    ),
    "travel_ways": _table("band unit_id site_id way", "", "minutes", key="band unit_id site_id"),
    "catchments_today": _table("unit_id band section_id", "", "share", "derived"),
    "territory_edges": _table("unit_a unit_b kind", key="unit_a unit_b"),
    "territory_homes": _table("site_id unit_id", key="site_id"),
    "territory_parts": _table("unit_id", "part", key="unit_id"),
    "territory_detached": _table("band section_id unit_id"),
    "territory_away": _table("band section_id"),
    "costs": _table("stage", "", "class_year pupil_year section_year seat_capital_wan room_capital_wan", key="stage"),
    "demand": _table("unit_id stage", "grade year", "children", key="unit_id stage grade year"),
    "plan_sections": _table(
        "network section_id",
        "phase classes rooms added_rooms converted_in converted_out",
        "seats",
        "open",
        key="network phase section_id",
    ),
    "plan_catchments": _table(
        "network unit_id band section_id", "phase", "share", key="network phase unit_id band section_id"
    ),
    "plan_shortage": _table("network section_id", "year", "over_standard short"),
    "plan_actions": _table(
        "network site_id section_id stage action module reason",
        "phase year classes",
        "capital_wan",
        others="robustness",
    ),
    "plan_capital": _table("network site_id source", "year phase", "capital_wan"),
    "plan_objective": _table("network item", "", "yuan"),
    "plan_phases": _table("network", "phase first_year last_year", key="network phase"),
    "plan_goals": _table("network goal unit", "", "value bound gap tolerance most"),
    "plan_changes": _table(
        "network kind stage section_id", "", "phase children year_before classes_before year_now classes_now"
    ),
    "plan_solution": _table(
        "network rezoning status solver", "rounds", "objective bound unavoidable gap shortage", key="network"
    ),
    "plan_notes": _table("network note"),
    "operation_classes": _table("network section_id sizes", "year grade pupils classes", "", "combined"),
    "operation_pupils": _table("network unit_id band section_id way", "year", "children minutes km"),
    "indicators_seats": _table(
        "network stage township",
        "year",
        "children seats_standard seats_upper seats_admission shortage spare utilization",
    ),
    "indicators_class_sizes": _table(
        "network stage",
        "year",
        "classes pupils mean below_20 to_45 46_50 51_55 56_65 from_66 oversized_share largest",
    ),
    "indicators_coverage": _table("network stage township", "year", "children within_radius share radius_m"),
    "indicators_travel": _table(
        "network stage township", "year", "children mean_min p90_min longest_min mean_km over_limit"
    ),
    "indicators_moved": _table("stage cause", "phase", "children_moved share longer mean_change_min"),
    "indicators_money": _table("network", "year", "capital_wan running_wan transport_wan"),
    "indicators_transport": _table("network section_id", "year", "bus_seats boarders beds cost_wan"),
    "indicators_schools": _table(
        "network section_id",
        "year",
        "pupils classes seats_standard utilization largest_class mean_class",
    ),
    "board_variation": _table("network county stage item", "year schools", "coefficient"),
    "demand_bands": _table("level place stage", "year", "run p10 p90"),
    "findings": _table("rule network place_id place unit effect status detail", "year", "figure norm"),
    "rules_checked": _table("rule", key="rule"),
    "opinions": _table(
        "school_id stage kind date majority_against travel_safe beds_enough meals_enough receiver_fits",
        "",
        "asked in_favor against",
        others="source text adopted reason",
    ),
    "procedure": _table("school_id stage step date", key="school_id stage step", others="document note"),
    "following": _table("unit_id band section_id to_section", "", "share minutes"),
}
