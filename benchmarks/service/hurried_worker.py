"""A worker whose leases end within seconds, for a small scale: `python -m benchmarks.service.hurried_worker`."""

import sys

from api.working import Reports
from workers.pace import Pace
from workers.run import run_worker
from workers.settings import read_settings

PACE = Pace(lease_s=8.0, beat_s=2.0, look_s=0.5, sweep_s=1.0, lost_s=4.0, retry_s=1.0, hand_over_s=20.0)

if __name__ == "__main__":
    sys.exit(run_worker(read_settings(), Reports(), 1, pace=PACE))
