"""Scans before the press, and styles"""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None

def upgrade() -> None:

    with op.batch_alter_table('product', schema=None) as batch_op:
        batch_op.add_column(sa.Column('scan_first', sqlmodel.sql.sqltypes.AutoString(), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('style', sqlmodel.sql.sqltypes.AutoString(), nullable=False, server_default=''))

def downgrade() -> None:

    with op.batch_alter_table('product', schema=None) as batch_op:
        batch_op.drop_column('style')
        batch_op.drop_column('scan_first')
