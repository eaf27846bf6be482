"""Pareto fronts: all plans of a stage that no other plan beats in every aim, each with its proof.

``aims`` (what is traded off) → ``grounds`` (a stage's own rows and terms; of people ``people``) → ``model`` (rows that bound aims)
→ ``boxes`` (where points may still lie) → ``front`` (ε-constraint: the points); of money ``money`` (a network) → ``corners``. Then
``checked`` (read again without the solver) → ``find``, ``study`` (the order of it all) and ``kept`` (its folder). Mathematics:
docs/pareto.md.
"""
