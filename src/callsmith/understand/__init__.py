"""What tools do, what their parameters mean and what people would say of them, inferred with a confidence."""

from callsmith.understand.explaining import explain
from callsmith.understand.inference import THRESHOLD, merge, understand, usable

__all__ = ["THRESHOLD", "explain", "merge", "understand", "usable"]
