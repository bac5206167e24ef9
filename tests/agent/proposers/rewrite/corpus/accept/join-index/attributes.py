def target(orders: list, customers: list):
    out = []
    for order in orders:
        for customer in customers:
            if order["customer"] == customer["id"]:
                out.append((order["id"], customer["name"]))
    return out
# ==== after
def target(orders: list, customers: list):
    out = []
    customers_by_id = {}
    for customer in customers:
        customers_by_id.setdefault(customer["id"], []).append(customer)
    for order in orders:
        for customer in customers_by_id.get(order["customer"], ()):
            if order["customer"] == customer["id"]:
                out.append((order["id"], customer["name"]))
    return out
# ==== inputs
large, faster = 500, 1.6


def inputs(random, size):
    nan = float("nan")
    keys = [random.choice([random.randrange(size + 1), nan, 1.0, True]) for _ in range(size)]
    orders = [{"id": i, "customer": random.choice(keys)} for i in range(size)]
    return orders, [{"id": key, "name": str(i)} for i, key in enumerate(keys)]
