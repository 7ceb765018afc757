"""Totes, steps and photos of tickets; mispicks"""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sqlmodel.sql.sqltypes.AutoString(), nullable=False)


def upgrade() -> None:
    with op.batch_alter_table("ticket", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("tote", sqlmodel.sql.sqltypes.AutoString(), nullable=False, server_default="")
        )
    op.create_table(
        "ticket_step",
        _text("ticket"),
        sa.Column("step", sa.Integer(), nullable=False),
        _text("order_no"),
        _text("action"),
        _text("sku"),
        sa.Column("pieces", sa.Integer(), nullable=False),
        sa.Column("gone", sa.Integer(), nullable=False),
        _text("location_id"),
        _text("by"),
        _text("note"),
        sa.Column("done_utc_ns", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("ticket", "step"),
    )
    op.create_index("ix_ticket_step_order_no", "ticket_step", ["order_no"])
    op.create_table(
        "ticket_photo",
        _text("ticket"),
        sa.Column("jpeg", sa.LargeBinary(), nullable=False),
        sa.Column("taken_utc_ns", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("ticket"),
    )
    op.create_table(
        "mispick",
        _text("ticket"),
        _text("order_no"),
        _text("sku"),
        _text("station"),
        _text("packer"),
        _text("decided_by"),
        _text("reason"),
        sa.Column("at_utc_ns", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("ticket"),
    )
    op.create_index("ix_mispick_at_utc_ns", "mispick", ["at_utc_ns"])


def downgrade() -> None:
    op.drop_table("mispick")
    op.drop_table("ticket_photo")
    op.drop_table("ticket_step")
    with op.batch_alter_table("ticket", schema=None) as batch_op:
        batch_op.drop_column("tote")
