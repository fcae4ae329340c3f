"""T14 and what goes with it: teachers needed, recruited and moved, principals, education groups."""

from __future__ import annotations

from simulator.language import translate as _
from simulator.outputs.staff import short_subjects
from simulator.outputs.titles import section_names, site_names, stage_names, stage_order
from simulator.outputs.workbook.sheet import Colour, Format, Sheet, numbers, texts
from simulator.result import Result
from simulator.rules.board import RESOURCES
from simulator.terms import GroupKind, Network, Stage, Subject, TransferReason, label

_KEY = ["county", "ours", "year", "stage"]


def staff_sheets(result: Result) -> list[Sheet]:
    """The sheets about teachers, as far as there is something to tell."""
    staff = result.staff
    sheets = [_needed(result)] if len(staff.stages) else []
    for table, sheet in (
        (staff.recruits, _recruits),
        (staff.moves, _moves),
        (staff.rotation, _rotation),
        (staff.principals, _principals),
        (staff.groups, _groups),
        (staff.effect, _effect),
    ):
        sheets += [sheet(result)] if len(table) else []
    return sheets


def _needed(result: Result) -> Sheet:
    stages = result.staff.stages
    idle = stages[stages["network"] == Network.NO_ACTION].set_index(_KEY)[["short", "spare"]]
    rows = stages[stages["network"] == Network.PLAN].join(idle.add_suffix("_idle"), on=_KEY)
    # Spare teachers are people, spare seats are not.
    rows = rows.rename(columns={"spare": "surplus", "spare_idle": "surplus_idle"})
    subjects = short_subjects(result, Network.PLAN)
    keys = list(zip(rows["county"], rows["year"], rows["stage"], strict=True))
    ours = rows["ours"].astype(bool)
    rows = rows.assign(
        stage_name=rows["stage"].map(stage_names()),
        owner=[_("本局") if own else _("上级或其他部门") for own in ours],
        subjects=[subjects.get(key, "") if own else "" for key, own in zip(keys, ours, strict=True)],
        order=stage_order(rows["stage"]),
        others=~ours,
    ).sort_values(["county", "others", "order", "year"], kind="stable", ignore_index=True)
    columns = (
        *texts(("county", _("县区")), ("owner", _("管理")), ("stage_name", _("学段"))),
        *numbers(Format.YEAR, ("year", _("年份"))),
        *numbers(Format.WHOLE, ("pupils", _("学生")), ("classes", _("班数"))),
        *numbers(Format.WHOLE, ("posts_needed", _("标准编制\n（教职工）")), ("posts", _("核定编制"))),
        *numbers(Format.WHOLE, ("posted", _("在编")), ("unposted", _("编外"))),
        *numbers(Format.WHOLE, ("teachers_needed", _("需专任\n教师")), ("teachers", _("专任教师"))),
        *numbers(Format.WHOLE, ("short", _("缺")), colour=Colour.SHORTAGE),
        *numbers(Format.WHOLE, ("surplus", _("余")), colour=Colour.SPARE),
        *texts(("subjects", _("缺员学科"))),
        *numbers(Format.WHOLE, ("retired", _("退休")), ("left", _("离职")), ("recruited", _("招聘"))),
        *numbers(Format.WHOLE, ("moved", _("调出")), ("rotated", _("轮岗"))),
        *numbers(Format.WHOLE, ("short_idle", _("不采取措施\n缺")), colour=Colour.SHORTAGE),
        *numbers(Format.WHOLE, ("surplus_idle", _("不采取措施\n余")), colour=Colour.SPARE),
    )
    note = _(
        "只列公办学校。标准编制（教职工）与专任教师分列，均取师生比、班师比、学科课时三者中的最大值；缺、余逐校相加，不互相抵消；"
        "各年为当年退休、调动、招聘之后。"
    )
    note += "".join(result.staff.notes)
    return Sheet(_("T14 师资需求"), _("师资需求表"), _("单位：人、班、个"), columns, rows, note)


def _recruits(result: Result) -> Sheet:
    recruits = result.staff.recruits
    years = sorted({int(year) for year in recruits["year"]})
    wide = recruits.pivot_table(
        index=["county", "stage", "subject"], columns="year", values="teachers", aggfunc="sum", fill_value=0
    )
    rows = wide.rename(columns={year: f"teachers_{year}" for year in years}).reset_index()
    order = {subject.value: place for place, subject in enumerate(Subject)}
    rows = rows.assign(
        stage_name=rows["stage"].map(stage_names()),
        subject_name=[_subject(subject) for subject in rows["subject"]],
        recruited=rows[[f"teachers_{year}" for year in years]].sum(axis=1),
        order=stage_order(rows["stage"]),
        place=rows["subject"].map(order).fillna(len(order)),
    ).sort_values(["county", "order", "place"], kind="stable", ignore_index=True)
    columns = (
        *texts(("county", _("县区")), ("stage_name", _("学段")), ("subject_name", _("学科"))),
        *numbers(Format.WHOLE, ("recruited", _("合计"))),
        *numbers(Format.WHOLE, *((f"teachers_{year}", _("{year}年").format(year=year)) for year in years)),
    )
    most = result.scenario.teachers.recruits_per_year
    note = _("只为今后 {years} 年一直存在的学科缺口招聘。").format(years=result.scenario.teachers.ahead_years)
    note += "" if most is None else _("每年最多 {count} 人。").format(count=most)
    return Sheet(_("教师招聘"), _("教师招聘计划表"), _("单位：人"), columns, rows, note, place=14.1)


def _moves(result: Result) -> Sheet:
    moves, names = result.staff.moves, section_names(result)
    stages = result.supply.sections["stage"]
    rows = moves.assign(
        start=moves["from_section"].map(names),
        start_stage=moves["from_section"].map(stages).map(stage_names()),
        to=moves["to_section"].map(names),
        to_stage=moves["to_section"].map(stages).map(stage_names()),
        subject_name=["" if reason == TransferReason.ROTATION else _subject(subject)
                      for subject, reason in zip(moves["subject"], moves["reason"], strict=True)],
        reason_name=[label(TransferReason(reason)) for reason in moves["reason"]],
        rotates=moves["reason"] == TransferReason.ROTATION,
    ).sort_values(["year", "rotates", "county", "from_section"], kind="stable", ignore_index=True)  # fmt: skip
    columns = (
        *numbers(Format.YEAR, ("year", _("年份"))),
        *texts(("county", _("县区")), ("reason_name", _("原因"))),
        *texts(("start", _("调出学校")), ("start_stage", _("学段")), ("to", _("调入学校")), ("to_stage", _("学段"))),
        *texts(("subject_name", _("学科"))),
        *numbers(Format.WHOLE, ("teachers", _("人数")), ("backbone", _("其中骨干"))),
        *numbers(Format.TENTH, ("minutes", _("单程分钟"))),
    )
    note = _("轮岗按学段对等交流，出入人数相同，学科由学校对口安排；当年9月生效。")
    return Sheet(_("教师调配"), _("教师调配与轮岗表"), _("单位：人、分钟"), columns, rows, note, place=14.2)


def _rotation(result: Result) -> Sheet:
    rows = result.staff.rotation
    rows = rows.assign(stage_name=rows["stage"].map(stage_names()), order=stage_order(rows["stage"]))
    rows = rows.sort_values(["county", "order", "year"], kind="stable", ignore_index=True)
    columns = (
        *texts(("county", _("县区")), ("stage_name", _("学段"))),
        *numbers(Format.YEAR, ("year", _("年份"))),
        *numbers(Format.WHOLE, ("eligible", _("符合条件")), ("target", _("应轮岗")), ("rotated", _("轮岗"))),
        *numbers(Format.SHARE, ("share", _("轮岗比例"))),
        *numbers(Format.WHOLE, ("backbone", _("其中骨干"))),
        *numbers(Format.SHARE, ("backbone_share", _("骨干比例"))),
        *numbers(Format.WHOLE, ("to_weaker", _("城镇到乡村、\n强校到弱校"))),
    )
    figures = result.standards
    note = _("每年轮岗不少于符合条件教师的 {share:.0%}，其中骨干教师不少于 {key:.0%}。").format(
        share=figures.value("balance.rotation_share"), key=figures.value("balance.rotation_key_share")
    )
    return Sheet(_("交流轮岗"), _("教师交流轮岗表"), _("单位：人"), columns, rows, note, place=14.3)


def _principals(result: Result) -> Sheet:
    table = result.staff.principals
    first, last = result.scenario.plan_years[0], result.scenario.horizon.target_year
    rows = table.assign(
        school=table["section_id"].map(section_names(result)),
        when=table["due_year"].clip(lower=first).where(table["due_year"] <= last),
    )
    columns = (
        *texts(("school", _("学校"))),
        *numbers(Format.YEAR, ("since", _("到任年份"))),
        *numbers(Format.WHOLE, ("years", _("基准年任职\n年数"))),
        *numbers(Format.YEAR, ("due_year", _("任满两届")), ("when", _("规划期内\n应交流"))),
    )
    most = round(result.standards.value("staff.principal_years"))
    note = _("校长在同一所学校任职不超过 {years} 年（两届）。").format(years=most)
    return Sheet(_("校长任期"), _("校长任期与交流表"), _("单位：年"), columns, rows, note, place=14.4)


def _groups(result: Result) -> Sheet:
    groups = result.staff.groups
    rows = groups.assign(
        school=groups["school_id"].map(site_names(result)).fillna(groups["school_id"]),
        kind_name=[label(GroupKind(kind)) if kind else "" for kind in groups["kind"]],
        role_name=[_role(group, role) for group, role in zip(groups["group_id"], groups["role"], strict=True)],
        state=[_("现有") if given else _("建议") for given in groups["given"]],
        stage_name=[_stage_words(stages) for stages in groups["stages"]],
    )
    columns = (
        *texts(("county", _("县区")), ("group_id", _("集团编号")), ("name", _("集团")), ("kind_name", _("形式"))),
        *texts(("state", _("现有或建议")), ("role_name", _("角色")), ("school", _("学校")), ("stage_name", _("学段"))),
        *numbers(Format.WHOLE, ("pupils", _("学生"))),
        *numbers(Format.FIGURE, ("index", _("师资指数"))),
        *numbers(Format.TENTH, ("minutes", _("到核心校\n分钟"))),
    )
    note = _(
        "师资指数为优质均衡前三项指标与标准之比的平均，每项最多计 1.5；弱校各有一所核心校，编组力求路近、规模相近、师资相近。"
    )
    return Sheet(_("教育集团"), _("集团化办学编组表"), _("单位：人、分钟"), columns, rows, note, place=14.5)


def _effect(result: Result) -> Sheet:
    table = result.staff.effect
    titles = {resource.item_id: _(resource.title) for resource in RESOURCES}
    rows = table.assign(stage_name=table["stage"].map(stage_names()), item_name=table["item"].map(titles))
    columns = (
        *texts(("county", _("县区")), ("stage_name", _("学段")), ("item_name", _("指标"))),
        *numbers(Format.WHOLE, ("schools", _("学校")), ("groups", _("集团"))),
        *numbers(
            Format.FIGURE,
            ("mean", _("平均")),
            ("lowest_before", _("编组前\n最低")),
            ("lowest_after", _("编组后\n最低")),
        ),
        *numbers(
            Format.FIGURE, ("coefficient_before", _("编组前\n差异系数")), ("coefficient_after", _("编组后\n差异系数"))
        ),
        *numbers(Format.FIGURE, ("limit", _("限值"))),
    )
    note = _("编组后按集团内教师与学生合并计算，表示教师在集团内共享后能达到的程度；评估仍以学校为单位。")
    return Sheet(_("集团化成效"), _("集团化办学成效表"), _("单位：人/百生"), columns, rows, note, place=14.6)


def _subject(subject: str) -> str:
    return label(Subject(subject)) if subject else _("各学科合计")


def _role(group: str, role: str) -> str:
    if not group:
        return _("未编组")
    return _("核心校") if role == "lead" else _("成员校")


def _stage_words(stages: str) -> str:
    return _("、").join(label(Stage(stage)) for stage in stages.split("；") if stage)
