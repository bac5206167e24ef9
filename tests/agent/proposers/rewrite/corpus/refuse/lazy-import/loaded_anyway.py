import os


def target(path):
    return os.fspath(path)
