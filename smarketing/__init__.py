"""The project package: settings, wiring and the seams that every app shares.

Nothing is imported here: the supervisor (`up.py`) and the embedded servers run before any setting.
"""
