"""What if staffing, demand or policy were different (room kept; filled by a later release)."""
