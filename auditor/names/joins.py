"""Complete joins of two lists of names: no pair that brute force finds is missed."""

from auditor.names.editjoin import EditJoin
from auditor.names.pairs import Pairs
from auditor.names.ratiojoin import RatioJoin

__all__ = ["EditJoin", "Pairs", "RatioJoin"]
