"""The questions that people ask a support network; one file per question.

Each takes a :class:`~graph.network.Network` and gives small typed answers with ``to_dict`` for JSON. A
question reads the network on ``at``, else on the scenario's date, else today
(:func:`graph.questions.moment.moment`).
"""
