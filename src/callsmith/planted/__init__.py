"""Known faults put into good rows: they prove the checks, and show what each of them can see."""

from callsmith.planted.faults import FAULTS, Planted, plant
from callsmith.planted.recall import Recall, expectation_of, recall

__all__ = ["FAULTS", "Planted", "Recall", "expectation_of", "plant", "recall"]
