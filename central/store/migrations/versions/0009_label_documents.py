"""Label documents, several parcels of an order"""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    text = sqlmodel.sql.sqltypes.AutoString()
    op.create_table(
        "order_label",
        sa.Column("label", text, nullable=False),
        sa.Column("order_no", text, nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("void", sa.Boolean(), nullable=False),
        sa.Column("why", text, nullable=False),
        sa.PrimaryKeyConstraint("label"),
    )
    with op.batch_alter_table("order_label", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_order_label_order_no"), ["order_no"], unique=False)
    op.create_table(
        "label_document",
        sa.Column("label", text, nullable=False),
        sa.Column("kind", text, nullable=False),
        sa.Column("source", text, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("stored_utc_ns", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("label"),
    )
    op.create_table(
        "label_print",
        sa.Column("scan_id", text, nullable=False),
        sa.Column("label", text, nullable=False),
        sa.Column("order_no", text, nullable=False),
        sa.Column("station", text, nullable=False),
        sa.Column("verification", text, nullable=False),
        sa.Column("reason", text, nullable=False),
        sa.Column("packer", text, nullable=False),
        sa.Column("result", text, nullable=False),
        sa.Column("why", text, nullable=False),
        sa.Column("asked_utc_ns", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("scan_id"),
    )
    with op.batch_alter_table("label_print", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_label_print_label"), ["label"], unique=False)
        batch_op.create_index(batch_op.f("ix_label_print_order_no"), ["order_no"], unique=False)
    with op.batch_alter_table("verification", schema=None) as batch_op:
        batch_op.add_column(sa.Column("printer", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("closed", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("parcel", schema=None) as batch_op:
        batch_op.add_column(sa.Column("contents", text, nullable=False, server_default="{}"))
        batch_op.add_column(sa.Column("last", sa.Boolean(), nullable=False, server_default=sa.true()))
        batch_op.add_column(sa.Column("handed_utc_ns", sa.BigInteger(), nullable=False, server_default="0"))
        batch_op.create_index(batch_op.f("ix_parcel_order_no"), ["order_no"], unique=False)
    with op.batch_alter_table("order_line", schema=None) as batch_op:
        batch_op.add_column(sa.Column("packed", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("waived", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    with op.batch_alter_table("order_line", schema=None) as batch_op:
        batch_op.drop_column("waived")
        batch_op.drop_column("packed")
    with op.batch_alter_table("parcel", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_parcel_order_no"))
        batch_op.drop_column("handed_utc_ns")
        batch_op.drop_column("last")
        batch_op.drop_column("contents")
    with op.batch_alter_table("verification", schema=None) as batch_op:
        batch_op.drop_column("closed")
        batch_op.drop_column("printer")
    op.drop_table("label_print")
    op.drop_table("label_document")
    op.drop_table("order_label")
