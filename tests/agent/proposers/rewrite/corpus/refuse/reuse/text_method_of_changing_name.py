def target(rows):
    text = ""
    for row in rows:
        if text.strip():
            text = row
        print(text.strip())
