"""Figures counted from facts: each is counted here and nowhere else."""
