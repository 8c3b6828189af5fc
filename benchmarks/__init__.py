"""What is measured: each module has a `main(arguments) -> int` that prints its figures."""
