import os


def target(path):
    return os.path.split("/")[0]
