"""Many plans of one scenario whose values are varied: a grid or a sample, over processes here or a Dask cluster.

A :class:`~planner.sweep.design.Design` says which runs there are, :func:`~planner.sweep.run.run_sweep` makes them, and
:mod:`planner.sweep.summary` tells what they come to.
"""
