"""scenario.toml → Scenario: typed, frozen; explains every mistake in it at once."""

from simulator.scenario.dump import scenario_toml
from simulator.scenario.read import read_scenario
from simulator.scenario.reference import defaults_toml, json_schema, settings_reference
from simulator.scenario.settings import (
    AccessSettings,
    BudgetSettings,
    CandidateSettings,
    Decision,
    DistrictSettings,
    HorizonSettings,
    LimitSettings,
    ObjectiveSettings,
    OutputSettings,
    PhaseSettings,
    ProjectionSettings,
    RuleSettings,
    Scenario,
    SeatSettings,
    Settings,
    SolverSettings,
    StandardsSettings,
    TimingSettings,
    ZoningSettings,
)
from simulator.scenario.solution import GOALS

__all__ = [
    "GOALS",
    "AccessSettings",
    "BudgetSettings",
    "CandidateSettings",
    "Decision",
    "DistrictSettings",
    "HorizonSettings",
    "LimitSettings",
    "ObjectiveSettings",
    "OutputSettings",
    "PhaseSettings",
    "ProjectionSettings",
    "RuleSettings",
    "Scenario",
    "SeatSettings",
    "Settings",
    "SolverSettings",
    "StandardsSettings",
    "TimingSettings",
    "ZoningSettings",
    "defaults_toml",
    "json_schema",
    "read_scenario",
    "scenario_toml",
    "settings_reference",
]
