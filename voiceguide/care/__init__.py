"""The rules of care that scripts have to keep, as far as a program can check them, in English only.

`findings` returns where a script breaks a rule; `RULES` has each rule's number, reason and check.
"""

from voiceguide.care.rules import RULES, Rule, findings

__all__ = ["RULES", "Rule", "findings"]
