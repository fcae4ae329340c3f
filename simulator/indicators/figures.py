"""The figures of one run, as frames: one source for every output."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class Indicators:
    """Figures of both networks, side by side; `network` is `plan` or `no_action`, township "" is the whole district.

    Parameters
    ----------
    seats
        network, year, stage, township, children, seats_standard (标准学位), seats_upper (上限学位, × largest class),
        seats_admission (招生学位: rooms freed and added at the entry grade), shortage, spare, utilization.
        Shortage and spare are sums over sections: never netted.
    class_sizes
        network, year, stage, classes, pupils, mean, below_20, to_45, 46_50, 51_55, 56_65, from_66, oversized_share, largest.
    coverage
        network, year, stage, township, children, within_radius, share, radius_m.
    travel
        network, year, stage, township, children, mean_min, p90_min, longest_min, mean_km, over_limit (children).
    moved
        phase, stage, cause (`school`: enrolled children whose school closes; `catchment`: new entrants whose catchment is
        another; or `everybody`, where all children are re-zoned), children_moved, share (of the stage), longer (children whose journey
        grows), mean_change_min.
    money
        network, year, capital_wan, running_wan (with transport), transport_wan, running_kindergarten_wan … (one a stage).
    schools
        network, year, section_id, pupils, classes, seats_standard, utilization, largest_class, mean_class.
    transport
        network, year, section_id, bus_seats, boarders (children), beds (of the campus), cost_wan; sections with some only.
    """

    seats: pd.DataFrame
    class_sizes: pd.DataFrame
    coverage: pd.DataFrame
    travel: pd.DataFrame
    moved: pd.DataFrame
    money: pd.DataFrame
    schools: pd.DataFrame
    transport: pd.DataFrame
