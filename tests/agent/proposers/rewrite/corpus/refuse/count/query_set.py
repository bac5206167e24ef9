def target(manager, parts):
    return [manager.count() for part in parts]
