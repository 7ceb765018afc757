"""Ways of packing"""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("verification", schema=None) as batch_op:
        text = sqlmodel.sql.sqltypes.AutoString()
        batch_op.add_column(sa.Column("opened_by", text, nullable=False, server_default="label"))
        batch_op.add_column(sa.Column("proved", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("pick", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pick_tote_id"), ["tote_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("pick", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_pick_tote_id"))
    with op.batch_alter_table("verification", schema=None) as batch_op:
        batch_op.drop_column("proved")
        batch_op.drop_column("opened_by")
