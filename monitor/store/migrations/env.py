"""How alembic runs the steps: on the connection and in the transaction that it is given."""

from alembic import context

import monitor.store.after  # noqa: F401  its tables are among them
from monitor.store.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_as_batch=True,
    transactional_ddl=True,
    compare_type=True,
)
context.run_migrations()
