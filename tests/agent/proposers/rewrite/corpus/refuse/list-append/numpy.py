import numpy as np


def target(rows):
    kept = []
    for row in rows:
        kept = kept + [np.zeros(row)]
    return kept
