"""Pictures of figures, drawn on the server as SVG; beside each stands a table of the same figures."""
