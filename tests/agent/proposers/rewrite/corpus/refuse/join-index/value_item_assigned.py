def target(left: list, right: list):
    for a in left:
        for b in right:
            if a["wants"] == b["k"]:
                a["wants"] = b["next"]
