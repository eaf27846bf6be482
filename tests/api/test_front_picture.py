"""Pictures of fronts: what their axes count in, and which colour is the best."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import replace

import numpy as np

from api.front_picture import DARK, PALE, picture
from graph.language import speaking
from planner.pareto.aims import Aim
from planner.pareto.front import Front, Point
from planner.pareto.study import Study
from planner.scenario import Scenario

SVG = "{http://www.w3.org/2000/svg}"
AIMS = tuple(Aim("funds", key) for key in ("worth", "deep", "microcredit"))


def drawn(scenario: Scenario, *values: tuple[int, ...]) -> ET.Element:
    aims = AIMS[: len(values[0])]
    points = tuple(Point(v, np.zeros(0, np.int64)) for v in values)
    with speaking("en"):
        return ET.fromstring(picture(Study("f", scenario, aims, Front(points, "cut", 3), ())))


def words(svg: ET.Element) -> list[str]:
    return [t.text or "" for t in svg.iter(f"{SVG}text")]


def test_large_sums_are_counted_in_billions(small: Scenario) -> None:
    told = words(drawn(small, (-4 * 10**12, -(10**9)), (-2 * 10**12, -5 * 10**9)))
    assert "weighted need met ↑ (bn points)" in told
    assert "money of counties that come first ↑ (bn yuan)" in told
    assert {"2", "3", "4", "5"} <= set(told)
    told = words(drawn(small, (-4000, -10), (-2000, -50)))
    assert "weighted need met ↑ (points)" in told


def test_of_three_aims_the_best_of_the_third_is_dark(small: Scenario) -> None:
    svg = drawn(small, (-3000, -20, 7), (-2000, -40, 5), (-1000, -30, 0))
    circles = svg.findall(f"{SVG}circle")
    dark, pale = ("#" + "".join(f"{c:02x}" for c in rgb) for rgb in (DARK, PALE))
    assert [c.attrib["fill"] for c in circles[:3]][::2] == [pale, dark]
    assert len(circles) == 9
    assert sum("stroke" in c.attrib for c in circles) == 0
    assert {"colour: microcredit lent", "1", "2", "3"} <= set(words(svg))


def test_a_point_that_is_best_in_an_aim_has_a_ring(small: Scenario) -> None:
    points = tuple(Point(v, np.zeros(0, np.int64)) for v in ((-3, -2, 7), (-2, -4, 5)))
    study = Study("f", small, AIMS, Front((replace(points[0], end_of=(0,)), points[1]), "corners", 3), ())
    circles = ET.fromstring(picture(study)).findall(f"{SVG}circle")
    assert ["stroke" in c.attrib for c in circles] == [True, False] * 3
