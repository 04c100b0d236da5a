"""Care: the rules that every script keeps, as far as a program can check them. They read English only.

`findings` says where a script breaks one; `RULES` has each rule's number, its reason and its check.
"""

from voiceguide.care.rules import RULES, Rule, findings

__all__ = ["RULES", "Rule", "findings"]
