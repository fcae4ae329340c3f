"""QGIS itself opens plan.gpkg: layers, styles, titles, drop-down lists, the project inside."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import matplotlib.image as mpimg
import pytest

from docs.programs import drawn_in_qgis
from simulator.outputs.geopackage import write_geopackage
from simulator.outputs.maps.view import map_view
from tests.result_cases import CRS, make_result

pytestmark = pytest.mark.program("qgis")


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], Path]:
    """What QGIS understood, and the pictures that it drew."""
    folder = tmp_path_factory.mktemp("qgis")
    result = make_result(folder)
    write_geopackage(result, map_view(result), folder / "plan.gpkg")
    package = Path(shutil.copy(folder / "plan.gpkg", folder / "plan.gpkg.was"))
    told = drawn_in_qgis(folder / "plan.gpkg", folder / "pictures", 300)
    assert package.read_bytes() == (folder / "plan.gpkg").read_bytes(), "looking at a result changed it"
    return json.loads(told), folder / "pictures"


def test_every_layer_opens_with_its_own_style_labels_and_titles(opened):
    layers = opened[0]["layers"]
    assert len(layers) >= 17
    for name, layer in layers.items():
        assert (layer["valid"], layer["crs"]) == (True, CRS), name
        assert layer["renderer"] != "singleSymbol" or name in {"乡镇街道", "交通障碍"}, name
        untitled = [field for field, title in layer["titles"].items() if field == title]
        assert untitled == ["fid"], name
    assert layers["规划学校学部"]["legend"] == ["保留", "撤并", "新建"]
    assert layers["校核问题"]["legend"][-1] == "刚性"
    assert layers["划片单元"]["labels"]


def test_only_the_columns_that_a_planner_may_change_are_open_and_offer_a_list(opened):
    for name, open_fields in (
        ("划片单元", {"primary_1_3_p1", "junior_p2"}),
        ("规划学校学部", {"do", "do_year", "do_amount"}),
    ):
        layer = opened[0]["layers"][name]
        free = set(layer["titles"]) - set(layer["locked"]) - {"fid"}
        assert open_fields <= free
        assert all("可改" in layer["titles"][field] for field in free)
    assert opened[0]["layers"]["划片单元"]["widgets"]["junior_p2"] == "ValueMap"


def test_the_project_inside_opens_in_groups_with_the_plan_shown(opened):
    project = opened[0]["project"]
    assert (project["opened"], project["valid"], project["crs"]) == (True, True, CRS)
    assert project["layers"] == len(opened[0]["layers"])
    assert project["groups"][:2] == ["举措", "学校"]
    assert {"规划学校学部", "招生范围 小学 2028—2030年"} <= set(project["shown"])


def test_pictures_of_the_layers_are_not_empty(opened):
    for name in ("project.png", "00_划片单元.png"):
        picture = mpimg.imread(opened[1] / name)[..., :3]
        assert picture.std() > 0.05, name
