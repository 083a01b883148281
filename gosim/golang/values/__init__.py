"""Values of Go programs at run time."""
