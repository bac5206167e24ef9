"""Arrays and frames of NumPy and pandas varied: other values of the same dtypes; in wild variants other lengths too."""

import sys


class _Library:
    """Knows the two libraries' types once the target has imported them; imports neither."""

    def handles(self, kind):
        """Whether values of this exact type can be varied."""
        numpy = sys.modules.get("numpy")
        if numpy is None or not hasattr(numpy, "ndarray"):
            return False
        if kind is numpy.ndarray or issubclass(kind, (numpy.number, numpy.bool_)):
            return True
        pandas = sys.modules.get("pandas")
        return pandas is not None and kind in (getattr(pandas, "DataFrame", None), getattr(pandas, "Series", None))

    def varied(self, mutator, value):
        """Another value of the same type and dtypes."""
        numpy = sys.modules["numpy"]
        # Seeded from the mutator, so that the seed still names the variant.
        draw = numpy.random.RandomState(mutator.rng.randrange(1 << 32))
        name = type(value).__name__
        if name == "ndarray":
            return _array(mutator, value, draw, numpy)
        if name == "Series":
            return _series(mutator, _rows(mutator, value), draw, numpy)
        if name == "DataFrame":
            return _frame(mutator, _rows(mutator, value), draw, numpy)
        return _values(mutator, value.reshape(1), draw, numpy)[0]


LIBRARY = _Library()


def _array(mutator, value, draw, numpy):
    if mutator.wild and value.ndim and value.shape[0]:
        length = value.shape[0]
        what = mutator.rng.randrange(9)
        if what == 0:
            value = value[:0]
        elif what == 1:
            value = value[:1]
        elif what == 2:
            value = value[: mutator.rng.randrange(1, length + 1)]
        elif what == 3:
            value = value[::-1]
        elif what == 4:
            value = value[draw.randint(0, length, length)]
    return _values(mutator, value, draw, numpy)


def _values(mutator, value, draw, numpy):
    """A fresh array of the same dtype and shape."""
    made = numpy.array(value, copy=True)
    if not made.size:
        return made
    chosen = draw.random_sample(made.shape) < mutator.rng.choice((0.1, 0.5, 1.0))
    kind = made.dtype.kind
    if made.dtype.names is not None:
        for field in made.dtype.names:
            made[field] = _values(mutator, made[field], draw, numpy)
    elif kind == "b":
        made[chosen] = draw.random_sample(made.shape)[chosen] < 0.5
    elif kind in "iu":
        made[chosen] = _integers(mutator, made, draw, numpy)[chosen]
    elif kind in "fc":
        made[chosen] = (made * draw.uniform(0.5, 1.5, made.shape)).astype(made.dtype)[chosen]
        if mutator.wild and mutator.rng.random() < 0.4:
            odd = numpy.array([0.0, -0.0, 1.0, -1.0, 0.5, numpy.inf, -numpy.inf, numpy.nan])
            rare = draw.random_sample(made.shape) < 0.2
            made[rare] = odd[draw.randint(0, len(odd), made.shape)][rare].astype(made.dtype)
    elif kind in "mM":
        made[chosen] = (made.astype("i8") + draw.randint(-3, 4, made.shape)).astype(made.dtype)[chosen]
    else:
        # Texts and objects: the values that are there, dealt anew.
        flat = made.reshape(-1)
        made = flat[draw.randint(0, len(flat), len(flat))].reshape(made.shape)
    return made


def _integers(mutator, made, draw, numpy):
    low, high = int(made.min()), int(made.max())
    limits = numpy.iinfo(made.dtype)
    if mutator.wild:
        low, high = low - 1, high + 1
        if mutator.rng.random() < 0.2:
            edges = numpy.array([0, 1, limits.min, limits.max], dtype=made.dtype)
            return edges[draw.randint(0, len(edges), made.shape)]
    low, high = max(low, limits.min), min(high, limits.max)
    if high - low >= 1 << 62:
        return made
    offsets = draw.randint(0, high - low + 1, made.shape)
    return (offsets.astype(object) + low).astype(made.dtype)


def _rows(mutator, value):
    """In wild variants: fewer rows, none, one, or in another order."""
    rng = mutator.rng
    count = len(value)
    if not mutator.wild or not count:
        return value.copy()
    what = rng.randrange(8)
    if what == 0:
        return value.iloc[:0].copy()
    if what == 1:
        return value.iloc[:1].copy()
    if what == 2:
        return value.iloc[: rng.randrange(1, count + 1)].copy()
    if what == 3:
        return value.iloc[::-1].copy()
    if what == 4:
        return value.iloc[[rng.randrange(count) for _ in range(count)]].copy()
    return value.copy()


def _frame(mutator, value, draw, numpy):
    made = value.copy()
    for place in range(made.shape[1]):
        if mutator.rng.random() < 0.7:
            column = _series(mutator, made.iloc[:, place], draw, numpy)
            if made.columns.is_unique:
                made[made.columns[place]] = column
    return made


def _series(mutator, value, draw, numpy):
    """Other values on the same index; of an extension dtype the values that are there, dealt anew."""
    count = len(value)
    if not count:
        return value.copy()
    if isinstance(value.dtype, numpy.dtype) and value.dtype.kind in "biufcmM":
        made = value.copy()
        made.iloc[:] = _values(mutator, value.to_numpy(), draw, numpy)
        return made.astype(value.dtype)
    made = value.iloc[draw.randint(0, count, count)].copy()
    made.index = value.index
    return made
