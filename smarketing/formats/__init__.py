"""How dates are written and read: day, month, year in all four languages of the house."""
