"""The demonstration districts: published totals with their source; everything else comes out of the seeded generator."""

from geodata.demonstrations.card import Demonstration
from geodata.demonstrations.chengzhong import chengzhong
from geodata.demonstrations.dinghai import dinghai
from geodata.demonstrations.linxian import linxian
from geodata.demonstrations.shawan import shawan
from geodata.demonstrations.taizhou import taizhou

DEMONSTRATIONS = (chengzhong, dinghai, shawan, linxian, taizhou)

__all__ = ["DEMONSTRATIONS", "Demonstration", "chengzhong", "dinghai", "linxian", "shawan", "taizhou"]
