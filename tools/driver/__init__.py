"""What runs inside a target's sandbox: standard library only, Python 3.8 and newer, mounted as `_hasten_driver`."""
