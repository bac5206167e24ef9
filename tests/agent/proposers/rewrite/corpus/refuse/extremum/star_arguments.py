def target(rows, options):
    return sorted(rows, **options)[0]
