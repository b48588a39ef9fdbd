# SPDX-License-Identifier: Apache-2.0
"""weighbridge weigh: compute, energy and findings, for people or as JSON format 1."""

import argparse
import datetime
import json

from core.assess import assess
from core.cli.as_json import assessment_json
from core.cli.in_use import rulebook
from core.cli.report import print_assessment
from core.cli.target import open_project
from core.domain.answers import Answers
from core.reference import load_reference


def run(arguments: argparse.Namespace, today: datetime.date) -> int:
    """Weigh and print; exit 0 (3 when nothing can be read, 2 when the answers do not fit)."""
    if arguments.answers_schema:
        print(json.dumps(Answers.model_json_schema(), indent=1))
        return 0
    project = open_project(arguments.path, arguments.answers, arguments.base, arguments.stages)
    assessment = assess(project, rulebook=rulebook(), reference=load_reference(), today=arguments.on or today)
    if arguments.json:
        print(json.dumps(assessment_json(assessment), indent=1, ensure_ascii=False))
    else:
        print_assessment(project, assessment, explain=arguments.explain)
    return 0
