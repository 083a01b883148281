"""Go's mathematical functions, to the last bit (Go: ``math``, as compiled for amd64 with FMA).

Python's ``math`` asks the C library, whose last bits differ from Go's and from one platform to the
next.  Programs print these bits, and random numbers depend on them.  So here is what Go computes:
the same approximations (FreeBSD's msun and Cephes mostly, whose coefficients these are) evaluated
in the same order, every operation rounded as the hardware does.
"""
