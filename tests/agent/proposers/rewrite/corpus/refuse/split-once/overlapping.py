def target(text):
    return text.split("aa")[-1]
