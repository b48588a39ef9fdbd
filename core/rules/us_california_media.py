# SPDX-License-Identifier: Apache-2.0
"""California AI Transparency Act (SB 942 as changed by AB 853): marks on AI media, by number of users and for hosts."""

from core.domain.finding import Finding
from core.rules.case import Case
from core.rules.conditions import is_service, outputs, said_amount
from core.rules.ruling import Ruling, conclude, hit, open_, out
from core.rules.trace import day_words, step

PLACE = "us_california.sb_942"


def judge_marks(case: Case) -> Finding:
    """Very large services that make media; from 2027 also the sites that offer weights."""
    many, people = said_amount(case, f"{PLACE}.monthly_users", "monthly_users")
    steps = [people]
    hosts = case.rules.date(f"{PLACE}.hosts_from")
    if many and case.rules.on >= hosts:
        steps.append(said_amount(case, f"{PLACE}.platform_users", "monthly_users")[1])
    when = "hosts_on" if case.rules.on >= hosts else "hosts_later"
    steps.append(step(f"rules_why.step.{when}", day=day_words(hosts)))
    return conclude(case, PLACE, _ruling(case, many, hosts_on=case.rules.on >= hosts).but(steps=tuple(steps)))


def _ruling(case: Case, many: bool | None, *, hosts_on: bool) -> Ruling:
    if case.private or case.yes("offered_in_california") is False:
        return out("private" if case.private else "not_in_california")
    kinds, marked = outputs(case), set(case.rules.words(f"{PLACE}.marked_media"))
    if many and is_service(case) is not False and case.generative is not False:
        if kinds & marked:
            return hit("many_users", "tool", "mark", "terms")
        return open_("many_users_text")
    if kinds & marked and case.word("release_form") != "api_or_app":
        own_site = case.yes("self_hosted") is True
        if hosts_on:
            return open_("own_site_media" if own_site else "hosted_media")
        return out("own_site_media_later" if own_site else "hosted_media_later")
    return out("small")
