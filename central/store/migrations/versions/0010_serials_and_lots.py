"""Serial numbers, lots, keyed counts, and the rule behind each verdict"""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

TEXT = sqlmodel.sql.sqltypes.AutoString()


def upgrade() -> None:
    with op.batch_alter_table("product", schema=None) as batch_op:
        batch_op.add_column(sa.Column("tracking", TEXT, nullable=False, server_default=""))
        batch_op.add_column(sa.Column("key_count", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("active", sa.Boolean(), nullable=False, server_default=sa.true()))
    with op.batch_alter_table("verification", schema=None) as batch_op:
        batch_op.add_column(sa.Column("last_sku", TEXT, nullable=False, server_default=""))
        batch_op.add_column(sa.Column("waiting", TEXT, nullable=False, server_default=""))
    with op.batch_alter_table("scan_answer", schema=None) as batch_op:
        batch_op.add_column(sa.Column("rule", TEXT, nullable=False, server_default=""))
    op.create_table(
        "captured",
        sa.Column("scan_id", TEXT, primary_key=True),
        sa.Column("verification", TEXT, nullable=False),
        sa.Column("order_no", TEXT, nullable=False),
        sa.Column("sku", TEXT, nullable=False),
        sa.Column("pieces", sa.Integer(), nullable=False),
        sa.Column("serial", TEXT, nullable=False),
        sa.Column("lot", TEXT, nullable=False),
        sa.Column("expires_on", TEXT, nullable=False),
        sa.Column("has_left", sa.Boolean(), nullable=False),
    )
    op.create_index("ix_captured_verification", "captured", ["verification"])
    op.create_index("ix_captured_order_no", "captured", ["order_no"])
    op.create_index("captured_serial", "captured", ["sku", "serial"])
    op.create_index("captured_lot", "captured", ["sku", "lot", "has_left"])
    op.create_table(
        "lot",
        sa.Column("sku", TEXT, primary_key=True),
        sa.Column("lot", TEXT, primary_key=True),
        sa.Column("expires_on", TEXT, nullable=False),
        sa.Column("pieces", sa.Integer(), nullable=False),
        sa.CheckConstraint("pieces >= 0"),
    )


def downgrade() -> None:
    op.drop_table("lot")
    op.drop_table("captured")
    with op.batch_alter_table("scan_answer", schema=None) as batch_op:
        batch_op.drop_column("rule")
    with op.batch_alter_table("verification", schema=None) as batch_op:
        batch_op.drop_column("waiting")
        batch_op.drop_column("last_sku")
    with op.batch_alter_table("product", schema=None) as batch_op:
        batch_op.drop_column("active")
        batch_op.drop_column("key_count")
        batch_op.drop_column("tracking")
