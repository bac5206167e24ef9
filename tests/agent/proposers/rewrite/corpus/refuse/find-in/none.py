def target(tree):
    return tree.find("a") is not None
