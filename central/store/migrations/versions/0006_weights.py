"""Weights"""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "weight_learned",
        sa.Column("contents", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("samples", sa.Integer(), nullable=False),
        sa.Column("mean_g", sa.Float(), nullable=False),
        sa.Column("squares", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("contents"),
    )
    with op.batch_alter_table("product", schema=None) as batch_op:
        batch_op.add_column(sa.Column("weight_g", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("verification", schema=None) as batch_op:
        batch_op.add_column(sa.Column("weighs", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("grams", sa.Integer(), nullable=False, server_default="-1"))


def downgrade() -> None:
    with op.batch_alter_table("verification", schema=None) as batch_op:
        batch_op.drop_column("grams")
        batch_op.drop_column("weighs")
    with op.batch_alter_table("product", schema=None) as batch_op:
        batch_op.drop_column("weight_g")
    op.drop_table("weight_learned")
