"""Every way in: command line and HTTP."""
