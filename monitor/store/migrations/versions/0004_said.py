"""What people say of incidents, to be counted; and how many incidents there were."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("incident", sa.Column("verdict", sa.Text(), nullable=True))
    op.add_column("incident", sa.Column("said_at", WHOLE, nullable=True))
    op.create_table(
        "opened",
        sa.Column("monitor", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("count", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("monitor", "cause", name=op.f("pk_opened")),
        sqlite_strict=True,
    )
    op.execute("INSERT INTO opened SELECT monitor, cause, count(*) FROM incident GROUP BY monitor, cause")
