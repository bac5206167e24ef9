def target(path):
    import shlex

    return shlex.split("a b")[0]
