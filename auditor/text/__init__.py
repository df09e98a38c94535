"""Text, pure: folding, the one scan, words, frames, likeness, identifiers and masking."""

from auditor.text.automaton import best_find
from auditor.text.batch import (
    BLOB,
    FoldedBlob,
    NotTextError,
    blob_of,
    blob_of_utf8,
    ends_of,
    fold_batch,
    fold_blob,
    fold_codes,
    fold_utf8,
    stretches,
)
from auditor.text.contents import (
    blob_digests,
    content,
    content_batch,
    folded_content,
    long_contents,
    text_digests,
)
from auditor.text.credentialforms import (
    CredentialKind,
    FormAnswer,
    credential_kinds,
    judge_form,
    kinds_named,
    kinds_of,
    plain_number,
)
from auditor.text.credentials import CredentialNumber, credential_numbers
from auditor.text.fold import DROP, Folded, Scope, fold, fold_name, fold_steps
from auditor.text.frames import Frame, frame
from auditor.text.identifiers import (
    Identifier,
    holds_identifier,
    identifiers,
    identifiers_folded,
)
from auditor.text.likeness import Edit, edits, likest, ratio
from auditor.text.loops import Loop, compiles, switch_loops
from auditor.text.masking import mask, mask_batch, mask_name_inner, mask_person, mask_value
from auditor.text.prechecks import ALL_KINDS, may_hold_identifiers
from auditor.text.quotations import is_quoted
from auditor.text.scan import Duplicate, PhraseHit, Scanner, Standing
from auditor.text.selves import (
    LABEL_REACH,
    LISTED_REACH,
    LISTED_SIGNS,
    first_person,
    may_be_about_self,
    self_reach,
)
from auditor.text.sentences import sentence_span
from auditor.text.shapes import (
    LatinForm,
    Sign,
    SplitForm,
    inserted_signs,
    latin_forms,
    split_forms,
    stroke_orders,
)
from auditor.text.tables import rulesets_directory, word_list
from auditor.text.words import (
    DictionaryWord,
    Word,
    character_frequencies,
    dictionary_words,
    on_word_boundaries,
    words,
)

__all__ = [
    "ALL_KINDS",
    "BLOB",
    "DROP",
    "LABEL_REACH",
    "LISTED_REACH",
    "LISTED_SIGNS",
    "CredentialKind",
    "CredentialNumber",
    "DictionaryWord",
    "Duplicate",
    "Edit",
    "Folded",
    "FoldedBlob",
    "FormAnswer",
    "Frame",
    "Identifier",
    "LatinForm",
    "Loop",
    "NotTextError",
    "PhraseHit",
    "Scanner",
    "Scope",
    "Sign",
    "SplitForm",
    "Standing",
    "Word",
    "best_find",
    "blob_digests",
    "blob_of",
    "blob_of_utf8",
    "character_frequencies",
    "compiles",
    "content",
    "content_batch",
    "credential_kinds",
    "credential_numbers",
    "dictionary_words",
    "edits",
    "ends_of",
    "first_person",
    "fold",
    "fold_batch",
    "fold_blob",
    "fold_codes",
    "fold_name",
    "fold_steps",
    "fold_utf8",
    "folded_content",
    "frame",
    "holds_identifier",
    "identifiers",
    "identifiers_folded",
    "inserted_signs",
    "is_quoted",
    "judge_form",
    "kinds_named",
    "kinds_of",
    "latin_forms",
    "likest",
    "long_contents",
    "mask",
    "mask_batch",
    "mask_name_inner",
    "mask_person",
    "mask_value",
    "may_be_about_self",
    "may_hold_identifiers",
    "on_word_boundaries",
    "plain_number",
    "ratio",
    "rulesets_directory",
    "self_reach",
    "sentence_span",
    "split_forms",
    "stretches",
    "stroke_orders",
    "switch_loops",
    "text_digests",
    "word_list",
    "words",
]
