"""Sessions with engines that go wrong, in every way known: none may break, hang, or leave anything behind.

    python -m tools.engine_faults [WORD ...]

runs each fault whose name has one of the words (all without), in a process of its own and in the program's,
and prints what came of it. Exit 1 if a session neither completes with the next engine nor ends with one
sentence.
"""
