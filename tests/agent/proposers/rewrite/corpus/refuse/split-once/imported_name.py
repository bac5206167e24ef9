from shlex import split
import shlex


def target(path):
    return shlex.split("a b")[0]
