# ---
# jupyter:
#   jupytext:
#     formats: py:percent
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # A first plan
#
# The demonstration 城中区〔演示〕 from Python: read the scenario, run it until the plan is within 5 % of the bound, look at the tables.
# Open this file as a notebook with Jupytext, or run it as a script. No school in it is real.

# %%
from pathlib import Path

import matplotlib.pyplot as plt

from simulator import read_scenario, run_scenario

ROOT = next(folder for folder in (Path.cwd(), *Path.cwd().parents) if (folder / "scenarios").is_dir())

# %% [markdown]
# A scenario is one frozen object. A variant is a copy with the difference named: here the search ends at a gap of 5 %.

# %%
demonstration = read_scenario(ROOT / "scenarios" / "chengzhong.toml")
quick = demonstration.model_copy(update={"solver": demonstration.solver.model_copy(update={"gap": 0.05})})
quick.title, list(quick.plan_years)[:3], quick.rules

# %% [markdown]
# The run: project, optimize, operate, audit. Nothing is written to disk.

# %%
result = run_scenario(quick)
solution = result.plan.solution
print(f"{solution.status}: {solution.objective:,.0f} yuan a year, bound {solution.bound:,.0f}, gap {solution.gap:.2%}")

# %% [markdown]
# ## What is proposed
# Every action has a place, a year and a reason; what stays as it is has the action `keep`.

# %%
works = result.plan.actions.query("action != 'keep'")
works.groupby(["action", "stage"]).size().unstack(fill_value=0)

# %%
works[["year", "site_id", "stage", "action", "classes", "capital_wan", "reason"]].head(10)

# %% [markdown]
# ## Where are seats short?
# Shortage is summed school by school and never netted against spare seats elsewhere.

# %%
district = result.indicators.seats.query("township == '' and stage == 'primary'")
short = district.pivot(index="year", columns="network", values="shortage")
short.head()

# %%
figure, axes = plt.subplots(figsize=(7, 3))
short.plot(ax=axes, marker="o")
axes.set(xlabel="school year", ylabel="primary seats short", ylim=(0, None))
axes.grid(visible=True, alpha=0.3)

# %% [markdown]
# ## What the audit says
# The audit works from tables alone. `new` findings come from the plan, `inherited` ones were there before it.

# %%
findings = result.audit.of("plan")
findings.groupby(["effect", "status"]).size().unstack(fill_value=0)
