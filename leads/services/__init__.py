"""The writes of the record: one verb each."""
