"""The store's shape from one version of the program to the next."""
