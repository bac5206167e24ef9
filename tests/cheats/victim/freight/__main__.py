"""`python -m freight SEED`: what a made-up tour has in common with another."""

import random
import sys

from freight.stops import common


def main(seed):
    """Print what two tours share."""
    rng = random.Random(seed)
    left = [rng.randrange(2000) for _ in range(1200)]
    right = [rng.randrange(2000) for _ in range(1200)]
    print(common(left, right))


if __name__ == "__main__":
    main(int(sys.argv[1]))
