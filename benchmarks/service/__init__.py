"""The service as others see it: a process that listens, is asked, followed, stopped and killed.

A small part of it is in the test-suite; ``python -m benchmarks service`` measures, ``python -m benchmarks soak-service`` kills.
"""
