"""编制依据: the documents that a run rests on, made from the rules that were checked and the figures in force."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pandas as pd

from simulator.language import translate as _
from simulator.outputs.findings import number
from simulator.result import Result
from simulator.rules import RULES
from simulator.rules.catalogue import LAWS
from simulator.standards import Figure, sources_table
from simulator.terms import Basis, Stage, label

_NUMBERED = re.compile(r"[一-龥]{1,8}〔\d{4}〕\d+号|GB ?\d+-\d{4}|建标\d+-\d{4}")
_NAMED = re.compile(r"《[^》]+》")
_CLAUSE = re.compile(r"(第[一二三四五六七八九十百\d—、]+[条项章].*|附录.*|表\d.*|\d+(\.\d+)+.*)$")
_DEFAULT = "工作默认值"
DOCUMENT_COLUMNS = ["document", "basis", "rules", "figures", "to_be_checked"]


def documents(result: Result) -> pd.DataFrame:
    """The documents used in a run: laws first, then by type of source.

    Figures of stages that the district does not run are left out, rules that were not checked too.

    Returns
    -------
    pandas.DataFrame
        document, basis (words), rules and figures that rest on it, to_be_checked (figures of certainty C or D).
    """
    rows = [*_of_rules(result), *_of_figures(result)]
    names: dict[str, str] = {}
    for key, source, *_rest in rows:
        names[key] = max(names.get(key, ""), _title(key, source), key=len)
    table = pd.DataFrame(rows, columns=["key", "source", "basis", "rules", "figures", "to_be_checked"])
    order = {basis.value: place for place, basis in enumerate(Basis)}
    table = table.groupby("key", sort=False).agg(
        basis=("basis", lambda kinds: kinds.value_counts().index[0]),
        rules=("rules", "sum"),
        figures=("figures", "sum"),
        to_be_checked=("to_be_checked", "sum"),
    )
    laws = pd.DataFrame({"document": LAWS, "basis": Basis.LAW.value, "rules": 0, "figures": 0, "to_be_checked": 0})
    found = table.reset_index().assign(document=lambda frame: frame["key"].map(names))
    found = found[[not _is_listed(str(name)) for name in found["document"]]]
    found = found.sort_values("basis", key=lambda kinds: kinds.map(order), kind="stable")
    whole = pd.concat([laws, found], ignore_index=True)[DOCUMENT_COLUMNS]
    return whole.assign(basis=[label(Basis(kind)) for kind in whole["basis"]])


def _title(key: str, source: str) -> str:
    """Name and number of a document, as far as a source tells them."""
    named = _NAMED.search(source)
    if named is None or key == _DEFAULT:
        return key
    return named.group() if named.group()[1:-1] == key else f"{named.group()}（{key}）"


def _is_listed(document: str) -> bool:
    """Whether a law of the fixed list is meant."""
    return any(document.strip("《》") in law for law in LAWS)


def _of_rules(result: Result) -> Iterator[tuple[str, str, str, int, int, int]]:
    for name in result.audit.rules_checked:
        rule = RULES[name]
        for source in rule.source.split("；"):
            yield _key(source), source, rule.basis.value, 1, 0, 0


def _of_figures(result: Result) -> Iterator[tuple[str, str, str, int, int, int]]:
    run = {*result.supply.sections["stage"].astype(str)}
    for figure in result.standards.figures.values():
        if _stage_of(figure) in run | {""}:
            for source in figure.source.split("；"):
                yield _key(source), source, figure.basis.value, 0, 1, int(figure.to_be_checked)


def _stage_of(figure: Figure) -> str:
    """Stage that a figure is about; empty where it is about none or several."""
    words = re.split(r"[._]", figure.figure_id)
    return next((stage.value for stage in Stage if stage.value in words), "")


def _key(source: str) -> str:
    """What tells a document: its number, else its name without the clause."""
    if source.startswith(_DEFAULT):
        return _DEFAULT
    numbered = _NUMBERED.search(source)
    if numbered:
        return numbered.group().replace("GB5", "GB 5")
    named = _NAMED.search(source)
    return named.group()[1:-1] if named else _CLAUSE.sub("", source).strip() or source


def override_lines(result: Result) -> list[str]:
    """A sentence for each norm figure that a later file or the scenario replaced."""
    return [
        _("{title}（{figure_id}）：采用 {value}{unit}，替代 {earlier}；依据 {source}").format(
            title=row.title,
            figure_id=row.figure_id,
            value=number(row.value),
            unit=row.unit,
            earlier=row.instead_of,
            source=row.source,
        )
        for row in sources_table(result.standards)
        if row.instead_of
    ]


def basis_lines(result: Result) -> list[str]:
    """The summary's list of documents by type, local targets counted only, and the figures that were replaced."""
    rows = documents(result)
    default = rows["document"] == _DEFAULT
    local = rows["basis"] == label(Basis.LOCAL)
    lines = [
        "- " + _("{basis}：{documents}").format(basis=basis, documents=_("、").join(own["document"]))
        for basis, own in rows[~default & ~local].groupby("basis", sort=False)
    ]
    lines.append(
        "- "
        + _("本地目标和口径 {count} 项、默认参数(待核) {open} 项，列在工作簿“依据文件”“编制依据”表").format(
            count=int((local & ~default).sum()), open=int(rows["to_be_checked"].sum())
        )
    )
    replaced = override_lines(result)
    if replaced:
        lines.append(_("替代规范数据的取值："))
        lines += [f"- {line}" for line in replaced]
    return lines
