"""The memory of a simulated Go process: sizes, heap objects, stacks, the collector."""
