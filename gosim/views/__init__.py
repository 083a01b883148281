"""Texts and pictures of a run."""
