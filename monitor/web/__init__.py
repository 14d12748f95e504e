"""Department: pages and API over HTTP.

In reading order: `paging`, `people`, `history`, `daemon` and `details` (what the pages need of driftd), `options`
(their part of the configuration), `webfile` (the web configuration file: TLS, users, headers), `settings` (that file as
it is now), `passwords`, `asking` and `access` (who asks, and what they may), `envelope` (the form of every answer),
`table` (what a route is), `management` (health, reload, scrape), `rows`, `api` (what can be read), `folders` (files of
reports), `changes` (what changes something), `bodies` (what a request says), `incidents`, `occasions` and `letters`
(what people do), `features`, `shelves` and `deeds` (a feature over windows, versions of baselines, actions and who did
what), `schemas` and `openapi` (the document), `pages/` (what people look at), `guard` (limits, headers, counting),
`app` (all of it put together), `server` (uvicorn in a thread).
"""
