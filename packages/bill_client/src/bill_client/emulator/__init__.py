"""A stateful emulator of BILL v3's accounts payable side, to test against.

Built from `bill.md`; what that marks unverified is a setting here. It never imports the client:
they meet on the wire only.
"""
