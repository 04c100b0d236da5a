from __future__ import annotations

import sys
from itertools import chain

from benchmarks import doors, listen, memory, player, remembering, spine, web


def main() -> int:
    parts = {"spine": spine, "web": web, "doors": doors, "player": player, "listen": listen}
    parts |= {"remembering": remembering}
    named = parts | {"memory": memory}  # which takes long, and is run when it is asked for
    chosen = [named[name] for name in sys.argv[1:]] or list(parts.values())
    results = []
    for result in chain.from_iterable(part.all_results() for part in chosen):
        print(result, flush=True)
        results.append(result)
    return 0 if all(result.kept for result in results) else 1


sys.exit(main())
