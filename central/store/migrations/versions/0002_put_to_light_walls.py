"""Put-to-light walls"""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None

def upgrade() -> None:

    op.create_table('wall_cubby',
    sa.Column('zone', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('cubby', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('order_no', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.PrimaryKeyConstraint('zone', 'cubby'),
    sa.UniqueConstraint('order_no')
    )
    op.create_table('wall_line',
    sa.Column('line_id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('order_no', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('zone', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('cubby', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('sku', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('asked', sa.Integer(), nullable=False),
    sa.Column('put', sa.Integer(), nullable=False),
    sa.CheckConstraint('put >= 0'),
    sa.CheckConstraint('put <= asked'),
    sa.PrimaryKeyConstraint('line_id')
    )
    with op.batch_alter_table('wall_line', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_wall_line_order_no'), ['order_no'], unique=False)

def downgrade() -> None:

    with op.batch_alter_table('wall_line', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_wall_line_order_no'))

    op.drop_table('wall_line')
    op.drop_table('wall_cubby')
