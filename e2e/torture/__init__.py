"""The fault kit: many devices, one server, and everything that can go wrong between them.

`python -m e2e.torture --help` says how to run it. Where to read on, in this order: faults.py, what
goes wrong; world.py, who is there; schedule.py, what they do; checks.py, what must hold in the end.
"""
