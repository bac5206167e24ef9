def target(make, part):
    return make().find(part()) != -1
