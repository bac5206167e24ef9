from natsort import natsorted as sorted


def target(rows):
    return sorted(rows)[0]
