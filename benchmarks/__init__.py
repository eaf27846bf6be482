"""What is measured, against which peer, in one command: ``python -m benchmarks`` (or ``make bench``)."""
