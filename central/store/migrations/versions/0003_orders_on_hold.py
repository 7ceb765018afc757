"""Orders a platform stops for now"""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("orders", schema=None) as batch_op:
        column = sa.Column("hold", sqlmodel.sql.sqltypes.AutoString(), nullable=False, server_default="")
        batch_op.add_column(column)


def downgrade() -> None:
    with op.batch_alter_table("orders", schema=None) as batch_op:
        batch_op.drop_column("hold")
