"""Summary and screen: right sentences for none, one and many."""

from __future__ import annotations

import dataclasses

import pandas as pd
import pytest

from simulator.language import Language, use_language
from simulator.outputs import screen_lines
from simulator.outputs.answers import Answers, answers
from simulator.outputs.findings import (
    finding_sentence,
    finding_words,
    number,
    place_names,
    rule_sentence,
    rules_failing,
)
from simulator.outputs.sentences import cost_lines, finding_lines, journey_lines, shortage_lines, work_lines
from simulator.outputs.solution import gap_percent
from simulator.outputs.summary import summary_text
from simulator.outputs.titles import stamped
from simulator.outputs.widths import text_width, wrapped
from simulator.result import Result
from simulator.terms import Action
from tests.result_cases import make_result


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Result:
    return make_result(tmp_path_factory.mktemp("case"))


@pytest.fixture(scope="module")
def found(result: Result) -> Answers:
    return answers(result)


def _places(count: int) -> pd.DataFrame:
    rows = [("primary", f"{number}乡", 2028, 10.0 + number) for number in range(count)]
    return pd.DataFrame(rows, columns=["stage", "township", "year", "shortage"])


@pytest.mark.parametrize(
    ("count", "sentence"),
    [
        (0, "规划期内各学段、各乡镇街道标准学位均不缺。"),
        (1, "规划期内有一处标准学位不足：2028年0乡小学缺 10 个。"),
        (2, "规划期内有 2 处标准学位不足（各取最紧的一年）："),
    ],
)
def test_shortages_are_told_for_none_one_and_many(found: Answers, count: int, sentence: str) -> None:
    lines = shortage_lines(dataclasses.replace(found, short=_places(count)))
    assert lines[0] == sentence


def test_more_places_than_fit_are_counted(found: Answers) -> None:
    lines = shortage_lines(dataclasses.replace(found, short=_places(9)), few=4)
    assert "- 另有 5 处，见 plan.xlsx。" in lines


@pytest.mark.parametrize(
    ("rigid", "sentence"),
    [
        (0, "独立校核没有发现方案违反刚性规则。"),
        (1, "独立校核发现方案有一处违反刚性规则，须先解决。"),
        (3, "独立校核发现方案有 3 处违反刚性规则，须先解决。"),
    ],
)
def test_rigid_findings_are_told_for_none_one_and_many(found: Answers, rigid: int, sentence: str) -> None:
    assert finding_lines(dataclasses.replace(found, counts=found.counts | {"rigid": rigid}))[0] == sentence


def test_a_plan_that_does_nothing_says_so(found: Answers, result: Result) -> None:
    idle = dataclasses.replace(found, works=found.works.iloc[:0], figures=found.idle, moved=found.moved.iloc[:0])
    assert work_lines(idle, result) == ["方案不新建、不扩建、不撤并，保留现有学校。"]
    assert cost_lines(idle, result)[:2] == ["规划期没有基建投资。", "2030年运行费 3000 万元，与不采取措施相同。"]
    assert journey_lines(idle)[0] == "没有学生因调整招生范围而换学校。"


def test_nobody_with_a_longer_way_is_not_called_zero(found: Answers) -> None:
    nobody = found.moved.assign(longer=0.0)
    assert "其中没有人路程变长" in journey_lines(dataclasses.replace(found, moved=nobody))[0]


def test_children_who_change_school_and_new_entrants_are_told_apart(found: Answers) -> None:
    apart = pd.concat([found.moved.assign(cause=cause) for cause in ("school", "catchment")])
    lines = journey_lines(dataclasses.replace(found, moved=apart))
    assert lines[0].startswith("小学各期因学校停办换学校的在校生 90 人次，")
    assert lines[1].startswith("小学各期首年招生范围与上期不同的新生 90 人次，")


def test_every_output_says_whom_new_catchments_hold_for(result: Result) -> None:
    entrants = dataclasses.replace(result, plan=dataclasses.replace(result.plan, rezoning="entrants"))
    for run, said, unsaid in ((result, "全体重划口径", "老生老办法"), (entrants, "老生老办法：", "全体重划口径")):
        text = summary_text(run)
        assert said in text
        assert unsaid not in text


def test_the_summary_answers_the_five_questions_on_one_page(result: Result) -> None:
    text = summary_text(result)
    for words in (
        "# 〔演示〕示范方案",
        "## 哪里缺学位",
        "## 方案做什么",
        "方案共新建 1 个学部、撤并 1 个学部。",
        "规划期投资合计 5400 万元。",
        "## 谁走得更远",
        "## 哪些规则没有满足",
        "与理论最优值相差不超过 1.00%",
        "全体重划口径",
        "出生人口按末年趋势外推。",
        "内部资料，未经审核不得公开。",
    ):
        assert words in text, words
    assert "nan" not in text
    assert len(text.splitlines()) < 80


def _screen_size(result: Result) -> tuple[int, int]:
    """Lines and columns."""
    sections = screen_lines(result)
    lines = [line for _title, section in sections for line in section]
    assert not [line for line in lines if "…" in line]
    return len(sections) + len(lines), max(text_width(line) for line in lines)


def test_the_screen_fits_forty_lines_of_a_hundred_columns(result: Result) -> None:
    lines, columns = _screen_size(result)
    assert lines <= 40
    assert columns <= 100


def test_a_screen_of_long_names_and_many_actions_is_wrapped_and_still_fits(result: Result) -> None:
    """Names of forty characters, every site under every action: whole sentences, at most 45 lines with the last."""
    sites = result.supply.sites
    supply = dataclasses.replace(result.supply, sites=sites.assign(name=[f"{site}长名" * 10 for site in sites.index]))
    first = result.plan.actions.iloc[0].to_dict()
    actions = [{**first, "site_id": site, "action": action, "year": 2028} for action in Action for site in sites.index]
    plan = dataclasses.replace(result.plan, actions=pd.DataFrame(actions))
    lines, columns = _screen_size(dataclasses.replace(result, supply=supply, plan=plan))
    assert lines <= 44
    assert columns <= 100


def test_a_long_sentence_is_wrapped_between_words_with_its_figures_whole() -> None:
    """Nothing but spaces is lost, no line is wider than asked for, none begins with a stop."""
    text = "- 通学时间：2 处 3 条，最重 乙12村（小学1—3年级 白沙小学） 2028年 67.6分钟（标准 30分钟），共 3 年。"
    for columns in range(24, 100):
        lines = wrapped(text, columns)
        assert "".join(lines).replace(" ", "") == text.replace(" ", "")
        assert max(text_width(line) for line in lines) <= columns
        assert all(line.startswith("  ") and line[2] not in "，。；：）" for line in lines[1:])
        assert "67.6" in " ".join(lines)


def test_the_ids_of_a_detail_are_told_as_names(result: Result) -> None:
    """A journey's band and school, and a change's school and unit, are named; no id is left."""
    rows = result.audit.findings.iloc[[1, 1]].assign(detail=["primary_1_3 P1:primary", "J1:junior U012"])
    names = place_names(result.supply, result.district.units)
    assert sorted(finding_words(rows, names)["detail_name"]) == [
        "小学1—3年级 启智第1小学",
        "示范第1初级中学初中 乙12村",
    ]


def test_a_title_is_stamped_once_in_either_language() -> None:
    """The Chinese stamp of a title gives way to the English one."""
    assert [stamped(title, invented=True) for title in ("小区", "小区〔演示〕")] == ["〔演示〕小区", "小区〔演示〕"]
    assert stamped("小区", invented=False) == "小区"
    use_language(Language.EN)
    try:
        english = [stamped(title, invented=True) for title in ("小区", "小区〔演示〕", "[Demonstration] 小区")]
    finally:
        use_language(Language.ZH)
    assert english == ["[Demonstration] 小区"] * 3


def test_a_finding_names_rule_place_year_figure_and_norm(result: Result) -> None:
    worded = finding_words(result.audit.findings.iloc[[1]], {})
    sentence = finding_sentence(worded.iloc[0])
    for words in ("乙12村（→ 新建小学）", "2028年", "41.2分钟", "标准 30分钟"):
        assert words in sentence


def test_the_findings_of_a_rule_make_one_sentence_with_the_gravest(result: Result) -> None:
    """Three classes above 45, two of them in one school: the largest is told, rigid rules come before others."""
    row = result.audit.findings.iloc[0]
    sizes = [("甲校", 2026, 48.0), ("乙校", 2027, 60.4), ("甲校", 2027, 50.0)]
    large = [
        {**row, "rule": "class_size_standard", "effect": "evaluation", "place": place, "place_id": place, "year": year,
         "figure": size, "norm": 45.0, "unit": "人/班", "detail": "", "detail_name": ""}
        for place, year, size in sizes
    ]  # fmt: skip
    grave = {**large[0], "rule": "travel_within_limit", "effect": "rigid", "figure": 41.2, "norm": 30.0, "unit": "分钟"}
    rules = rules_failing(pd.DataFrame([*large, grave]))
    assert [str(rows["effect"].iloc[0]) for rows in rules] == ["rigid", "evaluation"]
    assert rule_sentence(rules[1]).endswith("：2 处 3 条，最重 乙校 2027年 60人/班（标准 45人/班）")
    assert rule_sentence(rules[0]).endswith("甲校，2026年为 41.2分钟，标准 30分钟")


@pytest.mark.parametrize(
    ("change", "words"),
    [(2.34, "平均每程多 2.3 分钟"), (-0.4, "平均每程少 0.4 分钟"), (0.01, "平均路程时间不变")],
)
def test_a_change_of_journeys_says_more_less_or_the_same(found: Answers, change: float, words: str) -> None:
    assert words in journey_lines(dataclasses.replace(found, moved=found.moved.assign(change=change)))[0]


def test_both_sections_of_a_new_school_are_one_piece_of_work(found: Answers, result: Result) -> None:
    """A nine-year school on L1: one line with the classes of both stages and the money once."""
    row = found.works[found.works["action"] == "new_build"].iloc[0].to_dict()
    works = pd.DataFrame(
        [{**row, "stage": "junior", "classes": 6, "capital_wan": 0.0},
         {**row, "stage": "primary", "classes": 12, "capital_wan": 5400.0}]
    )  # fmt: skip
    lines = work_lines(dataclasses.replace(found, works=works), result)
    assert lines[1:] == [f"- {row['year']}年9月 新建 西山新建小学（小学12班、初中6班），投资 5400 万元"]


def test_a_missing_figure_is_a_dash() -> None:
    assert number(float("nan")) == "—"


def test_an_unproven_gap_is_said_so(result: Result) -> None:
    assert gap_percent(dataclasses.replace(result.plan.solution, gap=float("inf"))) == "与理论最优值的差距未能证明"
