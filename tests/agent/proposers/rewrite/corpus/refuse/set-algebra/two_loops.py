def target(lines, stop):
    known = set(stop)
    return any(word in known for line in lines for word in line)
