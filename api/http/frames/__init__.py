"""Tables over HTTP: the same question in every format.

A :class:`~api.http.frames.source.Source` says what a table is, :mod:`api.http.frames.question` what is asked of it, and
:func:`api.http.frames.answer.answer` gives it as JSON, CSV, Excel, Arrow or Parquet. A big table goes out in parts, as they are made.
:func:`api.http.frames.routes.add_table` adds the routes of one.
"""
