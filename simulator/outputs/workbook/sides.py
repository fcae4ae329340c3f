"""The plan and the present network without action, side by side."""

from __future__ import annotations

import pandas as pd

from simulator.language import translate as _
from simulator.outputs.workbook.sheet import Colour, Column, Format
from simulator.terms import Network, label


def side_by_side(frame: pd.DataFrame, keys: list[str], values: list[str]) -> pd.DataFrame:
    """One row a key with each value of both networks: `<value>_plan` and `<value>_no_action`.

    Parameters
    ----------
    frame
        Rows with a `network` column.
    keys
        Columns that name a row.
    values
        Columns that differ between the networks.
    """
    sides = [
        frame.loc[frame["network"] == network.value, [*keys, *values]].rename(
            columns={value: f"{value}_{network.value}" for value in values}
        )
        for network in Network
    ]
    return sides[0].merge(sides[1], on=keys, how="outer", sort=False)


def both_columns(kind: Format, name: str, title: str, colour: Colour = Colour.NONE) -> tuple[Column, ...]:
    """Two columns of one value: 规划方案 and 不采取措施."""
    return tuple(
        Column(f"{name}_{network.value}", _("{title}\n{network}").format(title=title, network=label(network)),
               kind, colour)
        for network in Network
    )  # fmt: skip
