"""Robustness: what of a plan stays when uncertain tables come out otherwise, and plans that are made for all of it.

``futures`` (sampled, each with its own plan) → ``shares`` (how often each decision stays) → ``held`` (a decision held in another
future) → ``choose`` (candidate plans by expected value, worst case, regret) → ``one_model`` and ``one_money`` (one plan for all
futures) → ``study`` (the order of it all), ``kept`` (its files). Mathematics: docs/robust.md.
"""
