"""The rectangle that an extract covers: what lies outside it cannot be known here."""

from dataclasses import dataclass

from dispatch.places.sealed import Point


@dataclass(frozen=True)
class Frame:
    """South, west, north and east, degrees."""

    south: float
    west: float
    north: float
    east: float

    def holds(self, point: Point, edge: float = 0.0) -> bool:
        """Whether `point` lies in it, or at most `edge` degrees outside."""
        return (
            self.south - edge <= point[0] <= self.north + edge
            and self.west - edge <= point[1] <= self.east + edge
        )

    def with_(self, other: "Frame") -> "Frame":
        """The rectangle around both."""
        return Frame(
            min(self.south, other.south),
            min(self.west, other.west),
            max(self.north, other.north),
            max(self.east, other.east),
        )

    @property
    def middle(self) -> Point:
        """Its middle."""
        return (self.south + self.north) / 2, (self.west + self.east) / 2

    def text(self) -> str:
        """As it is stored."""
        return f"{self.south!r} {self.west!r} {self.north!r} {self.east!r}"


def from_text(text: str) -> Frame:
    """A frame as it was before `text`."""
    return Frame(*map(float, text.split()))
