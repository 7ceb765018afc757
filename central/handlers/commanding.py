"""A command: counted once by its key, decided, replied to, journalled."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import msgspec

from central.handlers import counting, deciding, holding, importing, label_papers, releasing, resolving
from central.handlers.intake import CommandIn, ToClient
from central.handlers.saying import Words, no
from central.handlers.site import Site, Turn
from central.store import desk
from wire import commands
from wire.codec import decode_reply, encode
from wire.commands import Reply

_HANDLERS: Final[Mapping[type, Callable[[Turn, Any], Reply]]] = {
    commands.ImportOrders: importing.import_orders,
    commands.ImportCatalogue: importing.import_catalogue,
    commands.ImportLocations: importing.import_locations,
    commands.ImportBadges: importing.import_badges,
    commands.ImportLabels: label_papers.import_labels,
    commands.VoidLabel: label_papers.void_label,
    commands.ImportLots: importing.import_lots,
    commands.CountPlace: counting.count_place,
    commands.PlanWave: releasing.plan_wave,
    commands.CancelOrder: deciding.cancel_order,
    commands.HoldOrder: holding.hold_order,
    commands.ResolveTicket: resolving.resolve_ticket,
    commands.HandOver: deciding.hand_over,
}


def take_command(site: Site, given: CommandIn) -> ToClient:
    """Do it once; the same key again gets the same reply."""
    command = given.command
    known = desk.reply_given(site.database, command.key)
    if known is not None:
        return ToClient(command.client, decode_reply(known))
    turn = Turn(site, given.received_utc_ns)
    try:
        with site.database.savepoint():
            reply = _do(turn, command)
    except site.database.item_errors as error:
        site.forget_item()
        words = Words(f"could not be done: {error}. Nothing was changed", f"无法执行：{error}，没有任何改动")
        reply = no(command.key, words)
    return ToClient(command.client, reply)


def _do(turn: Turn, command: commands.AnyCommand) -> Reply:
    reply = _HANDLERS[type(command)](turn, command)
    kind = str(command.__struct_config__.tag)
    if reply.done:
        record = msgspec.json.encode({"command": _journalled(command), **turn.effects})
        turn.site.journal.add_own(f"command:{command.key}", kind, record, turn.now_utc_ns)
    desk.keep_reply(turn.database, command.key, kind, encode(reply), turn.now_utc_ns)
    return reply


def _journalled(command: commands.AnyCommand) -> commands.AnyCommand:
    """What the journal keeps of it: of label documents, which carry people's addresses, only their digests."""
    if not isinstance(command, commands.ImportLabels):
        return command
    bare = tuple(msgspec.structs.replace(new, body=b"") for new in command.labels)
    return msgspec.structs.replace(command, labels=bare)
