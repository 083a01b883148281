"""From checked Go packages to Python code."""
