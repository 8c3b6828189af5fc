"""The desk: one case or one reviewer, now."""
