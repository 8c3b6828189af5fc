"""Pages for people: what the calls say, in plain words, and the calls they make, as forms."""
