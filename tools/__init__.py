"""What keeps the project itself in order; nothing here runs in the service."""
