"""Who makes drafts: the rewriter, a model's session, a crossover."""
