"""Everything of one job in one archive, to be read elsewhere."""
