"""How a name is imitated, one family of techniques a file; each yields the most deceptive first."""
