"""Who pays for the demonstrations' projects, what there is by source and year, and what a county spends: invented but for a few figures.

Published are 城中's staff cost of 2018 (27,235.17 万元) and its education surtax (2,021 万元, kept for 2020; S4 4.20) and 台州's
investment of 9 billion yuan (S2 2.2); shares, other years and other amounts are invented, of ordinary size for such a county.
No amount falls from a year to the next.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

COUNTY, SURTAX, PROVINCE, CENTRE = "县级财政", "教育费附加", "省级专项", "中央专项"
BONDS, MUNICIPAL = "专项债券", "市级财政"
Shares = Mapping[str, Mapping[str, float]]
"""Place → source → share of its capital; what is left is the county's."""

FUNDING: dict[str, Shares] = {
    "chengzhong": {
        "P04": {CENTRE: 0.3, SURTAX: 0.2},
        "P05": {SURTAX: 1.0},
        "P01": {BONDS: 0.6, PROVINCE: 0.1},
        "S021": {PROVINCE: 0.3, SURTAX: 0.2},
        "S009": {PROVINCE: 0.3},
        "S087": {MUNICIPAL: 0.5, BONDS: 0.5},
    },
    "dinghai": {
        "P04": {CENTRE: 0.2, PROVINCE: 0.2},
        "P01": {BONDS: 0.5},
        "S004": {PROVINCE: 0.3},
        "S044": {PROVINCE: 0.2},
        "S118": {BONDS: 0.4, MUNICIPAL: 0.2},
    },
    "linxian": {
        "P03": {CENTRE: 0.6, PROVINCE: 0.2},
        "P01": {BONDS: 0.5, CENTRE: 0.2},
        "S002": {CENTRE: 0.5, PROVINCE: 0.2},
        "S138": {CENTRE: 0.4, PROVINCE: 0.2},
    },
    "shawan": {
        "P03": {CENTRE: 0.5, PROVINCE: 0.2},
        "P01": {BONDS: 0.5, PROVINCE: 0.2},
        "P08": {CENTRE: 0.3, BONDS: 0.4},
        "S007": {CENTRE: 0.4, PROVINCE: 0.2},
        "S091": {CENTRE: 0.3, BONDS: 0.3},
    },
    "taizhou": {
        f"{county}{place}": shares
        for county in ("JJ", "HY", "LQ", "SM", "TT", "XJ", "WL", "LH", "YH")
        for place, shares in (("P01", {PROVINCE: 0.2}), ("P03", {BONDS: 0.5, MUNICIPAL: 0.1}))
    },
}
"""Demonstration → funding of its projects."""

# year, one-budget spending on education, staff, public funds, training (万元; nothing where it is not known)
_BUDGETS: dict[str, tuple[tuple[int, float | None, float | None, float | None, float | None], ...]] = {
    "chengzhong": (
        (2018, None, 27_235.17, None, None),
        (2019, 47_300, 29_100, 4_080, 210),
        (2020, 50_600, 31_200, 4_360, 236),
        (2021, 58_900, 36_300, 5_080, 281),
    ),
    "dinghai": (
        (2019, 86_500, 61_200, 6_900, 352),
        (2020, 91_800, 65_100, 7_350, 381),
        (2021, 105_600, 74_900, 8_450, 449),
    ),
    # Training stays below a twentieth of the funds: the board and the audit say so.
    "linxian": (
        (2019, 88_400, 64_500, 6_150, 254),
        (2020, 93_700, 68_300, 6_480, 276),
        (2021, 104_900, 76_500, 7_260, 338),
    ),
    "shawan": (
        (2019, 69_800, 51_100, 4_720, 243),
        (2020, 74_200, 54_300, 5_010, 262),
        (2021, 83_900, 61_400, 5_670, 301),
    ),
    "taizhou": (
        (2020, 1_398_000, 986_000, 104_500, 5_480),
        (2021, 1_510_000, 1_065_000, 112_900, 5_960),
        (2022, 1_646_000, 1_161_000, 123_100, 6_520),
    ),
}
# source → year → 万元
_FUNDS: dict[str, dict[str, dict[int, float]]] = {
    "chengzhong": {
        COUNTY: {2020: 11_000, 2021: 9_000, 2022: 14_000, 2023: 14_000, 2024: 8_000, 2025: 8_000},
        SURTAX: {2020: 2_021, 2021: 2_080, 2022: 2_140, 2023: 2_200, 2024: 2_260, 2025: 2_320},
        PROVINCE: {2020: 1_000, 2021: 1_000, 2022: 1_500, 2023: 1_500, 2024: 1_000, 2025: 1_000},
        CENTRE: {2020: 600, 2021: 600, 2022: 600, 2023: 600, 2024: 600, 2025: 600},
        BONDS: {2020: 1_500, 2021: 4_000, 2022: 8_000, 2023: 8_000},
        MUNICIPAL: {2020: 1_500, 2021: 1_200, 2022: 1_200, 2023: 1_200},
    },
    "dinghai": {
        COUNTY: {2020: 4_000, 2021: 7_000, 2022: 9_000, 2023: 9_000, 2024: 8_000, 2025: 8_000},
        PROVINCE: {2020: 600, 2021: 900, 2022: 900, 2023: 900, 2024: 600, 2025: 600},
        CENTRE: {2020: 400, 2021: 400, 2022: 400, 2023: 400},
        BONDS: {2021: 3_000, 2022: 5_000, 2023: 5_000},
        MUNICIPAL: {2022: 600, 2023: 600},
    },
    "linxian": {
        COUNTY: {2020: 2_500, 2021: 3_500, 2022: 3_500, 2023: 3_500, 2024: 3_500},
        PROVINCE: {2020: 600, 2021: 900, 2022: 900, 2023: 900, 2024: 900},
        CENTRE: {2020: 1_500, 2021: 2_200, 2022: 2_200, 2023: 2_200, 2024: 2_200},
        BONDS: {2022: 2_000, 2023: 2_000},
    },
    "shawan": {
        COUNTY: {2020: 4_500, 2021: 3_500, 2022: 3_600, 2023: 3_600, 2024: 3_600, 2025: 3_600},
        PROVINCE: {2020: 900, 2021: 1_200, 2022: 1_200, 2023: 1_200, 2024: 1_000, 2025: 1_000},
        CENTRE: {2020: 2_500, 2021: 3_000, 2022: 2_800, 2023: 2_800, 2024: 2_000, 2025: 2_000},
        BONDS: {2020: 1_200, 2021: 2_500, 2022: 3_500, 2023: 3_500},
    },
    # 9 billion yuan in the two years of the plan, of which its text names no source.
    "taizhou": {
        COUNTY: {2022: 255_000, 2023: 255_000},
        BONDS: {2022: 130_000, 2023: 130_000},
        MUNICIPAL: {2022: 30_000, 2023: 30_000},
        PROVINCE: {2022: 25_000, 2023: 25_000},
        CENTRE: {2022: 10_000, 2023: 10_000},
    },
}


def money_tables(folder: str) -> dict[str, pd.DataFrame]:
    """Tables `funding`, `funds` and `budgets` of a demonstration."""
    shares = [(place, source, share) for place, own in FUNDING[folder].items() for source, share in own.items()]
    there = [(year, source, amount) for source, own in _FUNDS[folder].items() for year, amount in own.items()]
    return {
        "funding": pd.DataFrame(shares, columns=["place_id", "source", "share"]),
        "funds": pd.DataFrame(sorted(there, key=lambda row: row[0]), columns=["year", "source", "amount_wan"]),
        "budgets": pd.DataFrame(
            _BUDGETS[folder], columns=["year", "education_wan", "staff_wan", "funds_wan", "training_wan"]
        ),
    }
