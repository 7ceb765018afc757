"""The first schema"""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None

def upgrade() -> None:
    
    op.create_table('alarm',
    sa.Column('node', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('alarm', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('subject', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('detail', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('raised_utc_ns', sa.BigInteger(), nullable=False),
    sa.Column('cleared_utc_ns', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('node', 'alarm', 'subject')
    )
    op.create_table('badge',
    sa.Column('badge', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('person', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('role', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.PrimaryKeyConstraint('badge')
    )
    op.create_table('barcode',
    sa.Column('barcode', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('sku', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('pieces', sa.Integer(), nullable=False),
    sa.CheckConstraint('pieces >= 1'),
    sa.PrimaryKeyConstraint('barcode')
    )
    with op.batch_alter_table('barcode', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_barcode_sku'), ['sku'], unique=False)

    op.create_table('command_done',
    sa.Column('key', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('kind', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('reply', sa.LargeBinary(), nullable=False),
    sa.Column('done_utc_ns', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('key')
    )
    op.create_table('dead_letter',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('node', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('epoch', sa.Integer(), nullable=False),
    sa.Column('seq', sa.BigInteger(), nullable=False),
    sa.Column('payload', sa.LargeBinary(), nullable=False),
    sa.Column('reason', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('received_utc_ns', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_table('desired_state',
    sa.Column('node', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('node')
    )
    op.create_table('journal',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('node', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('epoch', sa.Integer(), nullable=False),
    sa.Column('seq', sa.BigInteger(), nullable=False),
    sa.Column('intent', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('counted', sa.Boolean(), nullable=False),
    sa.Column('kind', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('record', sa.LargeBinary(), nullable=False),
    sa.Column('received_utc_ns', sa.BigInteger(), nullable=False),
    sa.Column('node_head', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('site_head', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('node', 'epoch', 'seq')
    )
    with op.batch_alter_table('journal', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_journal_kind'), ['kind'], unique=False)
        batch_op.create_index('journal_intent', ['intent'], unique=True, sqlite_where=sa.text('counted'), postgresql_where=sa.text('counted'))

    op.create_table('location',
    sa.Column('location_id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('zone', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('bay', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('level', sa.Integer(), nullable=False),
    sa.Column('sku', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('on_hand', sa.Integer(), nullable=False),
    sa.Column('reserved', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('on_hand >= 0'),
    sa.CheckConstraint('reserved <= on_hand'),
    sa.CheckConstraint('reserved >= 0'),
    sa.PrimaryKeyConstraint('location_id')
    )
    with op.batch_alter_table('location', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_location_sku'), ['sku'], unique=False)
        batch_op.create_index(batch_op.f('ix_location_zone'), ['zone'], unique=False)

    op.create_table('node',
    sa.Column('name', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('store_id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('epoch', sa.Integer(), nullable=False),
    sa.Column('acked_through', sa.BigInteger(), nullable=False),
    sa.Column('head', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('state', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('connects', sa.BigInteger(), nullable=False),
    sa.Column('software', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('seen_utc_ns', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('name')
    )
    op.create_table('node_store',
    sa.Column('store_id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('node', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('epoch', sa.Integer(), nullable=False),
    sa.Column('granted_utc_ns', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('store_id')
    )
    with op.batch_alter_table('node_store', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_node_store_node'), ['node'], unique=False)

    op.create_table('order_line',
    sa.Column('order_no', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('line_no', sa.Integer(), nullable=False),
    sa.Column('sku', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('pieces', sa.Integer(), nullable=False),
    sa.CheckConstraint('pieces >= 1'),
    sa.PrimaryKeyConstraint('order_no', 'line_no')
    )
    op.create_table('orders',
    sa.Column('order_no', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('label', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('status', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('why', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('wave', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('cut_off_utc_s', sa.BigInteger(), nullable=False),
    sa.Column('country', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('imported_utc_ns', sa.BigInteger(), nullable=False),
    sa.Column('station', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('grant_id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('released_utc_ns', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('order_no'),
    sa.UniqueConstraint('label')
    )
    with op.batch_alter_table('orders', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_orders_status'), ['status'], unique=False)
        batch_op.create_index(batch_op.f('ix_orders_wave'), ['wave'], unique=False)
        batch_op.create_index('orders_to_wave', ['status', 'cut_off_utc_s', 'order_no'], unique=False)

    op.create_table('parcel',
    sa.Column('grant_id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('label', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('order_no', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('station', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('verification', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('granted_utc_ns', sa.BigInteger(), nullable=False),
    sa.Column('released_utc_ns', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('grant_id')
    )
    with op.batch_alter_table('parcel', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_parcel_label'), ['label'], unique=False)

    op.create_table('pick',
    sa.Column('pick_id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('order_no', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('line_no', sa.Integer(), nullable=False),
    sa.Column('wave', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('zone', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('location_id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('sku', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('asked', sa.Integer(), nullable=False),
    sa.Column('picked', sa.Integer(), nullable=False),
    sa.Column('tote_id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('sequence', sa.Integer(), nullable=False),
    sa.Column('status', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('done_utc_ns', sa.BigInteger(), nullable=False),
    sa.CheckConstraint('asked >= 1'),
    sa.PrimaryKeyConstraint('pick_id')
    )
    with op.batch_alter_table('pick', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_pick_order_no'), ['order_no'], unique=False)
        batch_op.create_index(batch_op.f('ix_pick_wave'), ['wave'], unique=False)
        batch_op.create_index('pick_zone_status', ['zone', 'status'], unique=False)

    op.create_table('product',
    sa.Column('sku', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('title', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.PrimaryKeyConstraint('sku')
    )
    op.create_table('scan_answer',
    sa.Column('scan_id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('verification', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('station', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('text', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('verdict', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.Column('answered_utc_ns', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('scan_id')
    )
    with op.batch_alter_table('scan_answer', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_scan_answer_verification'), ['verification'], unique=False)

    op.create_table('ticket',
    sa.Column('ticket', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('kind', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('stage', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('status', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('order_no', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('sku', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('station', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('verification', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('who', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('evidence', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('opened_utc_ns', sa.BigInteger(), nullable=False),
    sa.Column('closed_utc_ns', sa.BigInteger(), nullable=False),
    sa.Column('closed_by', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('closed_why', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.PrimaryKeyConstraint('ticket')
    )
    with op.batch_alter_table('ticket', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_ticket_kind'), ['kind'], unique=False)
        batch_op.create_index(batch_op.f('ix_ticket_order_no'), ['order_no'], unique=False)
        batch_op.create_index(batch_op.f('ix_ticket_status'), ['status'], unique=False)

    op.create_table('verification',
    sa.Column('verification', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('station', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('order_no', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('label', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('challenge', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('packer', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('state', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('counts', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('evidence', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('ticket', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('begun_utc_ns', sa.BigInteger(), nullable=False),
    sa.Column('ended_utc_ns', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('verification')
    )
    with op.batch_alter_table('verification', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_verification_order_no'), ['order_no'], unique=False)
        batch_op.create_index(batch_op.f('ix_verification_station'), ['station'], unique=False)

    op.create_table('wave',
    sa.Column('wave', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('status', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('released_utc_ns', sa.BigInteger(), nullable=False),
    sa.Column('cut_off_utc_s', sa.BigInteger(), nullable=False),
    sa.Column('orders', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('wave')
    )
    with op.batch_alter_table('wave', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_wave_status'), ['status'], unique=False)

def downgrade() -> None:
    
    with op.batch_alter_table('wave', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_wave_status'))

    op.drop_table('wave')
    with op.batch_alter_table('verification', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_verification_station'))
        batch_op.drop_index(batch_op.f('ix_verification_order_no'))

    op.drop_table('verification')
    with op.batch_alter_table('ticket', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_ticket_status'))
        batch_op.drop_index(batch_op.f('ix_ticket_order_no'))
        batch_op.drop_index(batch_op.f('ix_ticket_kind'))

    op.drop_table('ticket')
    with op.batch_alter_table('scan_answer', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_scan_answer_verification'))

    op.drop_table('scan_answer')
    op.drop_table('product')
    with op.batch_alter_table('pick', schema=None) as batch_op:
        batch_op.drop_index('pick_zone_status')
        batch_op.drop_index(batch_op.f('ix_pick_wave'))
        batch_op.drop_index(batch_op.f('ix_pick_order_no'))

    op.drop_table('pick')
    with op.batch_alter_table('parcel', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_parcel_label'))

    op.drop_table('parcel')
    with op.batch_alter_table('orders', schema=None) as batch_op:
        batch_op.drop_index('orders_to_wave')
        batch_op.drop_index(batch_op.f('ix_orders_wave'))
        batch_op.drop_index(batch_op.f('ix_orders_status'))

    op.drop_table('orders')
    op.drop_table('order_line')
    with op.batch_alter_table('node_store', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_node_store_node'))

    op.drop_table('node_store')
    op.drop_table('node')
    with op.batch_alter_table('location', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_location_zone'))
        batch_op.drop_index(batch_op.f('ix_location_sku'))

    op.drop_table('location')
    with op.batch_alter_table('journal', schema=None) as batch_op:
        batch_op.drop_index('journal_intent', sqlite_where=sa.text('counted'), postgresql_where=sa.text('counted'))
        batch_op.drop_index(batch_op.f('ix_journal_kind'))

    op.drop_table('journal')
    op.drop_table('desired_state')
    op.drop_table('dead_letter')
    op.drop_table('command_done')
    with op.batch_alter_table('barcode', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_barcode_sku'))

    op.drop_table('barcode')
    op.drop_table('badge')
    op.drop_table('alarm')
    
