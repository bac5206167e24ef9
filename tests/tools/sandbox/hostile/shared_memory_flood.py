"""Takes anonymous shared memory, which lives in no file system with a size."""

import mmap

held = []
while True:
    part = mmap.mmap(-1, 8_000_000)
    part.write(b"x" * 8_000_000)
    held.append(part)
