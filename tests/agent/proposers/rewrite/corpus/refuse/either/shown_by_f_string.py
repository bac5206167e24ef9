def target(a, b):
    return f"{max(a, b)=}"
