"""How far apart places are: points go in, seconds come out, nothing is kept."""

from dispatch.places.roads.by_road import ByRoad
from dispatch.places.roads.estimate import Estimate, metres_between, metres_by_road
from dispatch.places.roads.matrix import NO_ROAD, Basis, Legs, Matrix, Roads

__all__ = [
    "NO_ROAD",
    "Basis",
    "ByRoad",
    "Estimate",
    "Legs",
    "Matrix",
    "Roads",
    "metres_between",
    "metres_by_road",
]
