def target(path, parts):
    return path.join(str(part) for part in parts)
