"""Checks of openings, closures, lead times and money."""

from __future__ import annotations

from collections.abc import Iterator

from simulator.audit.case import Case
from simulator.audit.children import SOMEBODY, TOLERANCE
from simulator.audit.decided import committed_sections, required_open
from simulator.audit.register import Breach, check
from simulator.audit.rows import records
from simulator.language import translate as _
from simulator.operation import CATCHMENT
from simulator.terms import Action, Conflict, Network, Stage

# Capital in 万元 is compared to a hundred yuan.
_WAN_TOLERANCE = 0.01


def _sections(case: Case, *, existing: bool) -> list[str]:
    sections = case.evidence.supply.sections
    return [str(section) for section in sections.index[sections["existing"].astype(bool) == existing]]


@check()
def closed_stays_closed(case: Case) -> Iterator[Breach]:
    """A school that was closed does not run again; 暂停办学 may be reversed once."""
    actions = case.plan.actions
    paused = set(actions.loc[actions["action"] == Action.SUSPENSION, "section_id"])
    for section in _sections(case, existing=True):
        closed = case.changes(section, opened=False)
        again = [phase for phase in case.changes(section, opened=True) if closed and phase > closed[0]]
        for phase in again[1 if section in paused else 0 :]:
            yield Breach(section, case.name(section), case.first_year(phase), 1, 0, _("所"))


@check()
def built_stays_built(case: Case) -> Iterator[Breach]:
    """A school that was built keeps running."""
    for section in _sections(case, existing=False):
        for phase in case.changes(section, opened=False):
            yield Breach(section, case.name(section), case.first_year(phase), 0, 1, _("所"))


@check()
def protected_stays_open(case: Case) -> Iterator[Breach]:
    """应留必留: a protected school stays open."""
    protected = case.evidence.supply.sections["protected"].astype(bool)
    for section in _sections(case, existing=True):
        if protected[section]:
            for phase in case.changes(section, opened=False):
                yield Breach(section, case.name(section), case.first_year(phase), 0, 1, _("所"))


@check()
def build_before_close(case: Case) -> Iterator[Breach]:
    """先建后撤: children leave a closing school only for one that has been open for the overlap and has seats for all."""
    moved = case.moves[case.moves["cause"] != CATCHMENT]
    for section in _sections(case, existing=True):
        for phase in case.changes(section, opened=False):
            now = moved[moved["phase"] == phase]
            leaving = now[(now["section_id"] == section) & (now["left"] > SOMEBODY)]
            pairs = set(zip(leaving["unit_id"], leaving["band"], strict=True))
            joining = now.loc[now["joined"] > SOMEBODY, ["unit_id", "band", "section_id"]]
            receivers = {
                str(receiver): str(unit)
                for unit, band, receiver in joining.itertuples(index=False)
                if (unit, band) in pairs and receiver != section
            }
            for receiver, unit in sorted(receivers.items()):
                yield from _received(case, section, receiver, unit, phase)


def _received(case: Case, section: str, receiver: str, unit: str, phase: int) -> Iterator[Breach]:
    start, overlap = case.first_year(phase), case.evidence.scenario.timing.overlap_years
    detail = f"{section} {unit}"
    earlier = case.plan.phases.loc[case.plan.phases["first_year"] <= start - overlap, "phase"]
    before = int(earlier.max()) if len(earlier) else 0
    if overlap and not case.is_open(before, receiver):
        opened = [case.first_year(number) for number in case.changes(receiver, opened=True)]
        if opened:
            waited = float(start - min(opened))
            yield Breach(receiver, case.name(receiver), start, waited, overlap, _("年"), detail=detail)
    for year in next((data.years for data in case.phases if data.number == phase), ()):
        short = case.stated_for(year, receiver)[1]
        if short > TOLERANCE:
            yield Breach(receiver, case.name(receiver), year, short, 0.0, _("人"), detail=detail, scope="seats")


@check()
def closures_a_year(case: Case) -> Iterator[Breach]:
    """No more schools close at the start of a phase than the quotas of the years since the last start; totals kept."""
    closed: dict[int, int] = {}
    public = case.evidence.supply.sections["public"].astype(bool)
    for section in (section for section in _sections(case, existing=True) if public[section]):
        for phase in case.changes(section, opened=False):
            closed[phase] = closed.get(phase, 0) + 1
    scenario = case.evidence.scenario
    quota, usual = scenario.consolidation.closures_by_year, scenario.timing.closures_per_year
    for phase, count in sorted(closed.items()):
        years = range(case.first_year(phase - 1) + 1, case.first_year(phase) + 1)
        most = sum(quota.get(year, usual) for year in years)
        if count > most:
            yield Breach("", _("全区"), case.first_year(phase), count, most, _("所"))
    yield from _closures_in_all(case, sum(closed.values()))


def _closures_in_all(case: Case, count: int) -> Iterator[Breach]:
    asked, last = case.evidence.scenario.consolidation, case.years[-1]
    if asked.closures_total is not None and count > asked.closures_total:
        yield Breach("", _("全区"), last, count, asked.closures_total, _("所"), scope="total")
    if asked.closures_least is not None and count < asked.closures_least and case.network is Network.PLAN:
        yield Breach("", _("全区"), last, count, asked.closures_least, _("所"), scope="least")


@check()
def capital_within_budget(case: Case) -> Iterator[Breach]:
    """Capital of each phase, and of the years before phase 1, stays within its budget."""
    budget = case.evidence.scenario.budget.capital_wan
    if budget is None:
        return
    first = case.first_year(0)
    phases = [case.phase_of(max(int(year), first)) for year in case.plan.capital["year"]]
    spent = case.plan.capital["capital_wan"].astype(float).groupby(phases).sum()
    for phase, most in enumerate(budget):
        wan = float(spent.get(phase, 0.0))
        if phase in case.starts and wan > most + _WAN_TOLERANCE:
            yield Breach("", _("全区"), case.first_year(phase), wan, most, _("万元"))


@check()
def site_ready(case: Case) -> Iterator[Breach]:
    """A new school opens no earlier than land supply plus lead time, on land without conflict; works not before theirs."""
    timing, base = case.evidence.scenario.timing, case.evidence.scenario.horizon.base_year
    sites, decided = case.evidence.supply.sites, required_open(case) | committed_sections(case)
    for section in _sections(case, existing=False):
        site_id = section.rsplit(":", 1)[0]
        supplied, conflict = int(sites["supply_year"][site_id]), str(sites["conflict"][site_id])
        for phase in case.changes(section, opened=True):
            start = case.first_year(phase)
            ready = max(supplied, base) + timing.lead_years_new
            if start < ready and section not in decided:
                yield Breach(section, case.name(section), start, start, ready, _("年"))
            if conflict != Conflict.NONE:
                yield Breach(section, case.name(section), start, 1, 0, _("处"), detail=conflict, scope="conflict")
    committed = set(case.evidence.supply.committed["site_id"])
    works = case.sections[(case.sections["added_rooms"] > 0) | (case.sections["converted_in"] > 0)]
    for row in records(works):
        phase, section = row["phase"], row["section_id"]
        start, ready = case.first_year(phase), base + timing.lead_years_extension
        if start < ready and row["site_id"] not in committed:
            yield Breach(section, case.name(section), start, start, ready, _("年"), scope="works")


@check()
def township_centre(case: Case) -> Iterator[Breach]:
    """Every township keeps a public kindergarten."""
    needed = case.norm("township.kindergarten_centres")
    townships = sorted(set(case.units["township"].astype(str)))
    home = case.evidence.supply.sites["township"]
    for phase in case.phases:
        now = case.sections.xs(phase.number, level="phase")
        run = now[now["open"] & now["public"].astype(bool) & (now["stage"] == Stage.KINDERGARTEN)]
        counts = run["site_id"].map(home).value_counts()
        for township in townships:
            count = float(counts.get(township, 0))
            if count < needed:
                yield Breach(township, township, phase.first_year, count, needed, _("所"))
