"""Receiving BILL's notifications: signed, each handled once, gaps closed from the history."""
