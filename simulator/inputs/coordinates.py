"""Places of every table in one projected CRS in metres; coordinates that cannot be right are problems."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

from simulator.language import translate as _

Floats = npt.NDArray[np.float64]

GEOGRAPHIC_CGCS2000 = 4490
_FIRST_BAND, _FIRST_MERIDIAN, _LAST_MERIDIAN, _BAND_WIDTH = 4534, 75, 135, 3
_FIRST_ZONED_BAND, _FIRST_ZONE, _LAST_ZONE, _ZONE_STEP = 4513, 25, 45, 1_000_000
_LARGEST_LONGITUDE, _LARGEST_LATITUDE = 180, 90
_MARGIN_DEGREES = 3.0


def parse_crs(text: str) -> CRS | None:
    """The CRS that a text names (`EPSG:4546`, WKT, PROJ), or None.

    >>> parse_crs("EPSG:4546").is_projected, parse_crs("北京54")
    (True, None)
    """
    try:
        return CRS.from_user_input(text)
    except CRSError:
        return None


def is_metric(crs: CRS) -> bool:
    """Whether distances in the CRS are metres on the ground (Web Mercator's are not).

    >>> [is_metric(CRS(f"EPSG:{code}")) for code in (4546, 4490, 3857, 2226)]
    [True, False, False, False]
    """
    if not crs.is_projected or any(axis.unit_name not in {"metre", "meter"} for axis in crs.axis_info):
        return False
    method = crs.coordinate_operation.method_name if crs.coordinate_operation else ""
    return "Mercator" not in method or "Transverse" in method or "Oblique" in method


def band_of_longitude(longitude: float) -> CRS:
    """The CGCS2000 3° Gauss–Krüger band with the central meridian nearest to a longitude.

    >>> band_of_longitude(122.2).to_epsg()
    4550
    """
    meridian = round(longitude / _BAND_WIDTH) * _BAND_WIDTH
    meridian = min(max(meridian, _FIRST_MERIDIAN), _LAST_MERIDIAN)
    return CRS.from_epsg(_FIRST_BAND + (meridian - _FIRST_MERIDIAN) // _BAND_WIDTH)


def metric_crs(declared: CRS | None, places: gpd.GeoSeries) -> CRS:
    """The CRS in which a district is planned.

    The declared one, else that of its places, if it is metric; else the 3° band of their centre
    inside China; else the UTM zone.
    """
    for crs in (declared, places.crs):
        if crs is not None and is_metric(crs):
            return crs
    west, south, east, north = places.to_crs(GEOGRAPHIC_CGCS2000).total_bounds
    longitude, latitude = (west + east) / 2, (south + north) / 2
    area = CRS.from_epsg(GEOGRAPHIC_CGCS2000).area_of_use
    if area is None:
        return band_of_longitude(longitude)
    if area.west <= longitude <= area.east and area.south <= latitude <= area.north:
        return band_of_longitude(longitude)
    return CRS.from_user_input(places.estimate_utm_crs())


def misfits(x: Floats, y: Floats, crs: CRS) -> dict[str, npt.NDArray[np.bool_]]:
    """Which coordinates cannot be in a CRS, by what they look like.

    Returns
    -------
    dict
        Reason → mask; the reasons are `metres`, `degrees`, `swapped`, `zoned` and `outside`, and
        a point has at most one of them. Empty where all fit.
    """
    small = (np.abs(x) <= _LARGEST_LONGITUDE) & (np.abs(y) <= _LARGEST_LONGITUDE)
    beyond = ~_fits(x, y, crs)
    found = {
        "swapped": beyond & _fits(y, x, crs),
        "degrees": beyond & small & ((x != 0) | (y != 0)) & bool(crs.is_projected),
        "metres": beyond & ~small & bool(crs.is_geographic),
        "zoned": beyond & _is_zoned(x) & _fits(x % _ZONE_STEP, y, crs) & bool(crs.is_projected),
        "outside": beyond,
    }
    taken = np.zeros(len(x), dtype=bool)
    masks = {}
    for reason, mask in found.items():
        if (mask & ~taken).any():
            masks[reason] = mask & ~taken
        taken |= mask
    return masks


def _is_zoned(x: Floats) -> npt.NDArray[np.bool_]:
    """Whether eastings carry the number of a 3° zone before the six digits."""
    zone = x // _ZONE_STEP
    return np.asarray((zone >= _FIRST_ZONE) & (zone <= _LAST_ZONE))


def _fits(x: Floats, y: Floats, crs: CRS) -> npt.NDArray[np.bool_]:
    """Whether coordinates fall inside the area of use of the CRS, with a margin of 3°."""
    if crs.is_geographic:
        longitude, latitude = x, y
    else:
        transformer = Transformer.from_crs(crs, crs.geodetic_crs or GEOGRAPHIC_CGCS2000, always_xy=True)
        longitude, latitude = transformer.transform(x, y)
    fits = (np.abs(longitude) <= _LARGEST_LONGITUDE) & (np.abs(latitude) <= _LARGEST_LATITUDE)
    area = crs.area_of_use
    if area is None or area.west > area.east:
        return np.asarray(fits)
    fits &= (longitude >= area.west - _MARGIN_DEGREES) & (longitude <= area.east + _MARGIN_DEGREES)
    fits &= (latitude >= area.south - _MARGIN_DEGREES) & (latitude <= area.north + _MARGIN_DEGREES)
    return np.asarray(fits)


def misfit_words(reason: str, x: float, crs: CRS) -> tuple[str, str]:
    """What is wrong with coordinates of that reason, and what to do, in the planner's words."""
    match reason:
        case "metres":
            return _("像是以米为单位的坐标，而坐标系 {crs} 以度为单位").format(crs=name_of(crs)), _(
                "改正 crs，例如 EPSG:4546（CGCS2000 3度带，中央经线 111°）"
            )
        case "degrees":
            return _("像是经纬度，而坐标系 {crs} 以米为单位").format(crs=name_of(crs)), _(
                "改正 crs，例如 EPSG:4490（CGCS2000 经纬度）"
            )
        case "swapped":
            return _("x、y 像是写反了：x 应为东向坐标或经度，y 应为北向坐标或纬度"), _("把两列对调")
        case "zoned":
            zone = int(x // _ZONE_STEP)
            zoned = _FIRST_ZONED_BAND + zone - _FIRST_ZONE
            return _("x 带有带号 {zone}，而坐标系 {crs} 不带带号").format(zone=zone, crs=name_of(crs)), _(
                "把 crs 改为 EPSG:{code}，或去掉带号"
            ).format(code=zoned)
        case _other:
            return _("不在坐标系 {crs} 的适用范围内").format(crs=name_of(crs)), _("核对坐标和 crs")


def name_of(crs: CRS) -> str:
    """A short name of a CRS to print."""
    code = crs.to_epsg()
    return f"EPSG:{code}" if code else crs.name


def coordinate_arrays(places: Iterable[Any]) -> tuple[Floats, Floats]:
    """Centres of geometries, x and y, shapes (n,) and (n,)."""
    import shapely

    geometries = np.asarray(list(places), dtype=object)
    centres = shapely.centroid(geometries)
    return np.asarray(shapely.get_x(centres)), np.asarray(shapely.get_y(centres))
