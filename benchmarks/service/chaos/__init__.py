"""Many jobs while workers, the broker, the database and the disk fail, and what came of them."""
