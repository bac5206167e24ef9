"""A job as one page that stands alone: no network, nothing loaded, everything of others shown as text."""
