"""All that the rules may see of one account."""

from __future__ import annotations

from auditor.model.account import Account, Change, Post
from auditor.model.values import Value


class Dossier(Value):
    """One account with the posts and changes that woke, oldest first.

    Where a rule reads the account's last posts, those are among ``posts``, sleeping ones too.
    ``profile_fetched`` is false for an account known only from its posts; its profile rules are
    not evaluated. ``posts_seen`` counts all posts of the account in the input, sleeping ones too.
    ``posts_alike`` counts those that may be near-copies of one another (``copies.OWN_COPIES``);
    unknown, where the posts themselves must tell.
    """

    account: Account
    posts: tuple[Post, ...] = ()
    changes: tuple[Change, ...] = ()
    profile_fetched: bool = True
    posts_seen: int = 0
    posts_alike: int | None = None
