"""A program under load: how its memory grows, what a call costs, when the memory is full."""
