"""The bundled fictional platform: invented people in an invented town."""

from auditor.demo.content import Planted, read_planted
from auditor.demo.dataset import targets, write_demo_dataset, write_targets
from auditor.demo.platform import REFERENCES, Platform, read_platform
from auditor.demo.server import DemoServer

__all__ = [
    "REFERENCES",
    "DemoServer",
    "Planted",
    "Platform",
    "read_planted",
    "read_platform",
    "targets",
    "write_demo_dataset",
    "write_targets",
]
