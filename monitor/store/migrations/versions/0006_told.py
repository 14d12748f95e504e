"""What was told of a monitor is found without what was said of each window."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    told = sa.text("kind <> 'window.judged'")
    op.create_index("ix_outbox_told", "outbox", ["monitor", "end_at"], sqlite_where=told, postgresql_where=told)
