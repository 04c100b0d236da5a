"""Runs engines in other processes, which may crash, hang or leave files and processes behind."""
