"""Opens a GeoPackage in QGIS as a planner would and draws it: run by QGIS's own Python, not by this project's.

    python3 docs/qgis_render.py plan.gpkg pictures [font.ttf [width]]

Draws every layer in the style that the file brings, and the project inside the file as it opens; prints one JSON object
with what QGIS understood of each layer.
"""

from __future__ import annotations

import json
import sqlite3
import sys
from pathlib import Path

from qgis.core import (
    QgsApplication,
    QgsMapRendererSequentialJob,
    QgsMapSettings,
    QgsProject,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtGui import QColor, QFontDatabase

_WIDTH, _SHAPE = 1400, 0.8


def main(package: Path, pictures: Path, font: str, width: int) -> None:
    """Draw everything and print what was understood."""
    if font:
        QFontDatabase.addApplicationFont(font)
    pictures.mkdir(parents=True, exist_ok=True)
    names = _names(package)
    layers = {name: QgsVectorLayer(f"{package}|layername={name}", name, "ogr") for name in names["layers"]}
    told = {name: _told(layer) for name, layer in layers.items()}
    ground = layers[names["layers"][0]].extent()
    ground.scale(1.05)
    for number, (name, layer) in enumerate(layers.items()):
        _draw([layer], ground, layer.crs(), pictures / f"{number:02d}_{name.replace(' ', '_')}.png", width)
    sys.stdout.write(
        json.dumps({"layers": told, "project": _project(package, names, pictures, width)}, ensure_ascii=False)
    )


def _names(package: Path) -> dict[str, list[str]]:
    with sqlite3.connect(package) as connection:
        layers = connection.execute("SELECT table_name FROM gpkg_contents WHERE data_type = 'features'").fetchall()
        projects = connection.execute("SELECT name FROM qgis_projects").fetchall()
    return {"layers": [name for (name,) in layers], "projects": [name for (name,) in projects]}


def _told(layer: QgsVectorLayer) -> dict[str, object]:
    renderer = layer.renderer()
    return {
        "valid": layer.isValid(),
        "features": layer.featureCount(),
        "crs": layer.crs().authid(),
        "renderer": renderer.type(),
        "legend": [item.label() for item in renderer.legendSymbolItems()],
        "labels": layer.labelsEnabled(),
        "fonts": layer.labeling().settings().format().families() if layer.labeling() else [],
        "titles": {field.name(): layer.attributeDisplayName(at) for at, field in enumerate(layer.fields())},
        "widgets": {field.name(): layer.editorWidgetSetup(at).type() for at, field in enumerate(layer.fields())},
        "locked": [field.name() for at, field in enumerate(layer.fields()) if layer.editFormConfig().readOnly(at)],
    }


def _project(package: Path, names: dict[str, list[str]], pictures: Path, width: int) -> dict[str, object]:
    project = QgsProject.instance()
    opened = project.read(f"geopackage:{package}?projectName={names['projects'][0]}")
    root = project.layerTreeRoot()
    shown = [node.layer() for node in root.findLayers() if node.isVisible() and node.layer()]
    view = project.viewSettings().fullExtent()
    view.scale(1.05)
    _draw(shown, view, project.crs(), pictures / "project.png", width)
    for node in root.findLayers():
        if node.layer() and not node.isVisible() and node.layer().renderer().type() != "singleSymbol":
            picked = [*(layer for layer in shown if layer.name() in {"乡镇街道"}), node.layer()]
            _draw(picked, view, project.crs(), pictures / f"with_{node.layer().name().replace(' ', '_')}.png", width)
    return {
        "opened": opened,
        "crs": project.crs().authid(),
        "title": project.title(),
        "valid": all(layer.isValid() for layer in project.mapLayers().values()),
        "groups": [group.name() for group in root.children()],
        "layers": len(project.mapLayers()),
        "shown": [layer.name() for layer in shown],
    }


def _draw(layers: list[QgsVectorLayer], extent: object, crs: object, picture: Path, width: int) -> None:
    settings = QgsMapSettings()
    settings.setLayers(layers)
    settings.setDestinationCrs(crs)
    settings.setExtent(extent)
    settings.setOutputSize(QSize(width, int(width * _SHAPE)))
    settings.setOutputDpi(110)
    settings.setBackgroundColor(QColor("white"))
    job = QgsMapRendererSequentialJob(settings)
    job.start()
    job.waitForFinished()
    job.renderedImage().save(str(picture))


if __name__ == "__main__":
    application = QgsApplication([], False)
    application.initQgis()
    given = dict(enumerate(sys.argv[1:]))
    main(Path(given[0]), Path(given[1]), given.get(2, ""), int(given.get(3, _WIDTH)))
    QgsProject.instance().clear()
    application.exitQgis()
