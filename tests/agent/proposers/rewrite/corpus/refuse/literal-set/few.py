def target(rows):
    return [row for row in rows if row in ("a", "b", "c")]
