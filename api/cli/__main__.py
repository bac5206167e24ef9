"""`python -m api.cli`: the same as `hasten`."""

from api.cli.main import main

main()
