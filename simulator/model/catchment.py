"""A catchment as a graph of units: its pieces, what parts them from the school, and steps from unit to unit."""

from __future__ import annotations

from dataclasses import dataclass

from simulator.model.problem import FloatArray

# A unit belongs to a catchment by more than this share.
_MOSTLY = 0.5


@dataclass(frozen=True)
class Catchment:
    """The units that a section may serve of one group of grades, as a graph.

    Parameters
    ----------
    section
        Position of the section.
    pairs
        Unit → pair, of units that may be assigned.
    root
        The section's own unit, which counts as a member, or −1 where the catchment need only hold together.
    neighbours
        Unit → neighbouring units that may be assigned too (or are the root).
    exempt
        Units that may lie apart.
    """

    section: int
    pairs: dict[int, int]
    root: int
    neighbours: dict[int, tuple[int, ...]]
    exempt: frozenset[int]

    def stray(self, members: set[int]) -> list[set[int]]:
        """Pieces of a catchment that are not connected with its main one."""
        pieces = self.pieces(members | ({self.root} if self.root >= 0 else set()))
        if self.root >= 0:
            main = next(piece for piece in pieces if self.root in piece)
        else:
            main = max(pieces, key=lambda piece: (len(piece - self.exempt), -min(piece)), default=set())
        return [piece for piece in pieces if piece is not main and not piece <= self.exempt]

    def stray_of(self, shares: FloatArray) -> list[set[int]]:
        """The same, from the share of its block that each pair has in one phase."""
        return self.stray(self.members(shares))

    def members(self, shares: FloatArray) -> set[int]:
        """Units that are assigned, from the share of its block that each pair has in one phase."""
        return {unit for unit, pair in self.pairs.items() if shares[pair] > _MOSTLY}

    def steps(self, core: set[int], within: set[int] | None = None) -> dict[int, int]:
        """Steps from unit to unit between each unit and the core; units without a way are left out."""
        found, ring = dict.fromkeys(core, 0), sorted(core)
        while ring:
            outer = []
            for unit in ring:
                for other in self.neighbours.get(unit, ()):
                    if other not in found and (within is None or other in within):
                        found[other] = found[unit] + 1
                        outer.append(other)
            ring = outer
        return found

    def levels(self, members: set[int]) -> dict[int, int]:
        """Steps from the school through the catchment itself, then outward from it; units without a way are left out."""
        start = {self.root} if self.root >= 0 else set(sorted(members - self.exempt)[:1])
        found = self.steps(start, members | start)
        outside = self.steps(set(found))
        offset = max(found.values(), default=0)
        return found | {unit: offset + step for unit, step in outside.items() if step}

    def pieces(self, members: set[int]) -> list[set[int]]:
        """Connected pieces of a set of units."""
        left, found = set(members), []
        while left:
            start = min(left)
            piece, queue = {start}, [start]
            while queue:
                for unit in self.neighbours.get(queue.pop(), ()):
                    if unit in left and unit not in piece:
                        piece.add(unit)
                        queue.append(unit)
            left -= piece
            found.append(piece)
        return found

    def separator(self, piece: set[int], root: int) -> set[int]:
        """The smallest part of a piece's border that keeps it from the root, whatever else is assigned."""
        border = {unit for member in piece for unit in self.neighbours.get(member, ()) if unit not in piece}
        reached, queue, found = {root}, [root], set()
        while queue:
            for unit in self.neighbours.get(queue.pop(), ()):
                if unit in border:
                    found.add(unit)
                elif unit not in reached and unit not in piece:
                    reached.add(unit)
                    queue.append(unit)
        return found
