"""Private text is encrypted, and found again by its hash."""

import pytest

from kernel.sealed import digest, seal, unseal


def test_what_is_sealed_is_read_back_and_says_nothing(settings):
    settings.CONTACT_KEYS = ["one"]
    sealed = seal("13900000000")
    assert unseal(sealed) == "13900000000"
    assert b"139" not in sealed
    assert seal("13900000000") != sealed  # equal texts are not recognised
    assert (seal(""), unseal(b""), unseal(memoryview(sealed))) == (b"", "", "13900000000")


def test_keys_can_be_changed(settings):
    settings.CONTACT_KEYS = ["old"]
    sealed, hashed = seal("x"), digest("x", "code")
    settings.CONTACT_KEYS = ["new", "old"]
    assert (unseal(sealed), digest("x", "code")) == ("x", hashed)
    settings.CONTACT_KEYS = ["new"]
    with pytest.raises(ValueError, match="CONTACT_KEYS"):
        unseal(sealed)


def test_altered_bytes_are_refused():
    sealed = bytearray(seal("x"))
    sealed[20] ^= 1
    with pytest.raises(ValueError, match="altered"):
        unseal(bytes(sealed))


def test_hashes_have_a_purpose():
    assert digest("x", "code") != digest("x", "phone")
