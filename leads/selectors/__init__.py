"""The reads of the record."""
