"""Plans a day in a small workshop."""

from shopfloor.day import plan_day

__all__ = ["plan_day"]
__version__ = "1.4.2"
