"""Play the years after a scenario's date one by one: plan, take what came, write it into the tables, plan again.

Three ways of looking ahead (:mod:`planner.roll.horizon`) meet the same outcomes (:mod:`planner.roll.outcome`): what is drawn for
a place and a year hangs on the seed alone, never on what was decided.
"""
