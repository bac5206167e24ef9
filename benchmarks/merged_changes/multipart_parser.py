"""An upload with a field and a file whose lines end in CR-LF."""

import io
import random

from multipart import parse_form

sizes = (100, 1_000)


def make_input(seed, size):
    rng = random.Random(seed)
    lines = b"\r\n".join(rng.randbytes(rng.randint(0, 60)).replace(b"-", b"+") for _ in range(size))
    field = b'--frontier\r\nContent-Disposition: form-data; name="title"\r\n\r\nlines\r\n'
    file = b'--frontier\r\nContent-Disposition: form-data; name="upload"; filename="lines.txt"\r\n\r\n'
    return field + file + lines + b"\r\n--frontier--\r\n"


def run(body):
    found = []
    headers = {"Content-Type": b"multipart/form-data; boundary=frontier", "Content-Length": str(len(body)).encode()}
    parse_form(
        headers,
        io.BytesIO(body),
        lambda field: found.append((field.field_name, field.value)),
        lambda file: found.append((file.field_name, file.file_name, file.size, content(file.file_object))),
    )
    return found


def content(file):
    file.seek(0)
    return file.read()
