"""The words of the page, in the output language: of its frame, of its script, of its codes."""

from __future__ import annotations

from simulator.language import translate as _
from simulator.terms import Effect, FindingStatus, Network, Robustness, label


def network_words() -> list[dict[str, str]]:
    """The two networks and their words."""
    return [{"id": network.value, "label": label(network)} for network in Network]


def frame_words() -> dict[str, str]:
    """Words of `page.html`."""
    return {
        "skip": _("跳到说明"),
        "noscript": _("浏览器禁用了脚本，本页无法显示；请允许脚本后重新打开。本页不访问网络。"),
        "controls": _("选择学段、方案和年份"),
        "stage": _("学段"),
        "band": _("年级段"),
        "network": _("方案口径"),
        "year": _("年份"),
        "find": _("查找学校、单元、乡镇街道"),
        "map": _("地图"),
        "mapHelp": _("方向键移动，加减号缩放，0 看全图，回车选中图中央；所有内容也在查找框和下方表格中。"),
        "zoomIn": _("放大"),
        "zoomOut": _("缩小"),
        "zoomAll": _("看全图"),
        "layers": _("图层"),
        "legend": _("图例"),
        "side": _("说明"),
        "overview": _("概况"),
        "card": _("学校和单元"),
        "mine": _("我的村居"),
        "findings": _("校核问题"),
        "place": _("范围"),
        "cardHint": _("点地图上的学校或单元，或用查找框。"),
        "mineFind": _("输入村（社区）名称"),
        "mineHint": _("输入自己的村或社区，看现在和规划后上哪所学校、哪一年起、路上多少分钟。"),
        "lists": _("表格"),
        "filter": _("筛选"),
        "print": _("打印"),
    }


def script_words() -> dict[str, str]:
    """Words of the script; `{names}` are filled in by it."""
    return {**_common(), **_of_cards(), **_of_resident(), **_of_lists(), **_of_map()}


def _common() -> dict[str, str]:
    return {
        "comma": _("、"),
        "semicolon": _("；"),
        "open": _("（"),
        "close": _("）"),
        "fewer": _("少于{count}"),
        "minutes": _("{count} 分钟"),
        "today": _("现状{year}年"),
        "span": _("{first}—{last}年"),
        "inYear": _("{year}年"),
        "stage": _("学段"),
        "school": _("学校"),
        "unit": _("单元"),
        "township": _("乡镇街道"),
        "network": _("方案口径"),
        "year": _("年份"),
        "unserved": _("未划入任何学校"),
        "demand": _("学位需求"),
        "seatsOf": _("标准学位（{network}）"),
        "shortageOf": _("学位缺口（{network}）"),
        "shortage": _("学位缺口"),
        "spareOf": _("富余学位（{network}）"),
        "chartTitle": _("{place}　{stage}学位需求与标准学位"),
        "byYear": _("逐年"),
        "spreadDrawn": _("灰带：80%区间"),
        "spreadVariants": _("灰带：低—高方案"),
        "balanceNote": _("缺口按学部分别相加，不与富余抵消；红色为有缺口。"),
    }


def _of_cards() -> dict[str, str]:
    return {
        "acts": _("{year}年9月{action}"),
        "classesOf": _("{count} 班"),
        "capital": _("投资 {count} 万元"),
        "kept": _("规划期内保留，没有工程。"),
        "classes": _("班数"),
        "seats": _("标准学位"),
        "pupils": _("在校生"),
        "largest": _("最大班额"),
        "use": _("学位利用率（%）"),
        "meanMinutes": _("平均单程（{year}年）"),
        "unitsKept": _("招生范围 {count} 个单元："),
        "unitsIn": _("比现状划入 {count} 个单元："),
        "unitsOut": _("比现状划出 {count} 个单元："),
        "movesTo": _("{year}年起约 {count} 名学生转入{school}，平均单程由 {before} 变为 {after}。"),
        "movesNowhere": _("{year}年起约 {count} 名学生没有安置。"),
        "movesFrom": _("{year}年起接收{school}约 {count} 名学生，平均单程由 {before} 变为 {after}。"),
        "km2": _("{count} 平方公里"),
        "unitChildren": _("学位需求（人）"),
        "zoneSteps": _("招生学校"),
        "when": _("时间"),
        "from": _("{year}年9月起"),
        "journey": _("单程"),
        "choice": _("{stage}不划片、自主选择的学校（{year}年测算）："),
        "zoomTo": _("在图上查看"),
        "cardHint": _("点地图上的学校或单元，或用查找框。"),
    }


def _of_resident() -> dict[str, str]:
    return {
        "withJourney": _("{school}，单程约 {journey}"),
        "nowGoes": _("现在：{school}。"),
        "staysTo": _("到{year}年不变。"),
        "entrantsGo": _("{year}年9月起的新生：{school}。"),
        "allGo": _("{year}年9月起：{school}。"),
        "schoolActs": _("{school}：{year}年9月{action}。"),
        "residentNote": _("分钟数为规划测算，未计实际等候；招生以当年公布的招生政策为准。"),
        "onMap": _("在图上看我的村居"),
    }


def _of_lists() -> dict[str, str]:
    return {
        "nothingFound": _("没有找到"),
        "noFindings": _("独立校核没有发现方案的问题。"),
        "noFindingsPublic": _("公开版不列校核问题。"),
        "findingCount": _("共 {count} 处，每条规则每处只列最早一年。"),
        "more": _("再显示一些"),
        "moreRows": _("还有 {count} 行，再显示一些"),
        "rowCount": _("{count} 行"),
        "actions": _("举措"),
        "idlePupils": _("在校生（不采取措施）"),
        "idleSeats": _("标准学位（不采取措施）"),
        "capitalHead": _("投资（万元）"),
        "robustness": _("稳健性"),
        "reason": _("理由"),
        "closing": _("撤并学校"),
        "receiving": _("接收学校"),
        "children": _("安置学生"),
        "before": _("现通学分钟"),
        "after": _("新通学分钟"),
    }


def _of_map() -> dict[str, str]:
    return {
        "kilometres": _("{count} 公里"),
        "metres": _("{count} 米"),
        "north": _("北"),
        "mapLabel": _("{district}地图：{stage}，{year}年，{network}"),
        "zoneLegend": _("一块为一校招生范围（颜色只区分相邻各校）"),
        "changedLegend": _("招生学校与现状不同"),
        "uncoveredLegend": _("服务半径以外（按路程）"),
        "ferry": _("轮渡"),
        "moveLegend": _("撤并学生流向（越粗人数越多）"),
    }


def vocabulary() -> dict[str, dict[str, str]]:
    """Words of codes: layers of the map, tables, questions of the summary, effects, statuses, robustness."""
    return {
        "layers": {
            "zones": _("招生范围"),
            "uncovered": _("服务半径以外的单元"),
            "changed": _("招生学校有变的单元"),
            "schools": _("学校"),
            "actions": _("规划举措"),
            "names": _("名称"),
            "barriers": _("交通障碍"),
            "moves": _("撤并流向"),
            "townships": _("乡镇街道界"),
        },
        "tables": {
            "schools": _("学校学部"),
            "units": _("划片单元"),
            "balance": _("分片学位供需"),
            "actions": _("规划举措"),
            "moves": _("撤并与安置"),
        },
        "questions": {
            "short": _("哪里缺学位"),
            "works": _("方案做什么"),
            "cost": _("花多少钱"),
            "journeys": _("谁走得更远"),
            "rules": _("哪些规则没有满足"),
        },
        "effect": {effect.value: label(effect) for effect in Effect},
        "status": {status.value: label(status) for status in FindingStatus},
        "robustness": {word.value: label(word) for word in Robustness},
    }
