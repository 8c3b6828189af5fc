"""What completed reviews tell of hours and delays, each with its interval: as policy and scenario values."""

from scenarios.calibrate.calibrate import calibrate
from scenarios.calibrate.figures import Calibration, Figure, Untold
from scenarios.calibrate.written import write

__all__ = ["Calibration", "Figure", "Untold", "calibrate", "write"]
