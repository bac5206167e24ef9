"""What a value is made of, read by its type's own slots: past metaclasses, properties and whatever a class says."""

import sys
import types


def type_name(kind):
    """`module.qualname` by the type's own slots, past any metaclass."""
    try:
        module = type.__dict__["__module__"].__get__(kind)
        return "%s.%s" % (module, type.__dict__["__qualname__"].__get__(kind))
    except AttributeError:
        return "?." + type.__dict__["__name__"].__get__(kind)


def is_named(kind, name):
    """Whether the class that the standard library has under this name is this one."""
    module, _, attribute = name.rpartition(".")
    if module == "builtins":
        return kind in (range, slice, type(...), type(NotImplemented))
    return getattr(sys.modules.get(module), attribute, None) is kind


def is_lazy(value):
    """Whether a value's items come one by one, as they are asked for."""
    kind = type(value)
    return kind in (types.GeneratorType, types.AsyncGeneratorType) or {"__next__", "__iter__"} <= names_of(kind)


def names_of(kind):
    """Every name that a type or its bases define."""
    names = set()
    for base in type.__dict__["__mro__"].__get__(kind):
        names.update(type.__dict__["__dict__"].__get__(base))
    return names


def attributes_of(value, kind):
    """(attributes by name, whether the class keeps any where they can be read)."""
    attributes = {}
    readable = False
    for base in reversed(type.__dict__["__mro__"].__get__(kind)):
        space = type.__dict__["__dict__"].__get__(base)
        if "__dict__" in space and isinstance(space["__dict__"], types.GetSetDescriptorType):
            readable = True
        for name, member in space.items():
            if isinstance(member, types.MemberDescriptorType) and not name.startswith("__"):
                readable = True
                try:
                    attributes[name] = member.__get__(value, kind)
                except AttributeError:
                    continue
    try:
        own = object.__getattribute__(value, "__dict__")
    except AttributeError:
        own = None
    if type(own) is dict:
        readable = True
        attributes.update((key, item) for key, item in own.items() if type(key) is str)
    return attributes, readable or kind is object
