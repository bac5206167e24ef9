"""NumPy's and pandas' values as plain JSON: types, dtypes, shapes, labels and bits; strides and memory order are not.

["array", type, dtype, shape, hex or [...], writeable]   the items one by one where the dtype holds objects
["record", type, dtype, shape, [[field, array], ...]]    structured dtypes, without their padding
["masked", type, data, mask, fill value]
["index", type, dtype, [names], values]  ["series", type, name, index, values]
["frame", type, columns, index, [values of each column]]
["categories", dtype, index of the categories, codes, ordered]  ["extension", type, dtype, [items]]
"""

import sys


def encode_library(encoder, value, kind, name):
    """One value of NumPy or pandas; None where it is of neither."""
    numpy = sys.modules.get("numpy")
    if numpy is None:
        return None
    if issubclass(kind, numpy.ndarray):
        return _array(encoder, value, name, numpy)
    if issubclass(kind, numpy.generic):
        return _scalar(encoder, value, name)
    if issubclass(kind, numpy.dtype):
        return ["plain", "numpy.dtype", repr(value)]
    if issubclass(kind, numpy.random.Generator):
        return ["plain", name, repr(value.bit_generator.state)]
    if issubclass(kind, numpy.random.RandomState):
        return [
            "plain",
            name,
            repr([part if not hasattr(part, "tolist") else part.tolist() for part in value.get_state()]),
        ]
    pandas = sys.modules.get("pandas")
    if pandas is None or not hasattr(pandas, "DataFrame"):
        return None
    return _pandas(encoder, value, kind, name, pandas)


def _array(encoder, value, name, numpy):
    number, met = encoder.number(value)
    if met:
        return ["ref", number]
    if issubclass(type(value), numpy.ma.MaskedArray):
        # What lies under the mask is nobody's business.
        mask = numpy.ma.getmaskarray(value)
        data = numpy.array(numpy.ma.getdata(value), copy=True)
        if data.dtype.names is None:
            data[mask] = numpy.zeros((), data.dtype)
        return [
            "masked",
            name,
            _bare(encoder, data, numpy),
            _bare(encoder, mask, numpy),
            encoder.encode(value.fill_value),
        ]
    return _bare(encoder, value, numpy, name)


def _bare(encoder, value, numpy, name="numpy.ndarray"):
    value = value.view(numpy.ndarray) if type(value) is not numpy.ndarray else value
    dtype, shape = value.dtype, list(value.shape)
    if dtype.names is not None:
        fields = [[field, _bare(encoder, value[field], numpy)] for field in dtype.names]
        return ["record", name, repr(dtype), shape, fields]
    if dtype.hasobject:
        return ["array", name, dtype.str, shape, [encoder.encode(item) for item in value.ravel().tolist()], True]
    dtype_name = dtype.str if dtype.metadata is None else repr(dtype)
    return ["array", name, dtype_name, shape, value.tobytes().hex(), bool(value.flags.writeable)]


def _scalar(encoder, value, name):
    if value.dtype.names is not None:
        return [
            "record",
            name,
            repr(value.dtype),
            [],
            [[field, encoder.encode(value[field])] for field in value.dtype.names],
        ]
    if value.dtype.hasobject:
        return ["array", name, value.dtype.str, [], [encoder.encode(value.item())], False]
    return ["array", name, value.dtype.str, [], value.tobytes().hex(), False]


def _pandas(encoder, value, kind, name, pandas):
    if issubclass(kind, (pandas.DataFrame, pandas.Series, pandas.Index)):
        number, met = encoder.number(value)
        if met:
            return ["ref", number]
    if issubclass(kind, pandas.DataFrame):
        columns = [_values(encoder, value.iloc[:, place]) for place in range(value.shape[1])]
        return ["frame", name, _index(encoder, value.columns, pandas), _index(encoder, value.index, pandas), columns]
    if issubclass(kind, pandas.Series):
        return [
            "series",
            name,
            encoder.encode(value.name),
            _index(encoder, value.index, pandas),
            _values(encoder, value),
        ]
    if issubclass(kind, pandas.Index):
        return _index(encoder, value, pandas)
    if issubclass(kind, pandas.api.extensions.ExtensionArray):
        return _extension(encoder, value)
    if issubclass(kind, pandas.api.extensions.ExtensionDtype):
        return ["plain", name, repr(value)]
    if kind in (pandas.Timestamp, pandas.Timedelta):
        return ["plain", name, "%r in %s" % (value, getattr(value, "unit", "ns"))]
    if kind in (pandas.Period, pandas.Interval, type(pandas.NaT), type(pandas.NA)):
        return ["plain", name, repr(value)]
    return None


def _index(encoder, value, pandas):
    name = "%s.%s" % (type(value).__module__, type(value).__qualname__)
    names = [encoder.encode(part) for part in value.names]
    if issubclass(type(value), pandas.MultiIndex):
        levels = [_index(encoder, value.get_level_values(place), pandas) for place in range(value.nlevels)]
        return ["index", name, "levels", names, levels]
    frequency = getattr(value, "freqstr", None) or ""
    return ["index", name, "%s%s" % (value.dtype, frequency and " every " + frequency), names, _values(encoder, value)]


def _values(encoder, column):
    """The values of a column or an index, by what holds them."""
    held = column.array
    if type(held).__module__.startswith("pandas.") and "Numpy" in type(held).__name__:
        held = held.to_numpy()
    if hasattr(held, "flags") and hasattr(held, "tobytes"):
        encoded = encoder.encode(held)
        # Whether pandas lends its memory for writing is its own affair.
        return encoded[:5] if encoded[0] == "array" else encoded
    return _extension(encoder, held)


def _extension(encoder, held):
    dtype = str(held.dtype)
    if hasattr(held, "categories") and hasattr(held, "codes"):
        categories = [encoder.encode(item) for item in held.categories.tolist()]
        codes = [int(code) for code in held.codes]
        return ["categories", str(held.categories.dtype), categories, codes, bool(held.ordered)]
    return ["extension", type(held).__name__, dtype, [encoder.encode(item) for item in held]]
