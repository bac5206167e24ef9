def target(path, parts):
    return path.join(part for part in parts)
