"""T19: tasks, measures, who is responsible, until when."""

from __future__ import annotations

from simulator.language import translate as _
from simulator.outputs.tasks import plan_tasks, task_frame
from simulator.outputs.workbook.sheet import Format, Sheet, numbers, texts
from simulator.result import Result


def task_sheets(result: Result) -> list[Sheet]:
    """The table of tasks; documents take theirs from it."""
    columns = (
        *numbers(Format.WHOLE, ("number", _("序号"))),
        *texts(("title", _("任务")), ("words", _("措施")), ("office", _("责任单位")), ("deadline", _("时限"))),
    )
    note = _(
        "由方案的项目、撤并、招生调整和情景的目标汇总；责任单位取建设项目表的填写和情景 outputs.offices，没有填写的用通称，第一个为牵头单位。"
    )
    return [Sheet(_("T19 任务分工"), _("任务分工表"), "", columns, task_frame(plan_tasks(result)), note)]
