"""The only way out of a build: a proxy to the user's package indexes, which asks them and nobody else."""
