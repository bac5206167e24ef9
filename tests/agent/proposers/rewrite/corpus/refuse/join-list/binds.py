def target(parts):
    joined = ", ".join(last := part for part in parts)
    return joined, last
