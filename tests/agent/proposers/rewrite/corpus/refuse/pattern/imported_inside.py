def target(lines):
    import re

    return [line for line in lines if re.match("a+", line)]
