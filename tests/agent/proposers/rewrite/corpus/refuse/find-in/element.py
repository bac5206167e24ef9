def target(tree, tag):
    return tree.find(tag) != -1
