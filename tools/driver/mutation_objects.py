"""Values of the standard library's plain classes, enumerations and of classes that are mere records, varied."""

import copy
import datetime
import decimal
import enum
import fractions
import types

from .type_slots import attributes_of

_DAYS = (0, 1, 6, 7, 29, 30, 31, 59, 60, 364, 365, 366, 730)


def _moved(mutator, value):
    step = datetime.timedelta(days=mutator.rng.choice((-365, -31, -1, 0, 1, 28, 30, 365)))
    if type(value) is datetime.datetime:
        step += datetime.timedelta(
            seconds=mutator.rng.choice((-1, 0, 1, 3600)), microseconds=mutator.rng.choice((0, 0, 1))
        )
    try:
        return value + step
    except OverflowError:
        return value


def _stretched(mutator, value):
    rng = mutator.rng
    if mutator.wild and rng.random() < 0.7:
        number = rng.choice([*mutator.pool.get(int, ()), *mutator.pool.get(float, ()), 1, 59, 60, 3600, 999, 1000])
        unit = rng.choice(("days", "seconds", "milliseconds", "microseconds", "hours"))
        made = (datetime.timedelta(0), -value, value + datetime.timedelta(microseconds=1), _period(rng.choice(_DAYS)))
        return rng.choice((*made, _period(number, unit), value + _period(number, unit)))
    return value * mutator.rng.randint(1, 3)


def _period(number, unit="days"):
    try:
        return datetime.timedelta(**{unit: number})
    except (OverflowError, ValueError):
        return datetime.timedelta(0)


def _decimal(mutator, value):
    if mutator.wild and mutator.rng.random() < 0.4:
        return decimal.Decimal(mutator.rng.choice(("0", "-0", "0.5", "1.50", "-1", "1E+3", "NaN", "0.1")))
    return value * mutator.rng.randint(1, 3) if value.is_finite() else value


OBJECTS = {
    datetime.date: _moved,
    datetime.datetime: _moved,
    datetime.timedelta: _stretched,
    decimal.Decimal: _decimal,
    fractions.Fraction: lambda mutator, value: value * mutator.rng.choice((-1, 0, 1, 2, fractions.Fraction(1, 3))),
    complex: lambda mutator, value: value * mutator.rng.choice((-1, 0, 1, 2, 1j)),
    range: lambda mutator, value: range(value.start, value.stop + mutator.rng.choice((-1, 0, 1)), value.step),
}
"""By exact type: makes another value of it, given the mutator and the value."""


def can_vary_object(value, can_vary):
    """Whether an object is a record whose fields may hold other values; `can_vary` is asked of a field."""
    kind = type(value)
    if kind in OBJECTS:
        return True
    if isinstance(value, enum.Enum):
        return len(type(value)) > 1
    if issubclass(kind, tuple) and hasattr(kind, "_fields"):
        return any(can_vary(field) for field in value)
    return any(can_vary(field) for field in _fields(value, kind).values())


def fields_varied(mutator, value, depth):
    """A copy with other values in some fields; for an enumeration another member."""
    rng = mutator.rng
    kind = type(value)
    if isinstance(value, enum.Enum):
        return rng.choice(list(kind)) if mutator.wild else value
    if issubclass(kind, tuple):
        return tuple.__new__(kind, [mutator.vary(field, depth + 1) if rng.random() < 0.5 else field for field in value])
    if not mutator.wild:
        return value
    made = copy.copy(value)
    for name, field in _fields(value, kind).items():
        if rng.random() < 0.4:
            object.__setattr__(made, name, mutator.vary(field, depth + 1))
    return made


def _fields(value, kind):
    """The fields of a mere record: all it has are the parameters that it was made with; {} for any other object.

    An object that keeps more than that, or under names of its own, has rules among its fields that we do not know.
    """
    make = vars(kind).get("__init__")
    if not isinstance(make, types.FunctionType) or isinstance(value, BaseException):
        return {}
    code = make.__code__
    parameters = code.co_varnames[1 : code.co_argcount + code.co_kwonlyargcount]
    attributes, _ = attributes_of(value, kind)
    return attributes if attributes and set(attributes) <= set(parameters) else {}
