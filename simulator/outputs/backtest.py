"""The backtest of a history: its words, tables and files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from simulator.language import translate as _
from simulator.outputs.backtest_chart import draw_backtest_charts
from simulator.outputs.manifest import sha256, sign_folder
from simulator.outputs.placing import placed
from simulator.outputs.tables import write_tables
from simulator.projection.past.backtest import Backtest
from simulator.projection.past.scores import best_methods, coverage_table, error_table
from simulator.projection.past.words import level_words, method_words, stage_title

SHOWN_HORIZONS = (1, 3, 5, 10)
"""Horizons that a screen shows."""
_FEW = 12


@dataclass(frozen=True)
class Trial:
    """A backtest with its title and the files that it rests on.

    Parameters
    ----------
    title
        Of the district or table.
    backtest
        Forecasts of the past beside what came.
    files
        Inputs.
    """

    title: str
    backtest: Backtest
    files: Sequence[Path]

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """File stem → frame."""
        return {
            "backtest_errors": error_table(self.backtest),
            "backtest_coverage": coverage_table(self.backtest),
            "backtest_forecasts": self.backtest.forecasts,
            "backtest_notes": pd.DataFrame({"note": list(notes(self.backtest))}, dtype=str),
        }


def notes(backtest: Backtest) -> Iterator[str]:
    """What stands out in the history, one sentence each."""
    for stage, events in backtest.events.items():
        for event in events:
            yield event.sentence(stage_title(stage))


def verdicts(errors: pd.DataFrame) -> list[str]:
    """Which method did best, one sentence a stage and level."""
    sentences = []
    for row in best_methods(errors).to_dict("records"):
        words = _("{stage}（{level}）：平均误差最小的是{method}，各提前期平均 {mape:.1f}%")
        sentences.append(
            words.format(
                stage=stage_title(str(row["stage"])),
                level=level_words()[str(row["level"])],
                method=method_words()[str(row["method"])],
                mape=float(row["mape"]),
            )
        )
    return sentences


def shown_errors(errors: pd.DataFrame, stage: str, level: str, part: str) -> pd.DataFrame:
    """Mean absolute errors of all schools: a row a method, a column a horizon; with the number of forecasts first."""
    rows = errors[(errors["stage"] == stage) & (errors["level"] == level) & (errors["part"] == part)]
    rows = rows[(rows["size"] == "") & rows["horizon"].isin(SHOWN_HORIZONS)]
    wide = rows.pivot_table(index="method", columns="horizon", values="mape", sort=False)
    return pd.DataFrame(wide.reindex(columns=sorted(wide.columns)))


def few_notes(backtest: Backtest) -> list[str]:
    """The first notes, and how many more there are."""
    every = list(notes(backtest))
    more = [_("……另有 {count} 处，用 --json 看全部").format(count=len(every) - _FEW)] if len(every) > _FEW else []
    return every[:_FEW] + more


def write_backtest(trial: Trial, folder: Path, *, force: bool = False) -> Path:
    """Write tables and charts of a backtest, whole or not at all, with a manifest.

    Parameters
    ----------
    trial
        The backtest.
    folder
        The folder; what stands there is replaced as by :func:`simulator.outputs.write_result`.
    force
        Replace a folder in which files were changed since its manifest.

    Returns
    -------
    Path
        The folder, made absolute.

    Raises
    ------
    InputError
        The folder holds something else, was changed since its manifest, or cannot be written.
    """
    folder = Path(folder).absolute()
    with placed(folder, force=force) as fresh:
        for name in ("tables", "charts"):
            (fresh / name).mkdir()
        tables = trial.tables
        write_tables(tables, fresh / "tables")
        draw_backtest_charts(trial.title, tables["backtest_errors"], tables["backtest_coverage"], fresh / "charts")
        title = _("{title}：历史回测").format(title=trial.title)
        inputs = {file.name: sha256(file) for file in trial.files}
        sign_folder(fresh, title, inputs)
    return folder
