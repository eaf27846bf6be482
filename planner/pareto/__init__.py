"""Pareto fronts: all plans of a stage that no other plan beats in every aim, each with its proof.

``aims`` (what is traded off) → ``model`` (a stage's own rows, and rows that bound aims) → ``boxes`` (where points may still
lie) → ``front`` (ε-constraint: the points) → ``checked`` (read again without the solver) → ``study`` (the order of it all) and
``kept`` (its folder). Mathematics: docs/pareto.md.
"""
