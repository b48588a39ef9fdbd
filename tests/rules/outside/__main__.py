# SPDX-License-Identifier: Apache-2.0
"""Runs legal scenarios from outside files (eu_scenarios.json, world_scenarios.json) against the rules.

`python -m tests.rules.outside FILE …` prints every difference and the pass rate by confidence. The files are not
part of the project and no test needs them; this is how an independent set is compared.
"""

import argparse
import datetime
import json
from collections import Counter
from pathlib import Path

from tests.rules.outside import eu, world


def main() -> None:
    """Compare and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("files", nargs="+", type=Path)
    for path in parser.parse_args().files:
        data = json.loads(path.read_text(encoding="utf-8"))
        today = datetime.date.fromisoformat(data["meta"]["as_of"])
        compare = eu.differences if "inputs" in data["scenarios"][0] else world.differences
        good: Counter[str] = Counter()
        seen: Counter[str] = Counter()
        for scenario in data["scenarios"]:
            wrong = compare(scenario, today)
            seen[scenario["confidence"]] += 1
            good[scenario["confidence"]] += not wrong
            for line in wrong:
                print(f"  {scenario['id']} ({scenario['confidence']}) {scenario['title']}: {line}")
        rates = ", ".join(f"{name} {good[name]}/{number}" for name, number in sorted(seen.items()))
        print(f"{path.name}: {rates}")


if __name__ == "__main__":
    main()
