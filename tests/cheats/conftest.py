"""The victim's own tests are not ours to collect."""

collect_ignore = ["victim"]
