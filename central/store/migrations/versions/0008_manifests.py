"""Manifests"""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    text = sqlmodel.sql.sqltypes.AutoString()
    op.create_table(
        "manifest",
        sa.Column("manifest_id", text, nullable=False),
        sa.Column("order_no", text, nullable=False),
        sa.Column("label", text, nullable=False),
        sa.Column("station", text, nullable=False),
        sa.Column("issued_utc_s", sa.BigInteger(), nullable=False),
        sa.Column("expires_utc_s", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("manifest_id"),
        sa.UniqueConstraint("order_no"),
    )
    with op.batch_alter_table("manifest", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_manifest_station"), ["station"], unique=False)


def downgrade() -> None:
    op.drop_table("manifest")
