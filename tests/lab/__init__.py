"""The laboratory: a real directory, a real SMS gateway, a telephone, and the house.

The demo and every system test stand on these modules.  Nothing in here is a mock:
slapd and Kannel are the ones that organisations run, started privately, on
loopback, in a folder of their own.
"""
