"""Statements with joins, conditions, functions and lists, grouped and formatted again."""

import random

import sqlparse

COLUMNS = ("{0}", "max({0}) AS {0}", "t.{0}", "CAST({0} AS int)")
sizes = (2, 8)


def make_input(seed, size):
    rng = random.Random(seed)
    return ";\n".join(statement(rng) for _ in range(size))


def statement(rng):
    names = [f"col{rng.randint(0, 99)}" for _ in range(rng.randint(2, 8))]
    columns = ", ".join(
        rng.choice(("{0}", "max({0}) AS {0}", "t.{0}", "CAST({0} AS int)")).format(name) for name in names
    )
    joins = " ".join(f"LEFT JOIN t{n} ON t{n}.id = t.id" for n in range(rng.randint(0, 3)))
    conditions = " AND ".join(f"{name} {rng.choice('<>=')} {rng.randint(0, 999)}" for name in names)
    order = ", ".join(f"{name} DESC" for name in names[:2])
    return f"SELECT {columns} FROM t {joins} WHERE {conditions} OR id IN (1, 2, 3) ORDER BY {order}"


def run(sql):
    return sqlparse.format(sql, reindent=True, keyword_case="lower")
