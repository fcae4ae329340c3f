"""撤并 in a planner's words: what people said, the steps taken, vetoes, the freed building; tables and lines."""

from __future__ import annotations

import numpy as np
import pandas as pd

from simulator.indicators import Closures
from simulator.inputs.contracts_all import CONTRACTS
from simulator.inputs.contracts_consolidation import BUILDING_USES
from simulator.language import translate as _
from simulator.outputs.edition import is_public
from simulator.outputs.titles import section_names
from simulator.result import Result
from simulator.rules.consolidation import ENTERED, ISOLATED, KEPT, STEPS, VETOES
from simulator.terms import AreaKind, Stage

_FEW = 6


def consolidation_tables(result: Result) -> dict[str, pd.DataFrame]:
    """What the district says of closures, and every closure examined, by the name of the files."""
    district = result.district
    entered = {name: _whole(getattr(district, name), name) for name in ("opinions", "procedure", "arrangements")}
    return {
        **entered,
        "following": result.supply.following,
        **closure_tables(result.closures),
    }


def closure_tables(found: Closures) -> dict[str, pd.DataFrame]:
    """Every closure examined, by the name of the files."""
    return {
        "closures": found.closures,
        "closure_journeys": found.journeys,
        "kept_schools": found.kept,
        "closure_programme": found.programme,
    }


def _whole(table: pd.DataFrame, name: str) -> pd.DataFrame:
    """A table of the district with all columns of its contract, also where it has no rows."""
    return table.reindex(columns=list(CONTRACTS[name].names))


def words_of_codes(codes: str, titles: dict[str, str]) -> str:
    """Codes joined by blanks → their words.

    >>> words_of_codes("draft notice", {"draft": "起草方案", "notice": "公示"})
    '起草方案；公示'
    """
    return _("；").join(_(titles[code]) for code in str(codes).split() if code in titles)


def step_words(codes: str) -> str:
    """Steps of the procedure in words."""
    return words_of_codes(codes, STEPS)


def veto_words(codes: str) -> str:
    """Vetoes in words."""
    return words_of_codes(codes, {veto.veto_id: veto.title for veto in VETOES.values()})


def kept_words(reasons: str, *, entered: bool) -> str:
    """Why a school stays, in words."""
    if reasons == "protected":
        title = KEPT[ENTERED if entered else ISOLATED]
        return _(title)
    return words_of_codes(reasons, KEPT)


def rows_about(table: pd.DataFrame, section_id: str) -> pd.DataFrame:
    """Rows of a table of the district about a section or its whole campus."""
    if table.empty:
        return table
    site, _colon, stage = section_id.rpartition(":")
    return table[(table["school_id"] == site) & table["stage"].isin(["", stage])]


def vote_words(result: Result, section_id: str) -> str:
    """Votes of the latest hearing and survey about a section."""
    rows = rows_about(result.district.opinions, section_id)
    if rows.empty or "against" not in rows:
        return ""
    kinds = CONTRACTS["opinions"].column("kind").words
    latest = rows.sort_values("date", kind="stable").drop_duplicates("kind", keep="last")
    words = []
    for kind, day, asked, favor, against in latest[["kind", "date", "asked", "in_favor", "against"]].itertuples(
        index=False
    ):
        counts = [
            text.format(count=f"{count:.0f}")
            for text, count in ((_("{count} 人"), asked), (_("赞成 {count}"), favor), (_("反对 {count}"), against))
            if np.isfinite(count)
        ]
        title = kinds[kind]
        words.append(
            _("{day} {kind}：{counts}").format(day=day, kind=_(title), counts=_("，").join(counts) or _("未计票"))
        )
    return _("；").join(words)


def transition_until(result: Result, section_id: str, year: int) -> int:
    """Last year of the transition after a closure."""
    rows = rows_about(result.district.arrangements, section_id)
    stated = rows["transition_until"].dropna().to_numpy(np.float64) if len(rows) else np.zeros(0)
    return int(stated[0]) if len(stated) else year + result.scenario.consolidation.transition_years


def teacher_words(result: Result, section_id: str) -> str:
    """Where the teachers of a closed school go, as arranged."""
    rows = rows_about(result.district.arrangements, section_id)
    return _("；").join(dict.fromkeys(word for word in rows["teachers"] if word)) if len(rows) else ""


def building_words(result: Result, section_id: str) -> str:
    """What the freed building is used for: as arranged, else a kindergarten where none is near, else practice.

    A campus that keeps another stage is not freed. Near is within `radius_m_rural.kindergarten` in the country, else
    `radius_m.kindergarten`, straight line, of a kindergarten that runs in the last phase.
    """
    rows = rows_about(result.district.arrangements, section_id)
    stated = [use for use in rows["building_use"] if use] if len(rows) else []
    if stated:
        title = BUILDING_USES[stated[0]]
        return _(title)
    site = section_id.rsplit(":", 1)[0]
    last = result.plan.sections[result.plan.sections["phase"] == result.plan.sections["phase"].max()]
    running = last.loc[last["open"].astype(bool), "section_id"].astype(str)
    if running.str.startswith(f"{site}:").any():
        return _("校区继续办学，教室调剂使用")
    title = BUILDING_USES["practice" if _kindergarten_near(result, site, running) else "kindergarten"]
    return _("建议：{use}").format(use=_(title))


def _kindergarten_near(result: Result, site: str, running: pd.Series) -> bool:
    sites = result.supply.sites
    homes = running[running.str.endswith(f":{Stage.KINDERGARTEN.value}")].str.rsplit(":", n=1).str[0]
    here = sites.loc[[site], ["x", "y"]].to_numpy(np.float64)
    apart = np.hypot(*(sites.loc[homes.tolist(), ["x", "y"]].to_numpy(np.float64) - here).T)
    rural = sites.loc[site, "area_kind"] == AreaKind.VILLAGE
    radius = result.standards.figures.get(f"{'radius_m_rural' if rural else 'radius_m'}.{Stage.KINDERGARTEN.value}")
    return radius is not None and bool((apart <= radius.value).any())


def kept_by_veto(result: Result) -> pd.DataFrame:
    """section_id, reasons (codes) of the schools that stay because a veto is entered."""
    kept = result.closures.kept
    return kept[kept["reasons"] != "protected"].reset_index(drop=True)


def consolidation_lines(result: Result) -> list[str]:
    """Closures against the quota, vetoes that keep schools, vetoes that the plan would meet, steps still to be taken."""
    found = result.closures
    closures, kept, names = found.closures, kept_by_veto(result), section_names(result)
    if closures.empty and kept.empty:
        return []
    lines = [_programme_line(result)]
    if is_public(result):
        return lines
    for section, reasons in kept.head(_FEW)[["section_id", "reasons"]].itertuples(index=False):
        lines.append(
            _("- {school}不撤：{reasons}（{votes}）。").format(
                school=names.get(section, section),
                reasons=kept_words(reasons, entered=False),
                votes=vote_words(result, section) or _("见意见表"),
            )
        )
    if len(kept) > _FEW:
        lines.append(_("- 另有 {count} 个学部因否决意见保留，见表 T22。").format(count=len(kept) - _FEW))
    for section, vetoes in (
        closures.loc[closures["vetoes"] != "", ["section_id", "vetoes"]].head(_FEW).itertuples(index=False)
    ):
        lines.append(
            _("- {school}若撤并须复核：{vetoes}。").format(
                school=names.get(section, section), vetoes=veto_words(vetoes)
            )
        )
    if closures["settled"].sum() >= 1:
        lines.append(
            _("撤并学校的 {children} 名学生中，{follow} 人随并，{settled} 人到镇区、城区学校就读。").format(
                children=f"{closures['children'].sum():.0f}",
                follow=f"{closures['follow'].sum():.0f}",
                settled=f"{closures['settled'].sum():.0f}",
            )
        )
    missing = int((closures["steps_missing"] != "").sum())
    if missing:
        lines.append(
            _("{count} 所拟撤并学校的程序尚未走完，缺的步骤见表 T22；程序走完前不得撤并。").format(count=missing)
        )
    return lines


def _programme_line(result: Result) -> str:
    rows = result.closures.programme
    total = rows[rows["year"] == 0].iloc[0]
    years = rows[(rows["year"] > 0) & (rows["closures"] > 0)]
    by_year = _("、").join(
        _("{year}年 {count} 个").format(year=year, count=count)
        for year, count in years[["year", "closures"]].itertuples(index=False)
    )
    line = _("方案撤并 {count} 个学部").format(count=int(total["closures"]))
    if by_year:
        line += _("（{years}）").format(years=by_year)
    if np.isfinite(total["most"]):
        line += _("，计划数 {most} 个").format(most=f"{total['most']:.0f}")
    kept = len(kept_by_veto(result))
    return line + (_("；因否决意见保留 {kept} 个。").format(kept=kept) if kept else _("。"))
