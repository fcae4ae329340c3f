"""comparison.html: the comparison on one page, in a single file without script that needs no network."""

from __future__ import annotations

import base64
import hashlib
import html
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from simulator.language import current_language
from simulator.language import translate as _
from simulator.outputs import stamp
from simulator.outputs.comparison.comparison import Comparison
from simulator.outputs.comparison.pictures import DOTS, MAP, STREAM, Drawing
from simulator.outputs.comparison.sentences import affected_sentences, best_sentences, decision_sentences
from simulator.outputs.comparison.sheets import shortened
from simulator.outputs.titles import headline
from simulator.outputs.word.collect_tables import sheet_fields
from simulator.outputs.word.pictures import small_pictures
from simulator.outputs.workbook.sheet import Sheet

_STYLE = Path(__file__).with_name("page.css")
_MOST_ROWS, _OPEN_ROWS = 400, 30


def page_text(
    comparison: Comparison, sheets: Sequence[Sheet], pictures: Sequence[tuple[Drawing, Path]], scratch: Path
) -> str:
    """The page as HTML.

    Parameters
    ----------
    comparison, sheets, pictures
        What it says and shows.
    scratch
        A folder for smaller copies of the pictures.
    """
    style = _STYLE.read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"
    body = "\n".join(_body(comparison, sheets, pictures, scratch))
    title = html.escape(comparison.title)
    return (
        f'<!DOCTYPE html>\n<html lang="{current_language().value}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{html.escape(policy)}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n<meta name="robots" content="noindex">\n'
        f"<title>{title}</title>\n<style>{style}</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )


def _body(
    comparison: Comparison, sheets: Sequence[Sheet], pictures: Sequence[tuple[Drawing, Path]], scratch: Path
) -> Iterator[str]:
    by_name = {sheet.name: sheet for sheet in sheets}
    small = small_pictures(tuple({path.parent for _drawing, path in pictures}), scratch)
    parts: tuple[tuple[str, str, list[str], tuple[str, ...], str], ...] = (
        ("plans", _("参加比选的方案"), [], (_("方案说明"),), ""),
        ("notes", _("可比性"), list(comparison.notes), (), ""),
        ("figures", _("主要指标"), best_sentences(comparison), (_("T18 情景比选"), _("差异系数")), DOTS),
        ("works", _("举措和招生范围的差别"), decision_sentences(comparison),
         (_("举措数"), _("举措差异"), _("招生范围差异")), MAP),
        ("children", _("受影响的学生"), affected_sentences(comparison),
         (_("影响学生"), _("影响学生分乡镇"), _("学生流向")), STREAM),
    )  # fmt: skip
    there = [part for part in parts if part[2] or any(name in by_name for name in part[3])]
    yield f"<header>\n<h1>{html.escape(comparison.title)}</h1>\n<p>{html.escape(_facts(comparison))}</p>"
    yield f'<p class="edition">{html.escape(_("内部资料，未经审核不得公开"))}</p>\n</header>'
    links = "".join(f'<a href="#{key}">{html.escape(title)}</a>' for key, title, *_rest in there)
    yield f'<nav aria-label="{html.escape(_("目录"))}">{links}</nav>\n<main>'
    for key, title, sentences, names, kind in there:
        yield f'<section id="{key}">\n<h2>{html.escape(title)}</h2>'
        if sentences:
            yield "<ul>" + "".join(f"<li>{html.escape(words)}</li>" for words in sentences) + "</ul>"
        if kind == DOTS:
            yield from _figures(pictures, small, kind)
        yield from (_table(by_name[name]) for name in names if name in by_name)
        if kind in {MAP, STREAM}:
            yield from _figures(pictures, small, kind)
        yield "</section>"
    yield "</main>"


def _facts(comparison: Comparison) -> str:
    names = _("；").join(_("{name} {title}").format(name=s.name, title=s.stored.title) for s in comparison.plans)
    author = comparison.first.scenario.outputs.author or _("（未填写）")
    return _("{plans}。编制单位：{author}。{date}").format(
        plans=names, author=author, date=stamp.created().date().isoformat()
    )


def _figures(pictures: Sequence[tuple[Drawing, Path]], small: Mapping[str, Path], kind: str) -> Iterator[str]:
    for drawing, _path in pictures:
        if drawing.kind == kind:
            data = base64.b64encode(small[drawing.stem].read_bytes()).decode()
            words = html.escape(drawing.caption)
            yield (
                f'<figure class="{kind}"><img src="data:image/png;base64,{data}" alt="{words}">'
                f"<figcaption>{words}</figcaption></figure>"
            )


def _table(sheet: Sheet) -> str:
    """A table; a long one can be folded away and is so at first."""
    fields = sheet_fields(sheet.name, shortened(sheet, _MOST_ROWS, "comparison.xlsx"))
    marks = ['<th scope="col"' + (' class="n"' if right else "") + ">" for right in fields.numeric]
    head = "".join(f"{mark}{_lines(headline(title))}</th>" for mark, title in zip(marks, fields.columns, strict=True))
    rows = "".join(
        "<tr>"
        + "".join(
            (f'<td class="n">{html.escape(cell) or "—"}</td>' if right else f"<td>{_lines(cell)}</td>")
            for cell, right in zip(row, fields.numeric, strict=True)
        )
        + "</tr>"
        for row in fields.rows
    )
    unit = f"<span>{html.escape(fields.unit)}</span>" if fields.unit else ""
    note = f'<p class="note">{html.escape(fields.note)}</p>' if fields.note else ""
    table = f'<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>{note}'
    opened = " open" if len(fields.rows) <= _OPEN_ROWS else ""
    count = _("{count} 行").format(count=len(fields.rows))
    return f"<details{opened}><summary>{html.escape(fields.title)}（{html.escape(count)}）{unit}</summary>{table}</details>"


def _lines(text: str) -> str:
    return html.escape(text).replace("\n", "<br>")
