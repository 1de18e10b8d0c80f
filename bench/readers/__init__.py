"""Programs that read every row of a service and say how long it took, a program a client.

Each drives its client as that client's own documentation does, for whole sets: it follows next
links where the client does, and turns pages by `$skip` where it leaves that to its user. All
select all thirty fields.
"""
