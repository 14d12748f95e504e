"""Family: where events go. A receiver tells one event, once, and says what came of it.

outcome: what came of it, and what an HTTP status means. delivery: when again, when no more, how much at once.
receiver: the form of them all. secret: texts that nothing shows. deadline: one time for all of a conversation. guard:
where a request may go. transport, sending: an HTTP request to somebody who is not trusted. cloudevents, signature: how
an event is written and signed. webhook, alertmanager: receivers by HTTP. texts: an event for people. smtp, email: by
letter. apprise: by a hundred other services. command, launched, launch: no receiver, but a program of the user's that
is run on an event; its process as the daemon sees it; and what stands between the two.
"""
