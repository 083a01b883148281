"""Six structs. Say their sizes before you run this."""

import gosim as gs
from gosim.std.types import INT8, INT16, INT32, slice_type


@gs.struct
class Mixed:
    a: INT8
    b: int
    c: INT8
    d: INT32
    e: INT8
    f: INT16


@gs.struct
class Nothing:
    pass


@gs.struct
class NothingLast:
    a: INT32
    b: Nothing  # Notice: a pointer to it must not point behind the struct


@gs.struct
class NothingFirst:
    b: Nothing
    a: INT32


@gs.struct
class Sorted:
    b: int
    d: INT32
    f: INT16
    a: INT8
    c: INT8
    e: INT8


async def main():
    print("mixed:        ", gs.unsafe.sizeof(Mixed))
    print("sorted:       ", gs.unsafe.sizeof(Sorted))
    print("nothing last: ", gs.unsafe.sizeof(NothingLast))
    print("nothing first:", gs.unsafe.sizeof(NothingFirst))
    print("a string:     ", gs.unsafe.sizeof(str))
    print("a slice:      ", gs.unsafe.sizeof(slice_type(int)))
