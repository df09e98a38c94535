"""Text, pure: folding, the one scan, words, frames, likeness, identifiers and masking."""

from auditor.text.batch import fold_batch
from auditor.text.fold import Folded, fold, fold_name, fold_steps
from auditor.text.scan import Duplicate, PhraseHit, Scanner

__all__ = ["Duplicate", "Folded", "PhraseHit", "Scanner", "fold", "fold_batch", "fold_name", "fold_steps"]
