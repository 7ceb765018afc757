"""A grant is genuine only as it was signed, and only under the key that signed it."""

from __future__ import annotations

import base64

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from wire.errors import WireError
from wire.grant import Grant, SignedGrant, canonical
from wire.grants import is_genuine, public_key_text, read_public_key, sign

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER = Ed25519PrivateKey.from_private_bytes(bytes(32))
texts = st.text('abc01 -"\\\né中', min_size=1, max_size=12)
grants = st.builds(Grant, grant_id=texts, station=texts, order_no=texts, label=texts, challenge=texts)
few = settings(max_examples=40)
FIELDS = ("grant_id", "station", "order_no", "label", "challenge")


@few
@given(grants)
def test_what_central_signed_is_genuine_also_after_the_wire(grant: Grant) -> None:
    signed = msgspec.json.decode(msgspec.json.encode(sign(grant, KEY)), type=SignedGrant)
    assert is_genuine(signed, KEY.public_key())
    assert not is_genuine(signed, OTHER.public_key())


@few
@given(grants, st.sampled_from(FIELDS), texts)
def test_with_any_field_changed_it_is_not_genuine(grant: Grant, field: str, value: str) -> None:
    signed = sign(grant, KEY)
    other = msgspec.structs.replace(grant, **{field: value})
    assert is_genuine(msgspec.structs.replace(signed, grant=other), KEY.public_key()) == (other == grant)


@few
@given(grants, st.sampled_from(FIELDS), st.sampled_from(FIELDS))
def test_swapped_fields_are_not_genuine(grant: Grant, one: str, other: str) -> None:
    swapped = msgspec.structs.replace(grant, **{one: getattr(grant, other), other: getattr(grant, one)})
    assert is_genuine(SignedGrant(grant=swapped, signature=sign(grant, KEY).signature), KEY.public_key()) == (
        swapped == grant
    )


@few
@given(grants, st.integers(0, 63), st.integers(1, 255))
def test_with_any_bit_of_the_signature_changed_it_is_not_genuine(grant: Grant, at: int, mask: int) -> None:
    raw = bytearray(base64.b64decode(sign(grant, KEY).signature))
    raw[at] ^= mask
    assert not is_genuine(SignedGrant(grant=grant, signature=base64.b64encode(raw).decode()), KEY.public_key())


@few
@given(grants, st.text(max_size=128))
def test_no_text_in_place_of_a_signature_crashes_the_check(grant: Grant, text: str) -> None:
    assert not is_genuine(SignedGrant(grant=grant, signature=text), KEY.public_key())


@few
@given(grants, grants)
def test_two_grants_never_have_the_same_bytes(one: Grant, other: Grant) -> None:
    assert (canonical(one) == canonical(other)) == (one == other)


def test_the_key_text_is_read_back() -> None:
    text = public_key_text(KEY.public_key())
    assert public_key_text(read_public_key(f"{text}\n")) == text


@pytest.mark.parametrize("text", ["", "AAAA", "not base64!", "é" * 44])
def test_other_text_is_no_key(text: str) -> None:
    with pytest.raises(WireError, match="grant_public_key: not the base64 of 32 bytes"):
        read_public_key(text)
