from __future__ import annotations

import sys

from benchmarks import spine


def main() -> int:
    results = []
    for result in spine.all_results():
        print(result, flush=True)
        results.append(result)
    return 0 if all(result.kept for result in results) else 1


sys.exit(main())
