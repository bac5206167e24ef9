"""Pairs of values, made in a sandbox that has NumPy and pandas: the same to a caller, and not the same."""
# ruff: noqa: PLW0108 (every entry is a lambda, so that a table can be counted without running it)

import struct

import numpy as np
import pandas as pd

A = np.arange(12.0).reshape(3, 4)
RECORD = np.dtype([("a", "i4"), ("b", "f8")])
ALIGNED = np.dtype([("a", "i1"), ("b", "f8")], align=True)
DAYS = np.array(["2024-01-01", "NaT"], dtype="M8[D]")
OTHER_NAN = np.frombuffer(struct.pack("<Q", 0x7FF8000000000001), dtype="f8").copy()


def frame(**changed):
    """A frame with the usual columns."""
    columns = {"n": [1, 2], "name": ["x", "y"], **changed}
    return pd.DataFrame(columns)


def read_only(values):
    """The same values, not to be written."""
    values.flags.writeable = False
    return values


SAME = [
    (lambda: A[:, ::2], lambda: A[:, ::2].copy()),
    (lambda: np.asfortranarray(A), lambda: A.copy()),
    (lambda: np.ma.array([1.0, 5.0], mask=[0, 1]), lambda: np.ma.array([1.0, 7.0], mask=[0, 1])),
    (lambda: np.array([np.nan]), lambda: np.array([np.nan])),
    (lambda: np.zeros(2, ALIGNED), lambda: np.frombuffer(b"\0" + b"\1" * 7 + b"\0" * 24, ALIGNED).copy()),
    (lambda: DAYS, lambda: DAYS.copy()),
    (lambda: np.array([{"a": 1}, None], dtype=object), lambda: np.array([{"a": 1}, None], dtype=object)),
    (lambda: np.random.default_rng(1), lambda: np.random.default_rng(1)),
    (lambda: frame(), lambda: frame()),
    (lambda: pd.Series([1, None], dtype="Int64"), lambda: pd.Series([1, pd.NA], dtype="Int64")),
    (lambda: pd.Timestamp("2024-01-01"), lambda: pd.Timestamp("2024-01-01")),
    (lambda: [pd.NA, pd.NaT], lambda: [pd.NA, pd.NaT]),
    (lambda: pd.MultiIndex.from_tuples([(1, "a")]), lambda: pd.MultiIndex.from_tuples([(1, "a")])),
]
OTHER = [
    (lambda: np.arange(3, dtype="i4"), lambda: np.arange(3, dtype="i8")),
    (lambda: np.arange(3, dtype="<i4"), lambda: np.arange(3, dtype=">i4")),
    (lambda: np.arange(4), lambda: np.arange(4).reshape(2, 2)),
    (lambda: np.array(1.0), lambda: np.float64(1.0)),
    (lambda: np.float64(1.0), lambda: 1.0),
    (lambda: np.array([0.0]), lambda: np.array([-0.0])),
    (lambda: np.array([np.nan]), lambda: OTHER_NAN),
    (lambda: np.zeros(2, RECORD), lambda: np.zeros(2, [("a", "i4"), ("c", "f8")])),
    (lambda: np.zeros(2, RECORD), lambda: np.array([(0, 0.0), (0, 1.0)], RECORD)),
    (lambda: np.ma.array([1.0, 5.0], mask=[0, 1]), lambda: np.ma.array([1.0, 5.0], mask=[0, 0])),
    (lambda: np.ma.array([1.0, 5.0], mask=[0, 0]), lambda: np.array([1.0, 5.0])),
    (lambda: DAYS, lambda: DAYS.astype("M8[s]")),
    (lambda: np.array([1, "a"], dtype=object), lambda: np.array([1.0, "a"], dtype=object)),
    (lambda: np.arange(3), lambda: read_only(np.arange(3))),
    (lambda: np.array(["ab"]), lambda: np.array(["ab"], dtype="U3")),
    (lambda: np.random.default_rng(1), lambda: np.random.default_rng(2)),
    (lambda: frame(), lambda: frame(n=[1, 3])),
    (lambda: frame(), lambda: frame(n=[1.0, 2.0])),
    (lambda: frame(), lambda: frame()[["name", "n"]]),
    (lambda: frame(), lambda: frame().set_index("n")),
    (lambda: frame(), lambda: frame().rename_axis("row")),
    (lambda: frame(), lambda: frame().set_axis([1, 0])),
    (lambda: frame(), lambda: frame(name=pd.Categorical(["x", "y"]))),
    (lambda: pd.Series(["a"], dtype="category"), lambda: pd.Series(pd.Categorical(["a"], ["a", "b"]))),
    (lambda: pd.Series(pd.Categorical(["a"])), lambda: pd.Series(pd.Categorical(["a"], ordered=True))),
    (lambda: pd.Series([1, None], dtype="Int64"), lambda: pd.Series([1, None], dtype="float64")),
    (lambda: pd.Series([1, 2], dtype="Int64"), lambda: pd.Series([1, None], dtype="Int64")),
    (lambda: pd.Series([1], name="a"), lambda: pd.Series([1], name="b")),
    (lambda: pd.Series([1], index=["a"]), lambda: pd.Series([1], index=["b"])),
    (lambda: pd.Series([1]), lambda: pd.Series([1]).to_frame()),
    (lambda: pd.Timestamp("2024-01-01"), lambda: pd.Timestamp("2024-01-01", tz="UTC")),
    (lambda: pd.NA, lambda: None),
    (lambda: pd.Index([1, 2]), lambda: pd.Index([1, 2], name="n")),
    (lambda: pd.MultiIndex.from_tuples([(1, "a")]), lambda: pd.MultiIndex.from_tuples([(1, "b")])),
]
