def target(rows):
    if rows == None:
        return dict()
    else:
        return {}
