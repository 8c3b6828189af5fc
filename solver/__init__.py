"""Numbers only: an allocation problem in, an assignment with proved bounds out."""
