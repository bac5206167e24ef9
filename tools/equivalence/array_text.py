"""An encoded NumPy array as text: its values where they are numbers, else its size."""

import struct
from typing import Any

MOST_VALUES = 24
_CODES = {"f4": "f", "f8": "d", "i1": "b", "i2": "h", "i4": "i", "i8": "q", "u1": "B", "u2": "H", "u4": "I", "u8": "Q",
          "b1": "?", "M8": "q", "m8": "q"}  # fmt: skip


def array_text(_name: str, dtype: str, shape: list[int], data: Any, *_writeable: bool) -> str:
    """Like `array([1.0, 2.0], <f8)`, the shape besides where there are more dimensions than one."""
    if isinstance(data, list):
        return f"array of {len(data)} objects, shape {tuple(shape)}"
    code = _CODES.get(dtype[1:3])
    if code is None:
        return f"array of {dtype}, shape {tuple(shape)}, {len(data) // 2} bytes"
    values = [
        value for (value,) in struct.iter_unpack((dtype[0] if dtype[0] in "<>" else "=") + code, bytes.fromhex(data))
    ]
    shown = ", ".join(map(repr, values[:MOST_VALUES])) + (", …" if len(values) > MOST_VALUES else "")
    if not shape:
        return f"{dtype}({shown})"
    several = f", shape {tuple(shape)}" if len(shape) > 1 else ""
    return f"array([{shown}], {dtype}{several})"
