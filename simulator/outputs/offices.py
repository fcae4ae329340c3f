"""责任单位: the bodies that tasks are given to."""

from __future__ import annotations

from simulator.language import translate as _
from simulator.outputs.titles import unstamped
from simulator.result import Result

_KINDS = "市区县旗"


def office_names(result: Result) -> dict[str, str]:
    """Role → body: as `outputs.offices` of the scenario names it, else the usual word for this kind of place."""
    title = unstamped(result.district.title)
    kind = title[-1:] if title[-1:] in _KINDS else ""
    usual = {
        "education": _("{place}教育局"),
        "planning": _("{place}自然资源和规划局"),
        "finance": _("{place}财政局"),
        "development": _("{place}发展和改革局"),
        "housing": _("{place}住房和城乡建设局"),
        "staffing": _("{place}委编办"),
        "transport": _("{place}公安、交通运输部门"),
        "townships": _("各乡镇人民政府、街道办事处"),
    }
    words = {role: word.format(place=_place_word(kind)) for role, word in usual.items()}
    return words | {str(role): name for role, name in result.scenario.outputs.offices.items()}


def author_name(result: Result) -> str:
    """The planning body: as the scenario names it, else the education bureau."""
    return result.scenario.outputs.author or office_names(result)["education"]


def _place_word(kind: str) -> str:
    return {"市": _("市"), "区": _("区"), "县": _("县"), "旗": _("旗")}.get(kind, "")
