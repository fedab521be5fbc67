"""Files on their way in: received, read, checked, brought in, taken out again."""
