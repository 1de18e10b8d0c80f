"""The demo: one month of payables of an invented firm, played between both emulators.

It plays the people and the bank, and reads the books afterwards. The engine is a process of its
own that knows nothing of it.
"""
