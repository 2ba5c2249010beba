"""Django's backend for SQLite, with one thing done once: see base.py."""
