"""The component library behind `{% load ui %}`, one file per kind."""
