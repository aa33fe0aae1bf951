"""Revisions, one line from ``0001_roles`` on."""
