"""Makes empty files in every place that lets it, and says how many each took."""

import sys

for place in sys.argv[1:]:
    made = 0
    try:
        while made < 100_000:
            open(f"{place}/n{made}", "w").close()
            made += 1
        end = "endless"
    except OSError as error:
        end = error.strerror
    print(place, made, end, flush=True)
