"""Measurements of the product against stated limits: ``./dev bench [NAME …]``.

A bench is a module of this package that registers itself (``bench.registry``). It interleaves what it measures with
what it is measured against, in one run, and reports ratios of CPU time: those hardly depend on who else uses the
machine.
"""
