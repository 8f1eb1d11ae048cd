"""Readings on their way from bytes to rows. Pure: no database.

A batch is a set of columns of one length; row i of every column is the i-th reading that was sent.
"""
