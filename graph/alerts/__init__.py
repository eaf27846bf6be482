"""Alerts: what in a network wants somebody's attention at a date, and what people have said about it.

Each kind is a file that derives its alerts from the network (:mod:`graph.alerts.derive` asks them all); what somebody acknowledged
or resolved is a paper beside the network (:mod:`graph.alerts.standing`), so that the command line and the service say the same.
"""
