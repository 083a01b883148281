"""Speed and memory of gosim beside SimPy, asyncio, a bare coroutine loop and real Go.

``python -m benchmarks`` measures and prints; ``--write`` also keeps the table in
``docs/performance.md``. Each contender is one module with the same programs in its own words.
"""
