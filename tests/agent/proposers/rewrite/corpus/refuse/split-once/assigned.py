def target(text):
    text.split("=")[0] = 1
