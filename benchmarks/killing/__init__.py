"""Kill the client, the server or both while a network is loaded, a plan proposed and adopted; look at what is left each time.

A dozen kills are in the test-suite; ``python -m benchmarks kills`` tries hundreds and writes ``docs/benchmarks/kills.md``.
"""
