"""Benchmarks: public and invented problems solved by the planner itself, checked apart from it."""

from benchmarks import backtest as _backtest
from benchmarks import county_run as _county
from benchmarks import demonstrations as _demonstrations
from benchmarks import families as _families
from benchmarks import projection_speed as _projection_speed
from benchmarks import santa_rosa as _santa_rosa
from benchmarks.register import FAMILIES, Bar, Family, Options, Report, register

__all__ = ["FAMILIES", "Bar", "Family", "Options", "Report", "register"]

# Importing a family registers it.
_ = _santa_rosa, _families, _county, _demonstrations, _backtest, _projection_speed
