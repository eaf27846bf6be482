"""The audit log: who changed what, when and how it went; only added to, each row chained to the one before.

What can be seen, and what cannot, by :func:`api.service.audit.check.check`: a changed, removed or moved row always breaks the chain at
its place. Rows cut off at the end are seen by the head that is noted in a file beside (:mod:`api.service.audit.anchor`), or by a head
that was noted elsewhere. Whoever may write both the records and that file can make a whole new chain; only a head that was noted
where they cannot write tells then.
"""
