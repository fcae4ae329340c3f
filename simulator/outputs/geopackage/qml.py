"""The look of a layer as QGIS's own style document (QML)."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterable, Mapping

from simulator.outputs.geopackage.layer import Field, Layer
from simulator.outputs.geopackage.style import Entry, Kind, Style, Symbol, Words, rgba

FONTS = ("Noto Sans SC", "Microsoft YaHei", "Noto Sans CJK SC", "SimHei", "PingFang SC")
"""Faces for labels: QGIS takes the first that the machine has."""
_VERSION = "3.22.0"
_GEOMETRY_TYPES = {"Point": "0", "MultiLineString": "1", "MultiPolygon": "2"}
# QGIS's numbers of ways to place labels: beside a point by its own order, along a line, horizontal in an area.
_BESIDE, _ALONG, _INSIDE = "6", "2", "1"
_MANY_ROWS = "1000000"


def style_document(layer: Layer, style: Style) -> str:
    """The QML of a layer under one of its styles.

    Parameters
    ----------
    layer
        For fields and geometry.
    style
        The look.

    Returns
    -------
    str
        A whole document.
    """
    root = ET.Element("qgis", version=_VERSION, styleCategories="AllStyleCategories")
    root.extend(style_elements(layer, style))
    root.set("labelsEnabled", "1" if style.words else "0")
    ET.indent(root)
    return "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n" + ET.tostring(root, encoding="unicode")


def style_elements(layer: Layer, style: Style) -> list[ET.Element]:
    """What a style document and a layer of a project have in common."""
    found = [_renderer(style)]
    if style.words:
        found.append(_labeling(style.words, layer.geometry))
    found += [_text("blendMode", "0"), _text("layerOpacity", f"{style.opacity:g}")]
    found += [_widgets(layer.fields), _aliases(layer.fields), _editable(layer.fields)]
    title = next((field.name for field in layer.fields if field.name in {"name", "school"}), layer.fields[0].name)
    found.append(_text("previewExpression", f'"{title}"'))
    found.append(_text("layerGeometryType", _GEOMETRY_TYPES[layer.geometry]))
    return found


def _renderer(style: Style) -> ET.Element:
    root = ET.Element("renderer-v2", type=style.kind.value, forceraster="0", enableorderby="0", symbollevels="0")
    if style.attribute and style.kind is not Kind.RULES:
        root.set("attr", style.attribute)
    if style.kind is Kind.CATEGORIES:
        _categories(root, style.entries)
    elif style.kind is Kind.GRADES:
        _grades(root, style.entries)
    elif style.kind is Kind.RULES:
        _rules(root, style.entries)
    symbols = ET.SubElement(root, "symbols")
    for number, entry in enumerate(style.entries):
        symbols.append(_symbol(entry.symbol, str(number)))
    return root


def _categories(root: ET.Element, entries: Iterable[Entry]) -> None:
    parent = ET.SubElement(root, "categories")
    for number, entry in enumerate(entries):
        ET.SubElement(
            parent,
            "category",
            symbol=str(number),
            value=entry.value,
            type="string",
            label=entry.words,
            render="true" if entry.shown else "false",
        )


def _grades(root: ET.Element, entries: Iterable[Entry]) -> None:
    root.set("graduatedMethod", "GraduatedColor")
    parent = ET.SubElement(root, "ranges")
    for number, entry in enumerate(entries):
        ET.SubElement(
            parent,
            "range",
            symbol=str(number),
            lower=f"{entry.least:.6f}",
            upper=f"{entry.most:.6f}",
            label=entry.words,
            render="true",
        )


def _rules(root: ET.Element, entries: Iterable[Entry]) -> None:
    parent = ET.SubElement(root, "rules", key="{rules}")
    for number, entry in enumerate(entries):
        ET.SubElement(
            parent,
            "rule",
            key=f"{{rule-{number}}}",
            symbol=str(number),
            label=entry.words,
            filter=entry.value or "ELSE",
        )


def _symbol(symbol: Symbol, name: str) -> ET.Element:
    root = ET.Element(
        "symbol", type=symbol.kind, name=name, alpha="1", clip_to_extent="1", force_rhr="0", is_animated="0"
    )
    for number, (kind, values) in enumerate(symbol.layers):
        layer = ET.SubElement(root, "layer", {"class": kind, "enabled": "1", "locked": "0", "pass": "0"})
        layer.append(_options(values))
        if kind == "MarkerLine":
            head = {key: values[key] for key in values if key not in {"placement", "rotate"}}
            layer.append(_symbol(Symbol("marker", (("SimpleMarker", head),)), f"@{name}@{number}"))
    return root


def _options(values: Mapping[str, str]) -> ET.Element:
    root = ET.Element("Option", type="Map")
    for key, value in values.items():
        ET.SubElement(root, "Option", name=key, value=value, type="QString")
    return root


def _labeling(words: Words, geometry: str) -> ET.Element:
    root = ET.Element("labeling", type="simple")
    settings = ET.SubElement(root, "settings", calloutType="simple")
    settings.append(_text_style(words))
    placement = _BESIDE if words.beside else _ALONG if geometry == "MultiLineString" else _INSIDE
    ET.SubElement(
        settings,
        "placement",
        placement=placement,
        dist="1.2" if words.beside else "0",
        distUnits="MM",
        offsetType="1",
        placementFlags="10",
        predefinedPositionOrder="R,L,TR,BR,TL,BL,TSR,BSR",
        centroidInside="1",
        priority="5",
        polygonPlacementFlags="2",
    )
    ET.SubElement(
        settings,
        "rendering",
        scaleVisibility="1" if words.least_scale else "0",
        scaleMin="1",
        scaleMax=str(words.least_scale),
        obstacle="1",
        obstacleFactor="1",
        displayAll="0",
        mergeLines="0",
        upsidedownLabels="0",
        fontMinPixelSize="3",
        fontMaxPixelSize="10000",
    )
    return root


def _text_style(words: Words) -> ET.Element:
    root = ET.Element(
        "text-style",
        fieldName=words.expression,
        isExpression="1",
        fontFamily=FONTS[0],
        fontSize=f"{words.size:g}",
        fontSizeUnit="Point",
        fontWeight="50",
        fontItalic="0",
        textColor=rgba(words.colour),
        textOpacity="1",
        multilineHeight="0.9",
        namedStyle="Regular",
    )
    families = ET.SubElement(root, "families")
    for name in FONTS:
        ET.SubElement(families, "family", name=name)
    ET.SubElement(
        root,
        "text-buffer",
        bufferDraw="1",
        bufferSize="0.8",
        bufferSizeUnits="MM",
        bufferColor=rgba("#ffffff"),
        bufferOpacity="0.9",
        bufferNoFill="0",
        bufferJoinStyle="128",
    )
    return root


def _widgets(fields: Iterable[Field]) -> ET.Element:
    """How each field is shown and changed in a form: a list of choices, or text."""
    root = ET.Element("fieldConfiguration")
    for one in fields:
        field = ET.SubElement(root, "field", name=one.name, configurationFlags="None")
        widget = ET.SubElement(field, "editWidget", type="ValueMap" if one.choices else "TextEdit")
        config = ET.SubElement(ET.SubElement(widget, "config"), "Option", type="Map")
        if one.choices:
            listed = ET.SubElement(config, "Option", name="map", type="List")
            for choice in one.choices:
                pair = ET.SubElement(listed, "Option", type="Map")
                ET.SubElement(pair, "Option", name=choice or " ", value=choice, type="QString")
        else:
            ET.SubElement(config, "Option", name="IsMultiline", value="false", type="bool")
    return root


def _aliases(fields: Iterable[Field]) -> ET.Element:
    root = ET.Element("aliases")
    for number, one in enumerate(fields):
        ET.SubElement(root, "alias", field=one.name, index=str(number), name=one.title)
    return root


def _editable(fields: Iterable[Field]) -> ET.Element:
    root = ET.Element("editable")
    for one in fields:
        ET.SubElement(root, "field", name=one.name, editable="1" if one.editable else "0")
    return root


def _text(tag: str, text: str) -> ET.Element:
    element = ET.Element(tag)
    element.text = text
    return element
