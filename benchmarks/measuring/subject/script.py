"""A command: `python script.py SEED` prints twice its seed after the units of work that it takes."""

import sys

import pure

SIZE = 120

if __name__ == "__main__":
    print(pure.work(int(sys.argv[1]), SIZE))
