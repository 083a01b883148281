"""Go source: from text to a program that the runtime can run."""
