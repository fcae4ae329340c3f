"""The sheet of further kindergartens that bring every rural child within the radius."""

from __future__ import annotations

from simulator.language import translate as _
from simulator.outputs.edition import is_public
from simulator.outputs.reach import kind_words, proof_words
from simulator.outputs.workbook.sheet import Format, Sheet, numbers, texts
from simulator.result import Result

_PLACE = 4.5


def reach_sheets(result: Result) -> list[Sheet]:
    """就近补点, where a rural child is beyond the radius; not in the public edition, since the places are no part of the plan."""
    if result.reach.places.empty or is_public(result):
        return []
    rows = result.reach.places.rename(columns={"order": "number"})
    names = dict(zip(result.district.units["unit_id"].astype(str), result.district.units["name"], strict=True))
    rows = rows.assign(
        kind_name=rows["kind"].map(kind_words()),
        homes=[_("、").join(str(names.get(unit, unit)) for unit in own.split()) for own in rows["unit_ids"]],
    )
    columns = (
        *numbers(Format.WHOLE, ("number", _("序号"))),
        *texts(("name", _("位置")), ("township", _("乡镇街道")), ("kind_name", _("做法"))),
        *numbers(Format.WHOLE, ("units", _("新覆盖\n村居数"))),
        *texts(("homes", _("新覆盖村居"))),
        *numbers(Format.TENTH, ("children", _("新覆盖幼儿"))),
        *numbers(Format.WHOLE, ("classes", _("班数")), ("seats", _("学位"))),
        *numbers(Format.TENTH, ("capital_wan", _("投资\n（万元）")), ("running_wan", _("年运行费\n（万元）"))),
        *numbers(Format.WHOLE, ("yuan_each", _("每新覆盖一人\n年成本（元）"))),
        *numbers(Format.TENTH, ("covered", _("累计覆盖幼儿"))),
        *numbers(Format.SHARE, ("share", _("累计覆盖率"))),
    )
    total = result.reach.total.iloc[0]
    title = _("农村幼儿园就近补点表（{year}年，{radius:g} 公里）").format(
        year=int(total["year"]), radius=float(total["radius_m"]) / 1000
    )
    return [Sheet(_("就近补点"), title, _("单位：个、人、万元、元"), columns, rows, _note(result), place=_PLACE)]


def _note(result: Result) -> str:
    total = result.reach.total.iloc[0]
    return _(
        "规划方案实施后，{year}年农村在园幼儿 {children:.0f} 人，其中 {within:.0f} 人在服务半径内有幼儿园。"
        "本表是让其余幼儿全部进入半径的最省补点（{proof}）：可利用本局公办学校的空余教室（按教室转换造价），"
        "也可在任一村新建（按新建学位造价）；成本 = 固定岗位 + 随班运行 + 投资年摊，生均经费随幼儿走，不计在内。"
        "按每新覆盖一人的年成本由低到高排列：靠后的村幼儿很少，可改用巡回走教或接送。补点不在规划方案之内。"
    ).format(
        year=int(total["year"]),
        children=float(total["children"]),
        within=float(total["within"]),
        proof=proof_words(result),
    )
