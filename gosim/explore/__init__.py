"""Exploration: every schedule of a program that differs from the others, and one verdict."""
