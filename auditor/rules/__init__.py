"""Rules as data: read, checked, compiled, judged and explained (docs/rules.md)."""

from auditor.rules.compile import Compiled, Language, compile_ruleset
from auditor.rules.explain import explain
from auditor.rules.judge import READ_OF_POSTS, Judgement, evaluate
from auditor.rules.known import known_names, known_texts
from auditor.rules.loader import Ruleset, load_ruleset
from auditor.rules.schema import Example, Lexicon, Rule

__all__ = [
    "READ_OF_POSTS",
    "Compiled",
    "Example",
    "Judgement",
    "Language",
    "Lexicon",
    "Rule",
    "Ruleset",
    "compile_ruleset",
    "evaluate",
    "explain",
    "known_names",
    "known_texts",
    "load_ruleset",
]
